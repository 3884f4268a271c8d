import {mkdir, mkdtemp, readFile, writeFile} from 'node:fs/promises'
import {basename, join} from 'node:path'
import {type Command, parseRunnerCommands} from '../../__tests__/support/runner-commands.ts'
import type {Engine} from '../ground/engine.ts'
import {readActionYml} from './action-yml.ts'
import {parseRunnerFile} from './runner-files.ts'
import type {Stand} from './stand.ts'
import {marksOf, startProgram} from './tested-program.ts'

type Environment = Readonly<Record<string, string | undefined>>
type Values = Readonly<Record<string, string>>

export interface ActionOptions {
  readonly engine: Engine
  /** What a workflow writes under `with:`. */
  readonly inputs: Values
  /** Laid over the environment that the runner gives. */
  readonly env?: Environment
}

/** What the runner sees of a step. */
export interface StepRun {
  readonly exitCode: number
  /** Standard output, then standard error. */
  readonly log: string
  /** What the runner takes for commands, in both. */
  readonly commands: readonly Command[]
  /** From the file behind GITHUB_OUTPUT. */
  readonly outputs: Values
  /** From the file behind GITHUB_STATE. */
  readonly state: Values
  /** From the file behind GITHUB_STEP_SUMMARY. */
  readonly summary: string
  readonly milliseconds: number
}

export interface ActionRun extends StepRun {
  /** Runs `post`, as the runner does at the end of a job, whatever has become of `main`. */
  post(env?: Environment): Promise<StepRun>
}

export interface RunningAction {
  readonly pid: number
  readonly ended: Promise<ActionRun>
}

/** Runs the action to its end, without its `post`. */
export async function runAction(stand: Stand, options: ActionOptions): Promise<ActionRun> {
  return (await startAction(stand, options)).ended
}

/**
 * Starts the action as the runner does: the inputs with the defaults of action.yml, and
 * nothing of this process's environment.
 */
export async function startAction(stand: Stand, {engine, inputs, env = {}}: ActionOptions): Promise<RunningAction> {
  const action = await readActionYml()
  const unknown = Object.keys(inputs).filter(name => !(name in action.defaults))
  if (unknown.length > 0) throw new Error(`action.yml has no inputs ${unknown.join(', ')}`)
  const folder = await mkdtemp(join(stand.scratch, 'job-'))
  const job: Environment = {
    ...(await jobEnvironment(stand, engine, folder)),
    ...renamed({...action.defaults, ...inputs}, name => `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`),
    ...env,
  }
  const start = (step: string, program: string, more: Environment = {}) =>
    startStep(join(folder, step), join(stand.dist, basename(program)), {...job, ...more})
  const main = await start('main', action.main)
  const ended = main.ended.then(run => ({
    ...run,
    post: async (more: Environment = {}) => {
      const state = renamed(run.state, name => `STATE_${name}`)
      return (await start('post', action.post, {...state, ...more})).ended
    },
  }))
  return {pid: main.pid, ended}
}

async function jobEnvironment(stand: Stand, engine: Engine, folder: string): Promise<Environment> {
  const folders = {RUNNER_TEMP: join(folder, 'temp'), GITHUB_WORKSPACE: join(folder, 'workspace')}
  await Promise.all(Object.values(folders).map(path => mkdir(path)))
  return {
    ...engine.env(),
    ...folders,
    HOME: folder,
    LANG: 'C.UTF-8',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    RUNNER_OS: 'Linux',
    RUNNER_TRACKING_ID: `github_${basename(folder)}`,
    ...marksOf(stand.folder),
  }
}

/** One of the two starts of the action, with files of its own behind GITHUB_OUTPUT and the like, in a new folder. */
async function startStep(folder: string, program: string, job: Environment) {
  await mkdir(folder)
  const file = (name: string): string => join(folder, name)
  const files = {
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    GITHUB_STEP_SUMMARY: file('summary.md'),
  }
  await Promise.all(Object.values(files).map(path => writeFile(path, '')))
  const {pid, ended} = startProgram(program, [], {cwd: job.GITHUB_WORKSPACE ?? folder, env: {...job, ...files}})
  const left = ended.then(async ({exitCode, stdout, stderr, milliseconds}): Promise<StepRun> => {
    const [output = '', state = '', summary = ''] = await Promise.all(
      Object.values(files).map(path => readFile(path, 'utf8')),
    )
    return {
      exitCode,
      milliseconds,
      log: stdout + stderr,
      commands: [stdout, stderr].flatMap(parseRunnerCommands),
      outputs: parseRunnerFile(output),
      state: parseRunnerFile(state),
      summary,
    }
  })
  return {pid, ended: left}
}

function renamed(values: Values, rename: (name: string) => string): Values {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]))
}
