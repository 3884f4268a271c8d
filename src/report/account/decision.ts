import {describe, type Identity, type Verdict} from '../../binary/index.ts'
import type {Obstacle, Step} from '../../exec/index.ts'
import {assertNever} from '../../lib/result.ts'

/** What was decided of a step, and why, in a few words. */
export function decisionOf({obstacle, verdict, node, role, maybe}: Step): string {
  const doubt = maybe === undefined ? '' : `; not certain: ${maybe.by.name} may have ${DOUBTS[maybe.grade]}`
  if (obstacle !== undefined) return `fails: ${describeObstacle(obstacle)}${doubt}`
  if (verdict !== undefined) return describeVerdict(verdict, role) + doubt
  if (node === undefined) return `nothing is there${doubt}`
  return `${ROLES[role]}${doubt}`
}

const DOUBTS = {made: 'made it', removed: 'removed it', mode: 'changed its mode', replaced: 'replaced it'} as const

const ROLES: Readonly<Record<Step['role'], string>> = {
  program: 'taken for a program',
  interpreter: 'the kernel starts it for the script',
  loader: 'the kernel starts it for the program',
  library: 'loaded',
  argument: 'read by the program before it, never executed by the kernel',
  setup: 'used by the engine before anything starts',
}

/** The kind of file, and nothing of what is in it. */
export function natureOfFile(identity: Identity): string {
  const {kind} = identity
  // Their descriptions quote them.
  return kind === 'text' || kind === 'json' || kind === 'markup' ? kind : describe(identity)
}

function describeVerdict(verdict: Verdict, role: Step['role']): string {
  switch (verdict.fit) {
    case 'native':
      return role === 'library' ? 'loaded: a library of this platform' : 'starts: a program of this platform'
    case 'compat':
      return `${verdict.level}: ${verdict.actual}, expected ${verdict.expected}; ${verdict.reason}`
    case 'foreign':
      return `fails: ${verdict.actual}, expected ${verdict.expected}${verdict.reason === undefined ? '' : `; ${verdict.reason}`}`
    case 'wrong-os':
      return `fails: a program of ${verdict.os}; ${verdict.reason}`
    case 'script': {
      const argument = verdict.argument === undefined ? '' : ' and one argument'
      return `a script: the kernel starts ${verdict.interpreter} with it${argument}`
    }
    case 'refused':
      return `fails: ${verdict.errno}; ${verdict.reason}`
    case 'crashes':
      return `fails: ${verdict.signal}; ${verdict.reason}`
    case 'undetermined':
      return `not known: ${verdict.reason}`
    default:
      return assertNever(verdict)
  }
}

/** All that an obstacle says, whatever its kind: its number, what it is, and its own fields by their names. */
function describeObstacle(obstacle: Obstacle): string {
  const {kind, errno, ...rest} = obstacle
  const fields = Object.entries(rest).map(([name, value]) => `${name} ${describeField(value)}`)
  return [`${kind}${errno === undefined ? '' : ` (${errno})`}`, ...fields].join('; ')
}

function describeField(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(describeField).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.values(value).map(describeField).join(' ')
}
