import type {Startup, Step} from '../../src/exec/index.ts'
import {readLabel} from '../start-scripts/stand-in.ts'
import type {Trace} from '../start-scripts/tracer.ts'

/** How the model and what happened contradict each other. */
export interface Disagreement {
  /**
   * `it starts, and is said to fail`: a good image is stopped. `it fails, and is said to start`: a broken one passes.
   */
  readonly kind: string
  readonly about: string
}

/** What is started, as both sides tell it: the stand-in and the words that it got. */
interface Started {
  readonly label: string
  readonly words: string
}

export interface CommandFacts {
  /** The stand-in at a path. */
  readonly labelOf: (path: string) => string | undefined
  /** Whether more words come behind these, which only the run knows. */
  readonly isOpen: (argv: readonly string[]) => boolean
}

/** What this root does not have, and a container may: a terminal, a writable /proc, a directory that is mounted. */
const HINDERED =
  /set the controlling terminal|create pseudo-terminal|Read-only file system|setting membind|sched_set|set_mempolicy|tcsetpgrp|unable to (switch to directory|envdir)[^\n]*(does not exist|No such file)|no more ptys|open \/dev\/tty/

/** Whether the machine, and not the command line, decided: also where it was too busy to come to an end. */
export function isHindered({output, outcome}: Pick<Trace, 'output' | 'outcome'>): boolean {
  return outcome === 'busy' || HINDERED.test(output)
}

/**
 * Holds what the model says of a command line to what happened. It makes no claim where it says that something is
 * undetermined; nor where the program is refused by the kernel, of what comes after that.
 */
export function compare(
  startup: Startup,
  trace: Trace,
  {labelOf, isOpen: hasMore}: CommandFacts,
): readonly Disagreement[] {
  const really = trace.executions.flatMap(({errno, lastBytes, argv}): Started[] => {
    const label = errno === 0 ? readLabel(lastBytes) : undefined
    return label === undefined ? [] : [{label, words: argv.slice(1).join(' ')}]
  })
  const failure = startup.steps.find(isFailure)
  const said = startup.steps.flatMap((step): (Started & {readonly certain: boolean; readonly hasMore: boolean})[] => {
    const label = step.obstacle || step.role !== 'program' || !step.node ? undefined : labelOf(step.node.path)
    if (label === undefined) return []
    const {argv = [], certainty, maybe} = step
    const certain = certainty === 'certain' && !maybe
    return [{label, words: argv.slice(1).join(' '), certain, hasMore: hasMore(argv)}]
  })
  const saw = `started: ${really.map(describe).join(', ') || 'nothing'}; end: ${trace.outcome}; ${trace.output.trim().split('\n')[0] ?? ''}`
  const problems: Disagreement[] = []
  if (failure && really.length > 0) {
    problems.push({kind: 'it starts, and is said to fail', about: `${tell(failure)} — ${saw}`})
  }
  const isOpen = startup.unknowns.some(({reason}) =>
    /(depends on its (C library|version)|where it is the first process)$/.test(reason),
  )
  for (const one of said.filter(({certain}) => certain && !isOpen)) {
    if (really.some(other => isSame(one, other))) continue
    const kind = really.length === 0 ? 'it fails, and is said to start' : 'it starts something else than is said'
    problems.push({kind, about: `${describe(one)} — ${saw}`})
  }
  if (problems.length > 0 || startup.unknowns.length > 0) return problems
  const silent = really.filter(one => !said.some(other => isSame(other, one)))
  if (silent.length > 0 && !failure) return [{kind: 'it starts something else than is said', about: saw}]
  if (really.length === 0 && trace.outcome !== '0' && !startup.steps.some(({obstacle}) => obstacle)) {
    return [{kind: 'it fails, and nothing is said', about: saw}]
  }
  return []
}

/** Whether it is what was said, or begins like it where only the beginning is known. */
function isSame(said: Started & {readonly hasMore: boolean}, really: Started): boolean {
  const isLike = said.hasMore && said.label === really.label && really.words.startsWith(said.words)
  return isLike || describe(said) === describe(really)
}

/** What is an error in a report. */
function isFailure({obstacle, certainty, maybe}: Step): boolean {
  return obstacle !== undefined && certainty === 'certain' && maybe === undefined
}

function tell({path, via, obstacle}: Step): string {
  return `${path} (${via}): ${JSON.stringify(obstacle)}`
}

function describe({label, words}: Started): string {
  return words === '' ? label : `${label} [${words}]`
}
