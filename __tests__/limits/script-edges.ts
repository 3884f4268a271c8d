// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {expect} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {check, OverBudget} from '../../src/exec/budget.ts'
import {follow as followProgram} from '../../src/exec/follow/follow.ts'
import {newWalk} from '../../src/exec/follow/walk.ts'
import {readStartup} from '../../src/exec/index.ts'
import {EMPTY_WORLD} from '../../src/exec/world/world.ts'
import {DEFAULT_LIMITS, LIMITS, type LimitName, type Limits} from '../../src/lib/limits.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {type Edge, type Edges, FINE} from './edge.ts'

const native = executable(program({}))
const BASE = Object.fromEntries(
  ['sh', 'app', 'other', 'touch', 'cat', 'mkdir', 'date', 'env'].map(name => [`/bin/${name}`, native]),
)
/** Places that engines mount something over, or make something at. */
const MOUNTS = 13
const HEAD = '#!/bin/sh\n'
const END = '\nexec /bin/app\n'

/** Follows an entry script: fine where it is followed to /bin/app. */
async function follow(text: string, limits: Limits = DEFAULT_LIMITS, files: MemoryTree = {}): Promise<unknown> {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({entrypoint: ['/e.sh'], env: ['PATH=/bin', 'W=a']}),
    rootfs: memoryRootfs({...BASE, ...files, '/e.sh': executable(`${HEAD}${text}${END}`)}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    limits,
  })
  const starts = steps.some(({path, certainty}) => path === '/bin/app' && certainty === 'certain')
  if (undetermined !== undefined) return undetermined
  return starts ? FINE : 'the program is not reached'
}

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({length: count}, (_, at) => line(at)).join('\n')
/** Functions that call each other. */
const chain = (count: number) => `${lines(count, at => `f${at}() { f${at + 1}; }`)}\nf${count}() { :; }\n`
/** What is told of a limit that nobody can raise, and of others with how to do it. */
const told = (name: LimitName) => {
  const hint = LIMITS[name].raisable ? `; raise it with limits: ${name}=` : ')'
  return expect.stringContaining(`(limit ${name}${hint}`)
}
const edge = (name: LimitName, of: Omit<Edge, 'beyond'>): Edges => ({[name]: {...of, beyond: told(name)}})

/** The text is charged as a whole, with what each `eval` reads. */
const textOf = (amount: number): string => {
  const rest = amount - HEAD.length - END.length
  return `: ${'a'.repeat(rest - 2)}`
}

/** Starts one program more, after so many. */
async function startAfter(count: number): Promise<unknown> {
  const machine = {rootfs: memoryRootfs({'/app': native}), platform: {os: 'linux', architecture: 'amd64', variant: ''}}
  const before = {path: '/before', via: '', role: 'program', certainty: 'certain', hops: []} as const
  const walk = {...newWalk(machine, DEFAULT_LIMITS), steps: Array.from({length: count}, () => before)}
  const user = {uid: 0, gid: 0, groups: [], home: '/'}
  await followProgram(walk, {
    process: {argv: ['/app'], cwd: '/', env: new Map<string, string>(), user},
    ...{search: 'go', via: 'entrypoint', certainty: 'certain', from: undefined, depth: 0},
    ...{guarded: false, runsText: false, shallow: false, tolerated: false, umask: 0o22, world: EMPTY_WORLD},
  } as never)
  return walk.unknowns[0]?.reason ?? FINE
}

export const SCRIPT_EDGES: Edges = {
  // The last is the exec.
  ...edge('script-commands', {most: 50, look: (amount, limits) => follow(':\n'.repeat(amount - 1), limits)}),
  ...edge('script-nesting', {
    // The body of a function is a command, and so is what is in it.
    look: amount => follow(`${chain(28)}${amount > LIMITS['script-nesting'].most ? '{ { f0; }; }' : '{ f0; }'}`),
  }),
  ...edge('script-bytes', {
    most: 2000,
    look: (amount, limits) => follow('#'.padEnd(amount - HEAD.length - END.length, '#'), limits),
  }),
  ...edge('script-text', {most: 3000, look: (amount, limits) => follow(textOf(amount), limits)}),
  ...edge('script-value', {most: 100, look: (amount, limits) => follow(`X=${'a'.repeat(amount)}`, limits)}),
  ...edge('script-values', {
    most: 1000,
    step: 4000,
    // Each value is charged as often as it is made.
    look: (amount, limits) => follow(`X=${'a'.repeat(amount / 4)}`, limits),
  }),
  ...edge('script-words', {look: amount => follow(`set -- ${'a '.repeat(amount - 2)}`)}),
  ...edge('script-files', {
    most: 40,
    look: (amount, limits) =>
      follow(
        lines(amount, at => `touch /f${at}`),
        limits,
      ),
  }),
  ...edge('script-doubts', {
    most: 60,
    look: (amount, limits) =>
      follow(
        lines(amount - MOUNTS, at => `[ "$(date)" ] && : > /d${at}`),
        limits,
      ),
  }),
  ...edge('script-work', {
    most: 100_000,
    step: 900_000,
    look: (amount, limits) => follow(`X=aaaa\n${': ${X##*b}\n'.repeat(amount / 200)}`, limits),
  }),
  'script-rounds': {
    // More rounds may be none: what comes after is not certain to come.
    look: async amount => {
      const words = Array.from({length: amount}, (_, at) => `w${at}`).join(' ')
      return follow(`for X in ${words}; do Y=$X; done\n[ "$Y" = w${amount - 1} ] && exec /bin/app`)
    },
    beyond: expect.anything(),
  },
  ...edge('script-services', {
    look: async amount => {
      try {
        check('services', amount)
        return FINE
      } catch (thrown) {
        return thrown instanceof OverBudget ? thrown.message : thrown
      }
    },
  }),
  ...edge('start-steps', {look: startAfter}),
  ...edge('start-depth', {
    look: async amount => {
      // The script and the program are two of them.
      const names = Array.from({length: amount - 1}, () => 'env').join(' ')
      return follow(`exec ${names} /bin/app`)
    },
  }),
  ...edge('start-files', {
    most: 20,
    look: (amount, limits) =>
      follow(
        lines(amount - 2, at => `/bin/p${at}`),
        limits,
        programs(amount),
      ),
  }),
  'script-read-bytes': {
    look: amount =>
      follow('X=$(cat /text)\n[ "$X" ] && [ "${X%a}" != "$X" ] && exec /bin/app\nexit', DEFAULT_LIMITS, {
        '/text': ''.padEnd(amount, 'a'),
      }),
    beyond: expect.anything(),
  },
}

function programs(count: number): MemoryTree {
  return Object.fromEntries(Array.from({length: count}, (_, at) => [`/bin/p${at}`, native]))
}
