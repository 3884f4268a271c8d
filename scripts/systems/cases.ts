import {seededRandom} from '../kernel/random.ts'
import {type DebianArch, USUAL_ARCHES} from './architectures.ts'
import {archesOf, type System} from './system.ts'

/** A system for the architectures that are checked in one index: the usual two, or any other one alone. */
export interface Case {
  readonly system: System
  readonly arches: readonly DebianArch[]
  /** Which of the ways to break it is this one's turn. */
  readonly turn: number
}

/** Which of them are wanted; the first that says anything counts. */
export interface Choice {
  readonly all: boolean
  /** Ids of systems. */
  readonly only: readonly string[]
  /** How many besides the base, by the seed. */
  readonly count: number
  readonly seed: number
}

/** The cases of these systems that are wanted, in the order of the systems. Throws where there is none of an id. */
export function chooseCases(systems: readonly System[], {all, only, count, seed}: Choice): readonly Case[] {
  const every = systems.flatMap(caseGroups).map((one, turn) => ({...one, turn}))
  if (all) return every
  if (only.length > 0) {
    const unknown = only.filter(id => !systems.some(system => system.id === id))
    if (unknown.length > 0) throw new Error(`there is no system ${unknown.join(', ')}`)
    return every.filter(({system}) => only.includes(system.id))
  }
  const random = seededRandom(seed)
  const pool = every.filter(({system}) => system.debian.length > 0 && system.large !== true)
  const chosen = every.filter(({system}) => system.id === 'base')
  for (let left = count; left > 0 && pool.length > 0; left -= 1) {
    chosen.push(...pool.splice(random.below(pool.length), 1))
  }
  return chosen
}

function caseGroups(system: System): readonly Omit<Case, 'turn'>[] {
  const arches = archesOf(system)
  if (!USUAL_ARCHES.every(usual => arches.includes(usual))) return arches.map(arch => ({system, arches: [arch]}))
  const others = arches.filter(arch => !USUAL_ARCHES.some(usual => usual === arch))
  return [{system, arches: USUAL_ARCHES}, ...others.map(arch => ({system, arches: [arch]}))]
}
