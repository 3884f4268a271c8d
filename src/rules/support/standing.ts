import type {Step} from '../../exec/index.ts'
import type {Facts, PlatformFacts} from '../../facts/facts.ts'
import {LEVELS, type Level} from '../finding.ts'
import {siblingOf} from './essential-files.ts'
import {foreignLevel} from './foreign-files.ts'
import {notProgramLevel} from './path-programs.ts'

/**
 * The level that a step's file has for where it stands in the image, whoever starts it;
 * undefined where its place is no matter.
 */
export type StandingLevel = (platform: PlatformFacts, step: Step) => Level | undefined

/**
 * The levels of files by their place alone. Nothing that a script or a HEALTHCHECK does with a file makes it less
 * wrong: a finding on a step takes the graver of both levels.
 */
export function standingLevels({images}: Pick<Facts, 'images'>): StandingLevel {
  const levels = new Map(
    images.flatMap(({platforms}) => platforms.map(platform => [platform, levelsOf(platform)] as const)),
  )
  return (platform, {node}) => (node === undefined ? undefined : levels.get(platform)?.get(node.path))
}

/** What a violation says of its level: the graver of the two; nothing where that is the rule's own, an error. */
export function atLeast(
  standing: Level | undefined,
  reached: {readonly level?: Level},
): {readonly level?: Exclude<Level, 'error'>} {
  const grave = LEVELS.find(level => level === standing || level === (reached.level ?? 'error'))
  return grave === undefined || grave === 'error' ? {} : {level: grave}
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
