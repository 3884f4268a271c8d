import type {Step} from '../../src/exec/index.ts'
import {groupStarts, type Start} from '../start-scripts/compare.ts'
import {MARK, readLabel} from '../start-scripts/stand-in.ts'
import type {Execution, Trace} from '../start-scripts/tracer.ts'
import type {Answer} from './model.ts'
import type {Disagreement} from './module.ts'

/*
 * What the model says of the programs of an init is held against all calls of execve(2) that a real run made.
 *
 *   certain, nothing wrong   the stand-in was started, with these words, unless what is not known before it ended all
 *   likely, nothing wrong    nothing
 *   an obstacle              that stand-in was not started with these words
 *   certain, an obstacle     such a call was made, and failed
 *   whatever was started     the model names it, with these words, unless it does not follow to the end
 *   whatever failed          the model names it, with what is wrong; a call for each directory of PATH is one
 */

const ENOEXEC = 8

/** Holds the programs that the model names to those of a run. */
export function compareStarts(
  {startup, processes}: Answer,
  trace: Trace,
  labels: ReadonlyMap<string, string>,
): readonly Disagreement[] {
  const starts = groupStarts(startup.steps)
  const really = new Set(trace.executions.flatMap(nameOfExecution))
  const isOpen = startup.unknowns.length > 0
  const isPassedOver = (startup.passedOver ?? []).length > 0
  const saw = `started: ${[...really].join('; ') || 'nothing'}; end: ${trace.outcome}`
  const problems: Disagreement[] = []
  const said = new Set<string>()
  // What only is started where a program ends well of which nothing is known: that one may have ended all.
  const firstUnknown = Math.min(...startup.unknowns.map(({from = -1}) => from))
  const mayBeBehindEnd = (step: Step) => /^[1-9]\d*$/.test(trace.outcome) && startup.steps.indexOf(step) > firstUnknown
  // Of which only the first words are known.
  const open = processes
    .filter(({process: {unknownWord}}) => unknownWord !== undefined)
    .map(({path, process: {argv}}) => nameOf(labels.get(path) ?? '', argv))
  const isOpenCall = (one: string) => open.some(start => one === start || one.startsWith(`${start} `))
  for (const start of starts) {
    const {step, parts, wrong} = start
    const label = labels.get(step.node?.path ?? '')
    const isSure = step.certainty === 'certain' && parts.every(({maybe}) => maybe === undefined)
    const about = `${step.path} ${JSON.stringify(step.argv)} (${step.via}${wrong === undefined ? '' : `: ${wrong}`}); ${saw}`
    const one = label === undefined ? undefined : nameOf(label, step.argv ?? [])
    if (wrong === undefined && one !== undefined) {
      said.add(one)
      const ran = really.has(one) || (open.includes(one) && [...really].some(isOpenCall))
      if (isSure && !ran && !mayBeBehindEnd(step)) problems.push({kind: 'it does not start, and is said to', about})
    }
    if (wrong === undefined) continue
    const isAlone = !starts.some(other => other.wrong === undefined && isSameCall(other, start))
    if (one !== undefined && isAlone && really.has(one)) problems.push({kind: 'it starts, and is said to fail', about})
    if (isSure && !trace.executions.some(({argv}) => isCallOf(argv, start)))
      problems.push({kind: 'it is not tried, and is said to fail', about})
  }
  if (isOpen || isPassedOver) return problems
  for (const one of really) {
    if (!said.has(one) && !isOpenCall(one))
      problems.push({kind: 'it starts, and nothing is said of it', about: `${one}; ${saw}`})
  }
  const isRefused = startup.steps.some(({obstacle}) => obstacle?.kind === 'refused-arguments')
  for (const argv of failedCalls(trace)) {
    // What has no name fails for the words of whoever starts it.
    if (isRefused && argv[0] === '') continue
    // A shell that was given a stand-in of another machine reads its label as a command.
    if (argv[0]?.startsWith(MARK)) continue
    const isSaid = starts.some(start => start.wrong !== undefined && isCallOf(argv, start))
    if (!isSaid) problems.push({kind: 'it fails, and nothing is said of it', about: `${JSON.stringify(argv)}; ${saw}`})
  }
  return problems
}

function nameOfExecution({errno, lastBytes, argv}: Execution): readonly string[] {
  const label = errno === 0 ? readLabel(lastBytes) : undefined
  return label === undefined ? [] : [nameOf(label, argv)]
}

function nameOf(label: string, argv: readonly string[]): string {
  return [label, ...argv.slice(1).map(word => JSON.stringify(word))].join(' ')
}

/**
 * The words of each call that failed in all directories; what is not a program may be run as a script. Of a process
 * that was ended with the run, the last call is not over: it may have found its program in another directory.
 */
function failedCalls({executions, outcome, ends}: Trace): readonly (readonly string[])[] {
  const calls = new Map<string, {readonly argv: readonly string[]; readonly failed: boolean}>()
  const last = new Map(executions.map(({pid, argv}) => [pid, JSON.stringify([pid, argv])]))
  for (const {pid, argv, errno} of executions) {
    const key = JSON.stringify([pid, argv])
    const failed = (calls.get(key)?.failed ?? true) && errno !== 0 && errno !== ENOEXEC
    calls.set(key, {argv, failed})
  }
  for (const [pid, key] of last) {
    const wasEnded = outcome === 'timeout' && !/^\d+$/.test(ends.get(pid) ?? '')
    // The same call of another process found it.
    const isFound = executions.some(one => one.errno === 0 && JSON.stringify([pid, one.argv]) === key)
    if (wasEnded && isFound) calls.delete(key)
  }
  const failed = [...calls.values()].filter(call => call.failed).map(({argv}) => JSON.stringify(argv))
  return [...new Set(failed)].map(argv => JSON.parse(argv) as string[])
}

/** Whether the words of a call are those of a start: the first is its name, or its whole path. */
function isCallOf(argv: readonly string[], {step}: Start): boolean {
  const [name, ...words] = step.argv ?? []
  // A dash before its name makes a login shell.
  const called = argv[0]?.replace(/^-(?=.)/, '')
  const isName = called === name || called === step.path || argv[0] === name
  return isName && words.length === argv.length - 1 && words.every((word, index) => argv[index + 1] === word)
}

function isSameCall({step: one}: Start, {step: other}: Start): boolean {
  return JSON.stringify(one.argv) === JSON.stringify(other.argv) && one.node?.path === other.node?.path
}
