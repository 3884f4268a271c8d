import {defined} from '../../lib/defined.ts'
import type {Limits} from '../../lib/limits.ts'
import type {Machine} from '../execve.ts'
import type {Process} from '../resolved-path.ts'
import type {Certainty, Step, Unknown} from '../steps.ts'
import type {BusyboxFiles} from '../wrappers/busybox-file.ts'

/** What is found out on the way, in order. */
export interface Walk {
  readonly machine: Machine
  readonly limits: Limits
  readonly steps: Step[]
  readonly unknowns: Unknown[]
  readonly passedOver: Unknown[]
  /** The files of all steps, of those that were taken back as well. */
  readonly files: Set<string>
  /** Processes that are being followed: one that starts itself again is not followed a second time. */
  readonly active: Set<string>
  /** Each is read once. */
  readonly busyboxFiles: BusyboxFiles
  /** By process: its first step and its last, which what it hands over to comes from. */
  readonly started: Map<string, {readonly first: number; readonly last: number}>
  readonly onStart: OnStart
}

/** A program that starts: its file behind all symlinks, and the process that it then is. */
export type OnStart = (path: string, process: Process) => void

export function newWalk(machine: Machine, limits: Limits, onStart: OnStart = () => undefined): Walk {
  const found = {steps: [], unknowns: [], passedOver: [], files: new Set<string>(), active: new Set<string>()}
  return {machine, limits, onStart, busyboxFiles: new Map(), started: new Map(), ...found}
}

/** A step that is there already, from another round of a loop, is not reported twice. */
export function add(walk: Walk, step: Step): number {
  const keyOf = (one: Step) => [one.path, one.role, one.via, one.from, one.obstacle?.kind].join('\0')
  const key = keyOf(step)
  const known = walk.steps.findIndex(
    one => keyOf(one) === key && isSameContent(one, step) && sameWords(one.argv, step.argv),
  )
  if (known >= 0) {
    const before = walk.steps[known]
    if (before && weightOf(step) > weightOf(before)) walk.steps[known] = step
    return known
  }
  walk.steps.push(step)
  walk.files.add(step.node?.path ?? step.path)
  return walk.steps.length - 1
}

type Content = {readonly [key in 'node' | 'identity']?: Step[key] | undefined}

/** Whether nothing has put another file in its place, as far as steps tell. */
export function isSameContent(one: Content | undefined, other: Content): boolean {
  const [a, b] = [one, other].map(file => [file?.node?.path, file?.node?.size, file?.identity?.kind].join('\0'))
  return a === b
}

/** How much hangs on a step: what is only looked at, or may fail, counts for less. */
export function weightOf({certainty, accepted}: {readonly certainty: Certainty; readonly accepted?: boolean}): number {
  return accepted ? 0 : certainty === 'likely' ? 1 : 2
}

export function note(walk: Walk, from: number | undefined, reason: string): void {
  addOnce(walk.unknowns, from, reason)
}

/** Keeps what is passed over in silence. */
export function passOver(walk: Walk, from: number | undefined, reason: string): void {
  addOnce(walk.passedOver, from, reason)
}

function addOnce(all: Unknown[], from: number | undefined, reason: string): void {
  if (!all.some(one => one.from === from && one.reason === reason)) all.push({...defined({from}), reason})
}

function sameWords(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
