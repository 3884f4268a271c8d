import type {ImageFacts, PlatformFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform, normalisePlatform} from '../platform/index.ts'
import {platformsOf, type Rule} from './rule.ts'

/** The chain of programs could not be followed further, or a Dockerfile makes no sense to the builder. */
export const undetermined: Rule = {
  id: 'undetermined',
  level: 'warning',
  summary: 'The chain of programs that start, or a Dockerfile, could not be followed further.',
  *check(facts) {
    for (const {file, parsed, lint} of facts.dockerfiles ?? []) {
      const refused = parsed.ok ? (lint?.refused ?? []) : [parsed]
      for (const {line, problem} of refused) {
        yield {file, line, endLine: line, message: `the builder does not take it: ${problem}`, evidence: {problem}}
      }
    }
    for (const {reference, root} of facts.images) {
      for (const {platform, descriptor} of root.absent ?? []) {
        const name = formatPlatform(platform)
        yield {
          image: reference,
          platform: name,
          level: 'note',
          message: `${name} is in the index, and not among what the daemon holds of it: it is not checked`,
          evidence: {digest: descriptor.digest},
        }
      }
    }
    for (const {image, platform, at} of platformsOf(facts)) {
      const {unknowns, argv, steps} = platform.startup
      for (const {reason, from} of unknowns) {
        const path = from === undefined ? undefined : steps[from]?.path
        yield {
          ...at,
          ...(isBeside(image, platform) ? {level: 'note' as const} : {}),
          ...defined({path}),
          message: reason,
          evidence: {argv, reason},
        }
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

/** A platform of another system that nobody asked for, beside one of linux: Windows, or WebAssembly. */
function isBeside({required, platforms}: ImageFacts, {entry}: PlatformFacts): boolean {
  const isLinux = (one: PlatformFacts): boolean => normalisePlatform(one.entry.platform).os === 'linux'
  return required === undefined && normalisePlatform(entry.platform).os !== 'linux' && platforms.some(isLinux)
}
