import {describe} from '../binary/index.ts'
import {chainPaths, type Rule} from './rule.ts'
import {addonFiles} from './support/addons.ts'
import {siblingOf} from './support/essential-files.ts'
import {foreignFiles, ROLES} from './support/foreign-files.ts'
import {unpairedFiles} from './support/unpaired-files.ts'

/**
 * An executable of another machine outside the startup chain: what other programs and shells of the image stand
 * on, and, where the whole image was scanned, every file that nothing explains. A script or `docker exec` finds it
 * out; a foreign base image shows by it.
 */
export const foreignExecutable: Rule = {
  id: 'foreign-executable',
  level: 'error',
  summary: 'An executable outside the startup chain is for another machine.',
  *checkPlatform({platform, name}) {
    const known = chainPaths(platform)
    const scanned = new Set(platform.scan?.foreign.map(({path}) => path))
    for (const file of platform.essential) {
      // A file of the chain is reported there; what the scan reports, or leaves aside, it reports as a whole.
      if (file.verdict.fit !== 'foreign' || known.has(file.node.path)) continue
      if (scanned.has(file.node.path)) continue
      const {expected, actual} = file.verdict
      const resolved = file.node.path === file.path ? '' : ` -> ${file.node.path}`
      const sibling = siblingOf(file, platform)
      if (sibling !== undefined && platform.scan !== undefined) continue
      yield {
        path: file.path,
        ...(sibling === undefined ? {} : {level: 'note' as const}),
        message:
          sibling === undefined
            ? `${file.path}${resolved} (${ROLES[file.role]}) is ${actual}, expected ${expected} (${name})`
            : `${file.path}${resolved} (${ROLES[file.role]}) is ${actual}, beside ${sibling.path} for ${name}`,
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
              fix: `Base the ${name} image on ${name}: pin base images to the digest of their index, and copy no root filesystem from another platform.`,
            }
          : {}),
      }
    }
    const {scan} = platform
    if (scan !== undefined) yield* foreignFiles({platform, scan, name, known, isOfAddon: addonFiles(platform)})
  },
  checkAll: unpairedFiles,
}
