import type {Step} from '../../src/exec/index.ts'
import {readLabel} from '../start-scripts/stand-in.ts'
import type {Trace} from '../start-scripts/tracer.ts'
import type {Disagreement} from './module.ts'

/**
 * Holds the order in which the model tells programs that are waited for to the order in which they were first started.
 * `labels` are the stand-ins at paths; `isWaited` says of which one the end is waited for before the next is started.
 */
export function compareOrder(
  steps: readonly Step[],
  {executions}: Pick<Trace, 'executions'>,
  labels: ReadonlyMap<string, string>,
  isWaited: (label: string) => boolean,
): readonly Disagreement[] {
  const real = unique(executions.map(({errno, lastBytes}) => (errno === 0 ? readLabel(lastBytes) : undefined)))
  const said = unique(
    steps.map(({role, node, obstacle}) => {
      const isStarted = role === 'program' && obstacle === undefined
      return isStarted ? labels.get(node?.path ?? '') : undefined
    }),
  )
  const common = (one: readonly string[], other: readonly string[]) =>
    one.filter(label => isWaited(label) && other.includes(label))
  const [really, told] = [common(real, said).join(', '), common(said, real).join(', ')]
  return really === told ? [] : [{kind: 'it is started in another order', about: `really ${really}; said ${told}`}]
}

function unique(labels: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(labels)].filter(label => label !== undefined)
}
