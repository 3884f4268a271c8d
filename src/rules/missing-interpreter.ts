import {platformsOf, type Rule, stepsOf} from './rule.ts'
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
  *check(facts) {
    for (const {step, steps, at, level} of stepsOf(facts)) {
      const missing = notThere(step)
      if (missing === undefined || (step.role !== 'interpreter' && step.role !== 'loader')) continue
      const user = step.from === undefined ? undefined : steps[step.from]
      const cause = missing.kind === 'missing' && missing.cause !== undefined ? `: ${missing.cause}` : ''
      yield {
        ...at,
        path: user?.path ?? step.path,
        ...level,
        message: `${step.path} (${step.via}) ${reasonNotThere(step.path, missing)}${cause}`,
        evidence: {...evidenceNotThere(step, missing), role: step.role},
        fix:
          step.role === 'loader'
            ? `Link ${user?.path ?? 'the program'} statically, or base the image on the C library that it was linked for (${step.path}).`
            : `Install ${step.path} in the image, or name an interpreter that is there in the first line of ${user?.path ?? 'the script'}.`,
      }
    }
    for (const {platform, at} of platformsOf(facts)) {
      for (const told of missingLoaders(platform)) yield {...at, ...told}
    }
  },
}
