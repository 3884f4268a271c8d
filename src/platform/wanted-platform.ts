import {nearestName} from '../lib/nearest.ts'
import {fail, type Result} from '../lib/result.ts'
import {findMalformedPlatform, formatPlatform, LINUX_ARCHITECTURES, type Platform, parsePlatform} from './index.ts'

const SYSTEMS = ['linux', 'windows', 'darwin', 'freebsd']
/** Letters that a mistake of writing changes: with more, another thing may be meant. */
const FARTHEST = 2

/**
 * A platform that the user asks for. One that no client matches is a mistake of writing where it is plain what was
 * meant: `linux/amd46`, `linux/armv7`. Any other may be in an index that somebody wrote by hand.
 */
export function parseWantedPlatform(text: string): Result<Platform> {
  const parsed = parsePlatform(text)
  if (!parsed.ok) return parsed
  const problem = findMalformedPlatform(parsed.value)
  if (problem === undefined) return parsed
  const meant = problem.meant ?? nearestPlatform(parsed.value)
  return meant === undefined
    ? parsed
    : fail(`${JSON.stringify(text)}: ${problem.reason}; did you mean ${formatPlatform(meant)}?`)
}

function nearestPlatform(platform: Platform): Platform | undefined {
  const os = SYSTEMS.includes(platform.os) ? platform.os : near(platform.os, SYSTEMS)
  const architecture = LINUX_ARCHITECTURES.includes(platform.architecture)
    ? platform.architecture
    : near(platform.architecture, LINUX_ARCHITECTURES)
  return os === undefined || architecture === undefined ? undefined : {...platform, os, architecture}
}

function near(written: string, names: readonly string[]): string | undefined {
  return written.length > FARTHEST ? nearestName(written, names, FARTHEST) : undefined
}
