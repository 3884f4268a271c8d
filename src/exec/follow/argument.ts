import {defined} from '../../lib/defined.ts'
import {mayRead} from '../permission.ts'
import {resolve} from '../resolved-path.ts'
import type {Obstacle} from '../steps.ts'
import {viewWorld} from '../world/view.ts'
import type {Handover} from '../wrappers/handover.ts'
import {type Start, stepOf} from './start.ts'
import {add, type Walk} from './walk.ts'

/** A file that an interpreter is to run. */
export async function addArgument(
  walk: Walk,
  start: Start,
  {candidates, via, cwd}: Extract<Handover, {kind: 'file'}>,
  from: number,
): Promise<void> {
  const process = {...start.process, cwd}
  const [first] = candidates
  if (first === undefined || start.guarded) return
  const view = viewWorld(walk.machine.rootfs, start.world)
  for (const candidate of candidates) {
    const resolved = await resolve(view, process, candidate)
    if (!resolved.node) continue
    const {node} = resolved
    // The kernel has been asked to start it, and so it is in the list.
    if (walk.steps.some(step => step.node?.path === node.path && step.role !== 'argument')) return
    const obstacle: Obstacle | undefined = mayRead(node, process.user)
      ? undefined
      : {kind: 'not-readable', errno: 'EACCES', at: node.path}
    const step = {...stepOf(start), from, path: candidate, via, role: 'argument', hops: resolved.hops, node} as const
    add(walk, {...step, ...defined({obstacle, maybe: start.maybe})})
    return
  }
  const {obstacle, hops, maybe} = await resolve(view, process, first)
  if (start.tolerated) return
  add(walk, {
    ...stepOf(start),
    from,
    path: first,
    via,
    role: 'argument',
    hops,
    ...defined({obstacle, maybe: maybe ?? start.maybe}),
  })
}
