import {isDeepStrictEqual} from 'node:util'
import type {Process} from '../../src/exec/index.ts'
import {readLabel} from '../start-scripts/stand-in.ts'
import type {Execution, Trace} from '../start-scripts/tracer.ts'
import type {StartedProcess} from './model.ts'
import type {Disagreement} from './module.ts'

/*
 * As whom, where and with which variables a stand-in was started, against the processes that the model says it is.
 *
 *   user, group       as the process has them; further groups unless it is root, whom they do not matter
 *   directory         the process's
 *   PATH, HOME        the process's, or none where it has none; HOME unless /etc/passwd was not read for it
 *   other variables   those that the process knows, and those of the container, which may be gone
 *
 * What only the run knows is not compared. The same words may be started more than once: one of the processes must fit.
 */

/** What a shell sets for itself, and exports or not as it was before. */
const OF_SHELLS = new Set(['PWD', 'OLDPWD', 'SHLVL', '_'])

/** Holds what the model says of the surroundings of programs to how they were started. */
export function compareSurroundings(
  processes: readonly StartedProcess[],
  {executions}: Pick<Trace, 'executions'>,
  labels: ReadonlyMap<string, string>,
  containerEnv: readonly string[],
  /** The walk did not come to its end: of what is started more often than it says, one may be none of its processes. */
  isOpen = false,
): readonly Disagreement[] {
  const names = containerEnv.map(pair => pair.slice(0, pair.indexOf('=')))
  const problems = new Map<string, Disagreement>()
  for (const execution of executions) {
    const label = execution.errno === 0 ? readLabel(execution.lastBytes) : undefined
    const own = processes.filter(({path, process}) => labels.get(path) === label && isOf(process, execution))
    if (label === undefined || own.length === 0) continue
    const alike = executions.filter(one => one.errno === 0 && isDeepStrictEqual(one.argv, execution.argv))
    if (isOpen && alike.length > own.length) continue
    const differences = own.map(({process}) => differencesOf(process, execution, names))
    const [least = []] = differences.toSorted((a, b) => a.length - b.length)
    for (const {kind, really, said} of least) {
      const about = `${label} ${JSON.stringify(execution.argv.slice(1))}: really ${really}, said ${said}`
      problems.set(`${kind} ${about}`, {kind, about})
    }
  }
  return [...problems.values()]
}

/** Whether a process has the words of an execution, as far as it knows them. */
function isOf({argv, unknownWord}: Process, execution: Execution): boolean {
  const words = argv.slice(1)
  const real = execution.argv.slice(1)
  return (
    words.every((word, index) => real[index] === word) && (unknownWord !== undefined || words.length === real.length)
  )
}

interface Difference {
  readonly kind: string
  readonly really: string
  readonly said: string
}

function differencesOf(process: Process, execution: Execution, containerNames: readonly string[]): Difference[] {
  const {user} = process
  const differences: Difference[] = []
  const compare = (kind: string, really: string | undefined, said: string | undefined) => {
    if (really !== said) differences.push({kind, really: really ?? 'nothing', said: said ?? 'nothing'})
  }
  if (user.maybe === undefined) {
    compare('it runs as another user', `${execution.uid}:${execution.gid}`, `${user.uid}:${user.gid}`)
    if (user.uid !== 0 && user.unread === undefined)
      compare('it runs in other groups', groupsOf(execution), groupsOf(user))
  }
  compare('it runs in another directory', execution.cwd, process.cwd)
  for (const name of new Set(['PATH', 'HOME', ...process.env.keys(), ...containerNames])) {
    const isOpen = process.unknownEnv?.has(name) === true || (name === 'PATH' && process.unknownPath === true)
    const isUnread = name === 'HOME' && user.unread !== undefined && !process.env.has(name)
    if (isOpen || isUnread || OF_SHELLS.has(name)) continue
    compare(`${name} is another`, execution.env.get(name), process.env.get(name))
  }
  return differences
}

/** The further groups of a user, in order, without his own: whether that is among them decides nothing. */
function groupsOf({gid, groups}: {readonly gid: number; readonly groups: readonly number[]}): string {
  return [...new Set(groups)]
    .filter(group => group !== gid)
    .sort((a, b) => a - b)
    .join(',')
}
