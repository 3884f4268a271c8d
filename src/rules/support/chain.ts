import type {Step} from '../../exec/index.ts'
import type {Evidence} from '../finding.ts'

/**
 * A step's file as a message names it: with where its links lead, and why it is
 * started unless it is the entrypoint itself.
 */
export function whereOf({path, node, via, from}: Step): string {
  const resolved = node === undefined || node.path === path ? '' : ` -> ${node.path}`
  const why = from === undefined ? '' : ` (${via})`
  return `${path}${resolved}${why}`
}

/** What every finding about a step tells of it. */
export function stepEvidence({path, node, via, hops, identity}: Step): Evidence {
  return {
    path,
    resolved: node?.path ?? null,
    via,
    kind: identity?.kind ?? null,
    links: hops.map(hop => `${hop.path} -> ${hop.target}`),
  }
}
