import type {Rule} from './rule.ts'
import {dockerfileViolations} from './support/dockerfile-violations.ts'

/** A constant `--platform`, `GOARCH=amd64`, a download or a file for one architecture. */
export const hardcodedPlatform: Rule = {
  id: 'hardcoded-platform',
  level: 'warning',
  summary: 'A Dockerfile names one platform or architecture where several are built.',
  check: facts => dockerfileViolations(facts, 'hardcoded-platform', 'warning'),
}
