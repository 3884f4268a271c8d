import type {Rule} from './rule.ts'
import {evidenceNotThere, notThere, reasonNotThere} from './support/missing-path.ts'
import {missingLoaders} from './support/path-libraries.ts'

/**
 * A script's interpreter, or a program's loader, is not in the image: the file is
 * there, and the kernel says "no such file".
 */
export const missingInterpreter: Rule = {
  id: 'missing-interpreter',
  level: 'error',
  summary: 'The script’s interpreter or the program’s loader is not in the image.',
  checkStep({step, steps}) {
    const missing = notThere(step)
    if (missing === undefined || (step.role !== 'interpreter' && step.role !== 'loader')) return undefined
    const user = step.from === undefined ? undefined : steps[step.from]
    const cause = missing.kind === 'missing' && missing.cause !== undefined ? `: ${missing.cause}` : ''
    return {
      path: user?.path ?? step.path,
      message: `${step.path} (${step.via}) ${reasonNotThere(step.path, missing)}${cause}`,
      evidence: {...evidenceNotThere(step, missing), role: step.role},
      fix:
        step.role === 'loader'
          ? `Link ${user?.path ?? 'the program'} statically, or base the image on the C library that it was linked for (${step.path}).`
          : `Install ${step.path} in the image, or name an interpreter that is there in the first line of ${user?.path ?? 'the script'}.`,
    }
  },
  checkPlatform: ({platform}) => missingLoaders(platform),
}
