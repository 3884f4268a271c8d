import {becomes, type Caller, type Handover, lacksProgram, refuse} from './handover.ts'
import {isFrom} from './versions.ts'
import {parse} from './wrap.ts'

const TASKSET = {short: 'acphV', long: ['all-tasks', 'cpu-list', 'pid', 'help', 'version']} as const

/** taskset(1), util-linux schedutils/taskset.c: a mask, then the program, which `--` is as well (2.38 to 2.42). */
export async function taskset(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(TASKSET, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  const has = (...names: string[]) => options.some(([name]) => names.includes(name))
  if (has('p', 'pid', 'h', 'V', 'help', 'version')) return []
  const [mask, ...rest] = words
  if (mask !== undefined && !has('c', 'cpu-list') && !/^[\da-fx,:-]+$/i.test(mask)) {
    return refuse(caller, `it takes ${JSON.stringify(mask)} for its mask`)
  }
  if (rest[0] === '--' && (caller.isApplet || isFrom(await versionOf(caller), [2, 43]) !== false)) return unsure(caller)
  return lacksProgram(caller, rest) ?? becomes(caller, rest)
}

const CHRT = {
  short: 'abdefiormpRvT:P:D:hV',
  long: ['all-tasks', 'batch', 'deadline', 'fifo', 'idle', 'max', 'other', 'pid', 'rr', 'reset-on-fork', 'verbose'],
} as const

/** Policies that have no priority but 0. */
const PLAIN = /^([obide]|other|batch|idle|deadline|ext)$/

/**
 * chrt(1), util-linux schedutils/chrt.c: a priority, then the program. Since 2.42 the policies that have none may stand
 * without one; a `--` behind it is the program in 2.38, and no word of the program's since 2.41.
 */
export async function chrt(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(CHRT, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  if (options.some(([name]) => /^([pmhV]|pid|max)$/.test(name))) return []
  const [priority, ...rest] = words
  if (priority === undefined) return lacksProgram(caller, []) ?? []
  const isPlain = options.some(([name]) => PLAIN.test(name))
  const isNumber = /^\d+$/.test(priority)
  if (isNumber && Number(priority) === 0 && !isPlain) {
    return refuse(caller, 'without -o, -b or -i it takes priorities from 1')
  }
  const takesNone = isNumber || !isPlain ? false : isFrom(await versionOf(caller), [2, 42])
  if (takesNone === undefined) {
    return [{kind: 'unknown', reason: `whether ${caller.name} wants a priority depends on its version`}]
  }
  if (!isNumber && !takesNone) return refuse(caller, `it takes ${JSON.stringify(priority)} for its priority`)
  const program = isNumber ? rest : words
  const lacking = lacksProgram(caller, program)
  if (lacking) return lacking
  if (program[0] !== '--') return becomes(caller, program)
  const version = caller.isApplet ? undefined : await versionOf(caller)
  if (isFrom(version, [2, 41])) return becomes(caller, program.slice(1))
  return isFrom(version, [2, 39]) === false ? becomes(caller, program) : unsure(caller)
}

async function versionOf(caller: Caller): Promise<readonly number[] | undefined> {
  const found = await caller.version()
  return found?.name === 'util-linux' ? found.version : undefined
}

function unsure({name}: Caller): readonly Handover[] {
  return [{kind: 'unknown', reason: `whether ${name} takes "--" there for the program depends on its version`}]
}
