import {defined} from '../lib/defined.ts'
import type {Rule} from './rule.ts'
import {evidenceNotThere, keepInPlace, notThere, reasonNotThere} from './support/missing-path.ts'
import {missingLoaders} from './support/path-libraries.ts'
import {describeStandIn} from './support/stand-in.ts'

/**
 * A script's interpreter, or a program's loader, is not in the image: the file is
 * there, and the kernel says "no such file".
 */
export const missingInterpreter: Rule = {
  id: 'missing-interpreter',
  level: 'error',
  summary: 'The script’s interpreter or the program’s loader is not in the image.',
  checkStep({step, steps, platform}) {
    const missing = notThere(step)
    if (missing === undefined || (step.role !== 'interpreter' && step.role !== 'loader')) return undefined
    const user = step.from === undefined ? undefined : steps[step.from]
    const cause = missing.kind === 'missing' && missing.cause !== undefined ? `: ${missing.cause}` : ''
    const known = missing.kind === 'missing' ? platform.standIns?.get(missing.at) : undefined
    const standIn = known && describeStandIn(step.path, known)
    return {
      path: user?.path ?? step.path,
      message: `${step.path} (${step.via}) ${reasonNotThere(step.path, missing)}${cause}${standIn?.clause ?? ''}`,
      evidence: {...evidenceNotThere(step, missing), role: step.role, ...standIn?.evidence},
      ...defined({layer: standIn?.layer}),
      fix:
        standIn?.fix ??
        keepInPlace(missing) ??
        (step.role === 'loader'
          ? `Link ${user?.path ?? 'the program'} statically, or base the image on the C library that it was linked for (${step.path}).`
          : `Install ${step.path} in the image, or name an interpreter that exists in the first line of ${user?.path ?? 'the script'}.`),
    }
  },
  checkPlatform: ({platform}) => missingLoaders(platform),
}
