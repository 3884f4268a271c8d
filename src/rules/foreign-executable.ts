import {describe} from '../binary/index.ts'
import type {EssentialFile} from '../exec/index.ts'
import type {PlatformFacts} from '../facts.ts'
import {platformsOf, type Rule} from './rule.ts'

/**
 * An executable of another machine outside the startup chain: what other programs and shells of the image stand on. A script or `docker exec` finds it
 * out; a foreign base image shows by it.
 */
export const foreignExecutable: Rule = {
  id: 'foreign-executable',
  level: 'error',
  summary: 'An executable of another machine stands outside the startup chain.',
  *check(facts) {
    for (const {platform, at} of platformsOf(facts)) {
      const known = [...platform.startup.steps, ...(platform.healthcheck?.steps ?? [])].map(({node}) => node?.path)
      for (const file of platform.essential) {
        // What is in a chain has been told of there.
        if (file.verdict.fit !== 'foreign' || known.includes(file.node.path)) continue
        const {expected, actual} = file.verdict
        const resolved = file.node.path === file.path ? '' : ` -> ${file.node.path}`
        const sibling = siblingOf(file, platform)
        yield {
          ...at,
          path: file.path,
          ...(sibling === undefined ? {} : {level: 'note' as const}),
          message:
            sibling === undefined
              ? `${file.path}${resolved} (${NAMES[file.role]}) is ${actual}, expected ${expected} (${at.platform})`
              : `${file.path}${resolved} (${NAMES[file.role]}) is ${actual}, beside ${sibling.path} for ${at.platform}`,
          evidence: {
            path: file.path,
            resolved: file.node.path,
            role: file.role,
            kind: describe(file.identity),
            expected,
            actual,
            links: file.hops.map(hop => `${hop.path} -> ${hop.target}`),
          },
          ...(sibling === undefined
            ? {
                fix: `Base the ${at.platform} image on ${at.platform}: pin base images to the digest of their index, and copy no root filesystem from another platform.`,
              }
            : {}),
        }
      }
    }
  },
}

const NAMES: Readonly<Record<EssentialFile['role'], string>> = {
  shell: 'the shell',
  loader: 'a loader',
  libc: 'a C library',
}

/** A loader or library of this platform beside a foreign one: foreign programs are meant to be served too (multiarch). */
function siblingOf(file: EssentialFile, {essential}: PlatformFacts): EssentialFile | undefined {
  if (file.role === 'shell') return undefined
  return essential.find(
    ({role, verdict}) => role === file.role && (verdict.fit === 'native' || verdict.fit === 'crashes'),
  )
}
