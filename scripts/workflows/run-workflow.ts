import {type Contexts, fill, holds} from './expressions.ts'
import {runStep, type StepResult} from './run-step.ts'
import {inOrder, legsOf, needsOf, type ParsedWorkflow, type WorkflowJob, type WorkflowStep} from './workflow.ts'
import type {World} from './world.ts'

type Values = Readonly<Record<string, string>>
type Conclusion = 'success' | 'failure' | 'skipped'

/** What became of one step. */
export interface RanStep extends Pick<StepResult, 'kind' | 'log' | 'outputs'> {
  readonly job: string
  readonly name: string
  readonly conclusion: Conclusion
  readonly script: string
}

export interface RanWorkflow {
  readonly steps: readonly RanStep[]
  readonly jobs: Readonly<Record<string, Conclusion>>
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
    for (const matrix of legsOf(job)) legs.push(await runJob(world, workflow, name, job, {...given, needs, matrix}))
    done.set(name, {
      conclusion: legs.every(({conclusion}) => conclusion === 'success') ? 'success' : 'failure',
      outputs: Object.assign({}, ...legs.map(({outputs}) => outputs)),
      steps: legs.flatMap(({steps}) => steps),
    })
  }
  const ran = [...done]
  return {
    steps: ran.flatMap(([, {steps}]) => steps),
    jobs: Object.fromEntries(ran.map(([name, {conclusion}]) => [name, conclusion])),
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
  for (const step of job.steps) {
    const contexts: Contexts = {...given, env, steps: byId, job: {status: failed ? 'failure' : 'success'}}
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
      ...{kind: ran?.kind ?? 'script', log: ran?.log ?? '', outputs: ran?.outputs ?? {}, script: step.run ?? ''},
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
