import type {ImageFacts, PlatformFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform, normalisePlatform} from '../platform/index.ts'
import {chainPaths, type Rule} from './rule.ts'
import {unfollowedLibraries} from './support/path-libraries.ts'

/** The chain of programs could not be followed further, or a Dockerfile makes no sense to the builder. */
export const undetermined: Rule = {
  id: 'undetermined',
  level: 'warning',
  summary: 'The chain of programs that start, or a Dockerfile, could not be followed further.',
  *checkPlatform({platform}) {
    // What is said of these depends on the platforms beside them.
    if (isOfOtherSystem(platform)) return
    const {startup, healthcheck} = platform
    const {unknowns, argv, steps} = startup
    for (const {reason, from} of unknowns) {
      const path = from === undefined ? undefined : steps[from]?.path
      yield {...defined({path}), message: reason, evidence: {argv, reason}}
    }
    for (const {path, beyond = []} of platform.programs) {
      for (const reason of beyond) {
        const message = `what ${path} says of its system and processor is not all known: ${reason}`
        yield {path, message, evidence: {argv, reason}}
      }
    }
    yield* unfollowedLibraries(platform)
    const known = chainPaths(platform)
    for (const {path, node, beyond} of platform.essential) {
      // Of a loader of the chain the same was said there.
      if (beyond === undefined || known.has(node.path)) continue
      const message = `where ${path} looks for libc.so.6 is not known: ${beyond}`
      yield {path, message, evidence: {reason: beyond}}
    }
    // A health check that cannot be followed keeps no container from starting.
    for (const {reason} of healthcheck?.unknowns ?? []) {
      const evidence = {argv: healthcheck?.argv ?? [], reason}
      yield {level: 'note', message: `HEALTHCHECK: ${reason}`, evidence}
    }
  },
  *checkAll({images, dockerfiles = []}) {
    for (const {file, parsed, lint} of dockerfiles) {
      const refused = parsed.ok ? (lint?.refused ?? []) : [parsed]
      for (const {line, problem} of refused) {
        yield {file, line, endLine: line, message: `BuildKit rejects it: ${problem}`, evidence: {problem}}
      }
    }
    for (const {reference, root} of images) {
      for (const {platform, descriptor, notIn} of root.absent ?? []) {
        const name = formatPlatform(platform)
        yield {
          image: reference,
          platform: name,
          level: 'note',
          message: `${name} is in the index, but the ${notIn} does not have it: it was not checked`,
          evidence: {digest: descriptor.digest},
        }
      }
    }
    for (const image of images) {
      for (const platform of image.platforms.filter(isOfOtherSystem)) {
        const {unknowns, argv} = platform.startup
        const level = isBeside(image, platform) ? {level: 'note' as const} : {}
        const at = {image: image.reference, platform: formatPlatform(platform.entry.platform)}
        for (const {reason} of unknowns) yield {...at, ...level, message: reason, evidence: {argv, reason}}
      }
    }
  },
}

function isOfOtherSystem({entry}: PlatformFacts): boolean {
  return normalisePlatform(entry.platform).os !== 'linux'
}

/** A platform of another system that nobody asked for, beside one of linux: Windows, or WebAssembly. */
function isBeside({required, platforms}: ImageFacts, platform: PlatformFacts): boolean {
  return required === undefined && isOfOtherSystem(platform) && !platforms.every(isOfOtherSystem)
}
