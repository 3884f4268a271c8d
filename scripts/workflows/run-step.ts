import {randomUUID} from 'node:crypto'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {runAny} from '../../e2e/ground/run.ts'
import {readActionYml} from '../../e2e/support/action-yml.ts'
import {parseRunnerFile} from '../../e2e/support/runner-files.ts'
import {isOwnAction} from './own-name.ts'
import {STAND_INS} from './stand-ins.ts'
import type {World} from './world.ts'

type Values = Readonly<Record<string, string>>

/** A step with its expressions replaced. */
export interface FilledStep {
  readonly uses?: string | undefined
  readonly run?: string | undefined
  readonly with: Values
  readonly env: Values
}

export interface StepResult {
  readonly ok: boolean
  /** Of what kind it was: our own action, an action of others that something stands in for, a script. */
  readonly kind: 'own' | 'stand-in' | 'script'
  readonly outputs: Values
  /** What it left in GITHUB_ENV. */
  readonly env: Values
  readonly log: string
  /** What it added to the summary of the job. */
  readonly summary: string
}

/** Runs one step as the runner does, with files of its own behind GITHUB_OUTPUT and the like. */
export async function runStep(world: World, step: FilledStep, jobEnv: Values): Promise<StepResult> {
  const {uses, run} = step
  if (run !== undefined) {
    const script = join(world.folder, `${randomUUID()}.sh`)
    writeFileSync(script, run)
    return runProgram(world, 'script', ['bash', '--noprofile', '--norc', '-eo', 'pipefail', script], {
      ...jobEnv,
      ...step.env,
    })
  }
  if (uses === undefined) throw new Error('a step runs nothing')
  if (isOwnAction(uses)) return runOwn(world, step, jobEnv)
  const name = uses.split('@')[0] ?? ''
  const standIn = STAND_INS[name]
  if (standIn === undefined) throw new Error(`nothing stands in for ${name}`)
  try {
    const outputs = await standIn(world, step.with, {...jobEnv, ...step.env})
    return {ok: true, kind: 'stand-in', outputs, env: {}, log: '', summary: ''}
  } catch (thrown) {
    return {ok: false, kind: 'stand-in', outputs: {}, env: {}, log: String(thrown), summary: ''}
  }
}

/** The action, main and post, with the defaults of action.yml. */
async function runOwn(world: World, step: FilledStep, jobEnv: Values): Promise<StepResult> {
  const {defaults, main, post} = await readActionYml()
  const unknown = Object.keys(step.with).filter(name => !(name in defaults))
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`)
  const inputs = Object.entries({...defaults, token: world.env.GITHUB_TOKEN ?? '', ...step.with})
  const env = {
    ...jobEnv,
    ...step.env,
    ...Object.fromEntries(inputs.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value])),
  }
  const program = (path: string): string[] => [process.execPath, join(world.dist, path.replace(/^dist\//, ''))]
  const result = await runProgram(world, 'own', program(main), env)
  const state = Object.fromEntries(Object.entries(result.state).map(([name, value]) => [`STATE_${name}`, value]))
  const after = await runProgram(world, 'own', program(post), {...env, ...state})
  return after.ok ? result : {...result, ok: false, log: result.log + after.log}
}

async function runProgram(
  world: World,
  kind: StepResult['kind'],
  [command = '', ...args]: readonly string[],
  env: Values,
): Promise<StepResult & {readonly state: Values}> {
  const folder = join(world.folder, randomUUID())
  mkdirSync(folder)
  const names = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY', 'GITHUB_PATH'] as const
  const files = Object.fromEntries(names.map(name => [name, join(folder, name)]))
  for (const file of Object.values(files)) writeFileSync(file, '')
  // Not at once: GitHub's API is answered by this process.
  const {code, stdout, stderr} = await runAny(command, args, {
    cwd: world.workspace,
    env: {...world.env, ...env, ...files},
  })
  const values = (name: (typeof names)[number]): Values => parseRunnerFile(readFileSync(join(folder, name), 'utf8'))
  return {
    ...{ok: code === 0, kind, log: stdout.toString() + stderr},
    outputs: values('GITHUB_OUTPUT'),
    env: values('GITHUB_ENV'),
    state: values('GITHUB_STATE'),
    summary: readFileSync(join(folder, 'GITHUB_STEP_SUMMARY'), 'utf8'),
  }
}
