import type {Step} from '../../exec/index.ts'
import type {PlatformFacts} from '../../facts/facts.ts'
import {LEVELS, type Level} from '../finding.ts'
import {siblingOf} from './essential-files.ts'
import {foreignLevel} from './foreign-files.ts'
import {notProgramLevel} from './path-programs.ts'

/**
 * The level of a step's file by its place in the image alone, whoever starts it; undefined where its place is no
 * matter. Nothing that a script or a HEALTHCHECK does with a file makes it less wrong: a finding on a step takes the
 * graver of both levels.
 */
export function standingLevel(platform: PlatformFacts, {node}: Step): Level | undefined {
  return node === undefined ? undefined : levelsOf(platform).get(node.path)
}

export function graver(a: Level | undefined, b: Level): Level {
  return LEVELS.find(level => level === a || level === b) ?? b
}

function levelsOf(platform: PlatformFacts): ReadonlyMap<string, Level> {
  const {essential, scan} = platform
  const foreign = essential.filter(file => file.verdict.fit === 'foreign' && siblingOf(file, platform) === undefined)
  return new Map<string, Level>([
    ...foreign.map(({node}) => [node.path, 'error'] as const),
    ...(scan?.foreign ?? []).map(file => [file.path, foreignLevel(file)] as const),
    ...(scan?.notPrograms ?? []).map(file => [file.path, notProgramLevel(file)] as const),
  ])
}
