import type {Step} from '../../exec/index.ts'
import type {Evidence} from '../finding.ts'

/**
 * A step's file as a message names it: with where its links lead or what it is a copy of, and why it is started
 * unless it is the entrypoint itself.
 */
export function whereOf({path, node, hops, via, from}: Step): string {
  const isCopy = hops.some(hop => hop.isCopy)
  const resolved =
    node === undefined || node.path === path ? '' : isCopy ? `, a copy of ${node.path}` : ` -> ${node.path}`
  const why = from === undefined ? '' : ` (${via})`
  return `${path}${resolved}${why}`
}

/** What every finding about a step says of it. */
export function stepEvidence({path, node, via, hops, identity}: Step): Evidence {
  return {
    path,
    resolved: node?.path ?? null,
    via,
    kind: identity?.kind ?? null,
    links: hops.map(({path, target, isCopy}) => `${path} ${isCopy ? 'is a copy of' : '->'} ${target}`),
  }
}
