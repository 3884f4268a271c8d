import {platformsOf, type Rule} from './rule.ts'

/** The chain of programs could not be followed further. */
export const undetermined: Rule = {
  id: 'undetermined',
  level: 'warning',
  summary: 'The chain of programs that start could not be followed further.',
  *check(facts) {
    for (const {platform, at} of platformsOf(facts)) {
      const {unknowns, argv, steps} = platform.startup
      for (const {reason, from} of unknowns) {
        const path = from === undefined ? undefined : steps[from]?.path
        yield {...at, ...(path === undefined ? {} : {path}), message: reason, evidence: {argv, reason}}
      }
      // A health check that cannot be followed keeps no container from starting.
      for (const {reason} of platform.healthcheck?.unknowns ?? []) {
        yield {
          ...at,
          level: 'note',
          message: `HEALTHCHECK: ${reason}`,
          evidence: {argv: platform.healthcheck?.argv ?? [], reason},
        }
      }
    }
  },
}
