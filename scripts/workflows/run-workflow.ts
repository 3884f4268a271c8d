import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {type Contexts, fill, holds} from './expressions.ts'
import {OWN_NAME, ownWorkflow} from './own-name.ts'
import {runStep, type StepResult} from './run-step.ts'
import {
  inOrder,
  legsOf,
  needsOf,
  type ParsedWorkflow,
  parseWorkflow,
  type WorkflowJob,
  type WorkflowStep,
  writtenValue,
} from './workflow.ts'
import type {World} from './world.ts'

type Values = Readonly<Record<string, string>>

/**
 * Which workflow a job is of: https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#job-context
 */
const OWN_WORKFLOW = {workflow_repository: OWN_NAME, workflow_sha: '3'.repeat(40)}
type Conclusion = 'success' | 'failure' | 'skipped'

/** What became of one step. */
export interface RanStep extends Pick<StepResult, 'kind' | 'log' | 'outputs' | 'summary'> {
  readonly job: string
  readonly name: string
  readonly conclusion: Conclusion
  readonly script: string
}

export interface RanWorkflow {
  readonly steps: readonly RanStep[]
  readonly jobs: Readonly<Record<string, Conclusion>>
  /** Of a workflow that was called. */
  readonly outputs: Values
}

interface RanJob {
  readonly conclusion: Conclusion
  readonly outputs: Values
  readonly steps: readonly RanStep[]
}

/** Runs all jobs of a workflow, one after the other, each behind those that it needs. */
export async function runWorkflow(world: World, workflow: ParsedWorkflow, given: Contexts): Promise<RanWorkflow> {
  const done = new Map<string, RanJob>()
  for (const [name, job] of inOrder(workflow)) {
    const needed = needsOf(job).map(one => [one, done.get(one)] as const)
    const needs = Object.fromEntries(
      needed.map(([one, ran]) => [one, {result: ran?.conclusion, outputs: ran?.outputs}]),
    )
    const failed = needed.some(([, ran]) => ran?.conclusion !== 'success')
    if (!holds(job.if, {...given, needs}, {failed})) {
      done.set(name, {conclusion: 'skipped', outputs: {}, steps: []})
      continue
    }
    const legs: RanJob[] = []
    const matrices = legsOf(job, {...given, needs})
    for (const [index, matrix] of matrices.entries()) {
      const strategy = {'job-index': index, 'job-total': matrices.length}
      const contexts = {...given, needs, matrix, strategy}
      legs.push(
        job.uses === undefined
          ? await runJob(world.forJob?.(`${name}-${index}`) ?? world, workflow, name, job, contexts)
          : await runCalled(world, name, job.uses, job, contexts),
      )
    }
    done.set(name, {
      conclusion: legs.every(({conclusion}) => conclusion === 'success') ? 'success' : 'failure',
      outputs: Object.assign({}, ...legs.map(({outputs}) => outputs)),
      steps: legs.flatMap(({steps}) => steps),
    })
  }
  const ran = [...done]
  const jobs = Object.fromEntries(ran.map(([name, {outputs}]) => [name, {outputs}]))
  const outputs = Object.entries(workflow.on?.workflow_call?.outputs ?? {}).map(
    ([name, {value}]) => [name, fill(value, {...given, jobs})] as const,
  )
  return {
    outputs: Object.fromEntries(outputs),
    steps: ran.flatMap(([, {steps}]) => steps),
    jobs: Object.fromEntries(ran.map(([name, {conclusion}]) => [name, conclusion])),
  }
}

/** A workflow of this repository in place of a job: its inputs are those that it declares. */
async function runCalled(world: World, name: string, uses: string, job: WorkflowJob, given: Contexts): Promise<RanJob> {
  const path = ownWorkflow(uses)
  if (path === undefined) throw new Error(`${uses} is not a workflow of this repository`)
  const called = parseWorkflow(readFileSync(join(import.meta.dirname, '../..', path), 'utf8'))
  const declared = Object.entries(called.on?.workflow_call?.inputs ?? {})
  const unknown = Object.keys(job.with ?? {}).filter(input => !declared.some(([one]) => one === input))
  if (unknown.length > 0) throw new Error(`${uses} has no input ${unknown.join(', ')}`)
  const inputs = declared.map(([input, {default: usual, required}]) => {
    const value = writtenValue(job.with?.[input] ?? usual, given)
    if (value === undefined && required === true) throw new Error(`${uses}: the input ${input} is required`)
    return [input, value ?? ''] as const
  })
  const {github, runner, secrets, vars} = given
  const contexts = {github, runner, secrets, vars, inputs: Object.fromEntries(inputs)}
  const ran = await runWorkflow(world, called, contexts)
  const isDone = Object.values(ran.jobs).every(conclusion => conclusion !== 'failure')
  return {
    conclusion: isDone ? 'success' : 'failure',
    outputs: ran.outputs,
    steps: ran.steps.map(step => ({...step, job: `${name} / ${step.job}`})),
  }
}

async function runJob(
  world: World,
  workflow: ParsedWorkflow,
  name: string,
  job: WorkflowJob,
  given: Contexts,
): Promise<RanJob> {
  const steps: RanStep[] = []
  const byId: Record<string, {outputs: Values; outcome: Conclusion; conclusion: Conclusion}> = {}
  const outer = filled(workflow.env, given)
  let env: Values = {...outer, ...filled(job.env, {...given, env: outer})}
  let failed = false
  for (const step of job.steps ?? []) {
    const contexts: Contexts = {
      ...given,
      env,
      steps: byId,
      job: {...OWN_WORKFLOW, status: failed ? 'failure' : 'success'},
    }
    const ran: StepResult | undefined = holds(step.if, contexts, {failed})
      ? await takeStep(world, step, contexts, env)
      : undefined
    const outcome: Conclusion = ran === undefined ? 'skipped' : ran.ok ? 'success' : 'failure'
    const conclusion: Conclusion = outcome === 'failure' && step['continue-on-error'] === true ? 'success' : outcome
    failed ||= conclusion === 'failure'
    env = {...env, ...ran?.env}
    if (step.id !== undefined) byId[step.id] = {outputs: ran?.outputs ?? {}, outcome, conclusion}
    steps.push({
      ...{job: name, name: step.name ?? step.id ?? step.uses ?? step.run?.split('\n')[0] ?? '', conclusion},
      ...{
        kind: ran?.kind ?? 'script',
        log: ran?.log ?? '',
        outputs: ran?.outputs ?? {},
        summary: ran?.summary ?? '',
        script: step.run ?? '',
      },
    })
  }
  const outputs = Object.fromEntries(
    Object.entries(job.outputs ?? {}).map(([key, text]) => [key, fill(text, {...given, env, steps: byId})]),
  )
  return {conclusion: failed ? 'failure' : 'success', outputs, steps}
}

function takeStep(world: World, step: WorkflowStep, contexts: Contexts, env: Values): Promise<StepResult> {
  return runStep(
    world,
    {
      uses: step.uses,
      run: step.run === undefined ? undefined : fill(step.run, contexts),
      with: filled(step.with, contexts),
      env: filled(step.env, contexts),
    },
    env,
  )
}

function filled(values: Readonly<Record<string, unknown>> | undefined, contexts: Contexts): Values {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, fill(String(value), contexts)]))
}
