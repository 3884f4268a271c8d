import {readPackedInterpreter} from '../../binary/index.ts'
import {defined} from '../../lib/defined.ts'
import type {Load} from '../execve.ts'
import {checkLibraries} from '../loader/check.ts'
import {explainMissingLoader} from '../loader/explain.ts'
import {type Process, resolve} from '../resolved-path.ts'
import type {Obstacle} from '../steps.ts'
import type {WorldView} from '../world/view.ts'
import {addDemanding} from './demanding-libraries.ts'
import {doubtOfLibraries} from './library-doubt.ts'
import {keyOf, type Start, stepOf} from './start.ts'
import {add, isSameContent, note, type Walk, weightOf} from './walk.ts'

/** What execve loads for one program, as steps: the index of the one that hands over what comes next. */
export async function addLoads(walk: Walk, start: Start, view: WorldView, loads: readonly Load[]): Promise<number> {
  const key = keyOf(start)
  const known = walk.started.get(key)
  const before = known === undefined ? undefined : walk.steps[known.first]
  const [program] = loads
  if (known && isSameContent(before, {node: program?.resolved.node, identity: program?.identity})) {
    if (before && weightOf(before) >= weightOf(start)) return known.last
    // It was only looked at, or might fail, and now something hangs on it.
    if (walk.steps.slice(known.first, known.last + 1).some(({obstacle}) => obstacle))
      return makeGraver(walk, known, start)
  }
  const first = walk.steps.length
  let last = start.from
  for (const [index, load] of loads.entries()) {
    const before = loads[index - 1]
    const obstacle = await explained(walk, view, load)
    const maybe = load.resolved.maybe ?? start.maybe
    const via = index === 0 ? start.via : `${load.role} of ${before?.path}`
    last = add(walk, {
      ...stepOf(start),
      path: load.path,
      via,
      role: load.role,
      ...defined({from: last}),
      ...(index === 0 ? {argv: start.process.argv} : {}),
      hops: load.resolved.hops,
      ...defined({node: load.resolved.node, identity: load.identity, verdict: load.verdict, obstacle, maybe}),
    })
  }
  // What comes next is handed over by the program, not by its loader.
  const isLoader = walk.steps[last ?? -1]?.role === 'loader'
  const end = (last ?? 0) - (isLoader ? 1 : 0)
  walk.started.set(key, {first, last: end})
  return end
}

function makeGraver(
  {steps}: Walk,
  {first, last}: {readonly first: number; readonly last: number},
  {via, certainty}: Start,
): number {
  for (let at = first; at <= last; at++) {
    const step = steps[at]
    if (!step) continue
    const {accepted: _, ...rest} = step
    steps[at] = {...rest, certainty, ...(at === first ? {via} : {})}
  }
  return last
}

/** A program packed by UPX names no loader to the kernel, and needs one. Reports only a missing one. */
export async function lacksPackedLoader(
  walk: Walk,
  start: Start,
  view: WorldView,
  {identity, resolved}: Load,
  from: number,
): Promise<boolean> {
  if (identity?.kind !== 'elf' || !resolved.node) return false
  const path = await readPackedInterpreter(identity, await view.open(resolved.node))
  if (path === undefined) return false
  const there = await resolve(view, start.process, path)
  if (there.obstacle?.kind !== 'missing' || there.maybe !== undefined) return false
  const load: Load = {role: 'loader', path, resolved: there, obstacle: there.obstacle}
  const obstacle = await explained(walk, view, load)
  const via = `loader of what UPX packed in ${resolved.path}`
  add(walk, {
    ...stepOf(start),
    path,
    via,
    role: 'loader',
    from,
    hops: there.hops,
    ...defined({obstacle, maybe: start.maybe}),
  })
  return true
}

/** As the loader sees it: `--library-path` stands for the variable. */
function processOf({process, mapped}: Start): Process {
  if (mapped?.libraryPath === undefined) return process
  return {...process, env: new Map([...process.env, ['LD_LIBRARY_PATH', mapped.libraryPath]])}
}

/** What keeps its loader from loading the libraries. */
export async function addLibraries(
  walk: Walk,
  start: Start,
  view: WorldView,
  program: Load,
  loader: Load,
  from: number,
): Promise<void> {
  const {node} = program.resolved
  if (program.identity?.kind !== 'elf' || loader.identity?.kind !== 'elf' || !node || !loader.resolved.node) return
  const process = processOf(start)
  const report = await checkLibraries({
    rootfs: view,
    process,
    ...defined({runtimes: walk.machine.runtimes}),
    program: {path: program.resolved.path, node, place: placeOf(program), elf: program.identity},
    loader: {path: loader.path, node: loader.resolved.node, elf: loader.identity},
  })
  if (report.undetermined !== undefined) note(walk, from, report.undetermined)
  await addDemanding(walk, start, view, report, from)
  for (const obstacle of report.obstacles) {
    const path = obstacle.kind === 'missing-library' ? obstacle.library : (obstacle.provider ?? obstacle.neededBy)
    const maybe = await doubtOfLibraries(view, process, obstacle, report)
    add(walk, {
      ...stepOf(start),
      from,
      path,
      via: `needed by ${obstacle.neededBy}`,
      role: 'library',
      hops: [],
      obstacle,
      ...defined({maybe: start.maybe ?? maybe}),
    })
  }
}

/** Where a copy is: it is seen as the file that it is a copy of. */
function placeOf({resolved: {hops}}: Load): string | undefined {
  return hops.findLast(hop => hop.isCopy)?.path
}

async function explained(walk: Walk, view: WorldView, {role, path, obstacle}: Load): Promise<Obstacle | undefined> {
  if (role !== 'loader' || obstacle?.kind !== 'missing' || obstacle.removedBy) return obstacle
  const cause = await explainMissingLoader(view, walk.machine.platform, path)
  return cause === undefined ? obstacle : {...obstacle, cause}
}
