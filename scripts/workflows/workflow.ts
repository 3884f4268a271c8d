import {parse} from 'yaml'
import {type Contexts, evaluate} from './expressions.ts'

export interface WorkflowStep {
  readonly id?: string
  readonly name?: string
  readonly if?: string | boolean
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
  readonly env?: Readonly<Record<string, unknown>>
  readonly 'continue-on-error'?: boolean
}

export interface WorkflowJob {
  readonly needs?: string | readonly string[]
  readonly if?: string | boolean
  readonly env?: Readonly<Record<string, unknown>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly strategy?: {readonly matrix?: Readonly<Record<string, unknown>>}
  readonly steps?: readonly WorkflowStep[]
  /** A workflow that is called in place of steps, and its inputs. */
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

/** What a workflow says of itself that others call. */
export interface WorkflowCall {
  readonly inputs?: Readonly<Record<string, {readonly default?: unknown; readonly required?: boolean}>>
  readonly outputs?: Readonly<Record<string, {readonly value: string}>>
}

export interface ParsedWorkflow {
  readonly on?: {readonly workflow_call?: WorkflowCall | null}
  readonly env?: Readonly<Record<string, unknown>>
  readonly jobs: Readonly<Record<string, WorkflowJob>>
}

/** A workflow of this repository, which GitHub's parser has taken (__tests__/workflows.test.ts). */
export function parseWorkflow(text: string): ParsedWorkflow {
  return parse(text)
}

/** The legs of a matrix: its values combined, or what `include` lists where there are none. */
export function legsOf({strategy}: WorkflowJob, contexts: Contexts = {}): readonly Readonly<Record<string, unknown>>[] {
  const written = Object.entries(strategy?.matrix ?? {})
  const {include, ...axes} = Object.fromEntries(written.map(([name, value]) => [name, writtenValue(value, contexts)]))
  const combined = Object.entries(axes).reduce<readonly Readonly<Record<string, unknown>>[]>(
    (legs, [name, values]) =>
      legs.flatMap(leg => (values as readonly unknown[]).map(value => ({...leg, [name]: value}))),
    [{}],
  )
  if (include === undefined) return combined
  if (Object.keys(axes).length > 0) throw new Error('include beside other values of a matrix is not done here')
  return include as readonly Readonly<Record<string, unknown>>[]
}

/** A value as it is written, or what the expression is that stands in its place: a list, a number, a text. */
export function writtenValue(value: unknown, contexts: Contexts): unknown {
  const [, expression] = /^\s*\$\{\{(.*)\}\}\s*$/s.exec(typeof value === 'string' ? value : '') ?? []
  return expression === undefined || expression.includes('}}') ? value : evaluate(expression, contexts)
}

/** The jobs in an order in which each comes behind all that it needs. */
export function inOrder({jobs}: ParsedWorkflow): readonly (readonly [string, WorkflowJob])[] {
  const done = new Map<string, WorkflowJob>()
  const visit = (name: string): void => {
    const job = jobs[name]
    if (job === undefined) throw new Error(`there is no job ${name}`)
    for (const needed of needsOf(job)) if (!done.has(needed)) visit(needed)
    done.set(name, job)
  }
  for (const name of Object.keys(jobs)) visit(name)
  return [...done]
}

export function needsOf({needs}: WorkflowJob): readonly string[] {
  return [needs ?? []].flat()
}
