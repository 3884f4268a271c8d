import {defined} from '../../lib/defined.ts'
import {ENTRY} from '../budget.ts'
import {soughtBy} from '../process-variables.ts'
import type {Process} from '../resolved-path.ts'
import type {Certainty} from '../steps.ts'
import {alternativeWords} from '../world/alternative-words.ts'
import type {Outcome} from '../world/call.ts'
import {unknownEffect} from '../world/commands/index.ts'
import {joinWorlds} from '../world/join-worlds.ts'
import {joinValues, type Value} from '../world/value.ts'
import {viewWorld} from '../world/view.ts'
import type {World} from '../world/world.ts'
import {type Handover, type Runner, refuse} from '../wrappers/handover.ts'
import type {Words} from './words.ts'

/** A program of execline at work: it does its own, and becomes what stands behind it on its command line. */
export interface Chain {
  /** `foreground` */
  readonly name: string
  readonly runner: Runner
  readonly process: Process
  /** What stands behind its own name. */
  readonly words: Words
}

/**
 * What hangs on a program that is started. `all`: it and what it comes to. `start`: only that it can be started, which
 * ends the chain where it cannot (exit code 111). `perhaps`: that, and of what it comes to it is not known. `nothing`:
 * the chain goes on whatever happens.
 */
export type Need = 'all' | 'start' | 'perhaps' | 'nothing'

/** A program to start: the rest of the command line, or a block of it. */
export interface Next {
  readonly words: Words
  readonly as: 'argument' | 'block'
  readonly need?: Need
  readonly certainty?: Certainty
  /** The chain goes on when it has ended. */
  readonly isFollowed?: boolean
  /** It may be another way that is gone. */
  readonly guarded?: boolean
  /** With what it runs; it is looked for in the PATH of the one that starts it. */
  readonly process?: Process
  readonly world?: World
  readonly umask?: number | undefined
  /** What it reads from standard input; the chain's own where this is absent. */
  readonly input?: {readonly value: Value | undefined}
}

/**
 * Starts the next program, as execvp(3) finds it. A command line without words is a success; of a block without words
 * 2.9.3 makes one as well, and 2.9.9 a failure.
 */
export async function startNext(chain: Chain, next: Next): Promise<Outcome> {
  const {runner} = chain
  const world = next.world ?? runner.view.world
  if (next.words.length === 0) return {world, status: next.as === 'block' ? 'unknown' : 'success', output: ''}
  const ways = alternativeWords(next.words)
  if (ways)
    return eitherOf(
      chain,
      world,
      ways.map(words => guarded => {
        // An unknown name is reported as if it were the only one.
        const isGuarded = typeof words[0] === 'string' ? guarded : next.guarded === true
        return startNext(chain, {...next, words, guarded: isGuarded})
      }),
    )
  world.budget?.charge('commands', 1)
  world.budget?.charge('work', ENTRY * (next.words.length + chain.process.env.size))
  const [name] = next.words
  const isUnknown = typeof name !== 'string'
  if (isUnknown && (next.guarded || next.need === 'nothing')) return anything(chain, world)
  if (isUnknown) {
    const reason = `${chain.name} starts ${name?.unknown.trimStart()}, which only the run knows`
    await runner.run({kind: 'unknown', reason}, world)
    return anything(chain, world)
  }
  return runner.run(handoverOf(chain, next), world)
}

/** It may have done anything. */
function anything({runner}: Chain, world: World): Outcome {
  return unknownEffect({...runner, view: viewWorld(runner.view.image, world)})
}

function handoverOf(chain: Chain, next: Next): Handover {
  const {words, as, need = 'all', certainty = 'certain', guarded = false, process = chain.process} = next
  const {runner} = chain
  const firstUnknown = words.findIndex(word => typeof word !== 'string')
  const unknown = words[firstUnknown]
  const {
    process: {unknownWord: _, ...sought},
    ...found
  } = soughtBy(chain.process, process)
  const input = next.input ? next.input.value : runner.input
  return {
    kind: 'program',
    process: {
      ...sought,
      argv: words.slice(0, firstUnknown < 0 ? words.length : firstUnknown).filter(word => typeof word === 'string'),
      ...(typeof unknown === 'object' ? {unknownWord: unknown.unknown.trimStart()} : {}),
    },
    search: 'execvp',
    via: `${as} of ${chain.name}`,
    certainty: need === 'nothing' ? 'likely' : certainty,
    guarded,
    runsText: false,
    shallow: need !== 'all',
    tolerated: need === 'nothing',
    isChain: true,
    ...(need !== 'all' || next.isFollowed ? {isFollowed: true} : {}),
    ...(need === 'start' ? {rest: 'tolerated'} : need === 'perhaps' ? {rest: 'likely'} : {}),
    umask: 'umask' in next ? next.umask : runner.umask,
    words,
    ...defined({input}),
    ...found,
  }
}

/** Follows several ways of which one is what happens: only what all come to is certain. */
export async function eitherOf(
  {runner}: Chain,
  world: World,
  ways: readonly ((guarded: boolean) => Promise<Outcome>)[],
): Promise<Outcome> {
  const outcomes: Outcome[] = []
  await runner.oneOf(
    ways.map(way => async () => {
      outcomes.push(await way(true))
    }),
  )
  const [first, ...others] = outcomes
  if (!first) return {world, status: 'unknown'}
  const isSame = others.every(({status}) => status === first.status)
  return {
    world: others.reduce((joined, other) => joinWorlds(joined, other.world), first.world),
    status: isSame ? first.status : 'unknown',
    ...defined({output: others.every(({output}) => output === first.output) ? first.output : undefined}),
  }
}

/** Why a program of execline ends before it starts anything, or what it does cannot be followed. */
export class ChainProblem extends Error {
  override readonly name = 'ChainProblem'
  readonly kind: 'refused' | 'unknown'

  constructor(kind: 'refused' | 'unknown', reason: string) {
    super(reason)
    this.kind = kind
  }
}

/** Tells of a problem, and what comes of it. */
export async function tellProblem(chain: Chain, {kind, message}: ChainProblem): Promise<Outcome> {
  const {runner} = chain
  const {world} = runner.view
  let outcome: Outcome = {world, status: 'failure', output: ''}
  if (kind === 'refused') {
    for (const handover of refuse(chain, message)) outcome = await runner.run(handover, world)
    return outcome
  }
  await runner.run({kind: 'unknown', reason: `${chain.name} ${message}`}, world)
  return anything(chain, world)
}

/** What both print, one after the other; undefined where one is not known. */
export function bothOutputs(first: Value | undefined, second: Value | undefined): {readonly output?: Value} {
  return first === undefined || second === undefined ? {} : {output: joinValues([first, second])}
}
