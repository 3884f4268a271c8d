import type {S6RcDefinition, S6RcSources} from './s6-rc-source.ts'

/** A service with all that must be up before it, directly or not. */
export interface Ordered {
  readonly service: Exclude<S6RcDefinition, {kind: 'bundle'}>
  readonly after: ReadonlySet<string>
}

/**
 * What `s6-rc -u change NAME` starts, each behind what it depends on; in words why s6-rc-compile refuses the sources,
 * where it does.
 */
export function orderServices(
  {definitions, problem}: S6RcSources,
  name: string,
): readonly Ordered[] | {readonly problem: string} {
  const refused = problem ?? findProblem(withPipelines(definitions))
  if (refused !== undefined) return {problem: refused}
  const all = withPipelines(definitions)
  const ordered: Ordered[] = []
  const done = new Map<string, ReadonlySet<string>>()
  /** It and all that it depends on. */
  const visit = (one: string): ReadonlySet<string> => {
    const known = done.get(one)
    if (known) return known
    const definition = all.get(one)
    const parts = definition ? partsOf(definition) : []
    const before = new Set(parts.toSorted().flatMap(part => [...visit(part)]))
    if (definition && definition.kind !== 'bundle') ordered.push({service: definition, after: new Set(before)})
    const whole = definition?.kind === 'bundle' ? before : before.add(one)
    done.set(one, whole)
    return whole
  }
  visit(name)
  return ordered
}

function partsOf(definition: S6RcDefinition): readonly string[] {
  return definition.kind === 'bundle' ? definition.contents : definition.dependencies
}

/** A consumer that names its pipeline makes a bundle of it: itself, and all that produce for it. */
function withPipelines(definitions: S6RcSources['definitions']): ReadonlyMap<string, S6RcDefinition> {
  const all = new Map(definitions)
  for (const one of definitions.values()) {
    if (one.kind !== 'longrun' || one.pipelineName === undefined) continue
    const contents = new Set([one.name])
    // A set goes on to what is added while it is walked.
    for (const name of contents) {
      const member = definitions.get(name)
      if (member?.kind === 'longrun') for (const producer of member.consumerFor) contents.add(producer)
    }
    all.set(one.pipelineName, {kind: 'bundle', name: one.pipelineName, contents: [...contents]})
  }
  return all
}

/** All definitions are looked at, also those that nothing starts. */
function findProblem(definitions: ReadonlyMap<string, S6RcDefinition>): string | undefined {
  for (const definition of definitions.values()) {
    for (const part of partsOf(definition)) {
      if (definitions.has(part)) continue
      const {kind, name} = definition
      return `${kind === 'bundle' ? 'the bundle' : 'the service'} ${name} names ${part}, which is not defined`
    }
    const pipeline = definition.kind === 'longrun' ? findPipelineProblem(definitions, definition) : undefined
    if (pipeline !== undefined) return pipeline
  }
  const cycle = findCycle(definitions)
  return cycle === undefined ? undefined : `the services depend on each other in a cycle, ${cycle} among them`
}

function findPipelineProblem(
  definitions: ReadonlyMap<string, S6RcDefinition>,
  {name, producerFor, consumerFor}: Extract<S6RcDefinition, {kind: 'longrun'}>,
): string | undefined {
  const consumer = producerFor === undefined ? undefined : definitions.get(producerFor)
  if (consumer && !(consumer.kind === 'longrun' && consumer.consumerFor.includes(name))) {
    return `${name} is a producer for ${producerFor}, which does not consume of it`
  }
  const other = consumerFor.find(producer => {
    const definition = definitions.get(producer)
    return definition?.kind !== 'longrun' || definition.producerFor !== name
  })
  return other === undefined ? undefined : `${name} is a consumer for ${other}, which does not produce for it`
}

/** A name that comes back to itself. */
function findCycle(definitions: ReadonlyMap<string, S6RcDefinition>): string | undefined {
  const state = new Map<string, 'open' | 'done'>()
  for (const first of definitions.keys()) {
    const stack: {readonly name: string; readonly parts: string[]}[] = []
    const open = (name: string) => {
      const definition = definitions.get(name)
      state.set(name, 'open')
      stack.push({name, parts: definition ? [...partsOf(definition)] : []})
    }
    if (!state.has(first)) open(first)
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const part = top.parts.pop()
      if (part === undefined) {
        state.set(top.name, 'done')
        stack.pop()
      } else if (state.get(part) === 'open') return part
      else if (!state.has(part)) open(part)
    }
  }
  return undefined
}
