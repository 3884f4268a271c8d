import {type Platform, parsePlatform} from '../../src/platform/index.ts'

/** The platform that a test names; a bad name fails the test. */
export function platform(text: string): Platform {
  const result = parsePlatform(text)
  if (!result.ok) throw new Error(result.problem)
  return result.value
}
