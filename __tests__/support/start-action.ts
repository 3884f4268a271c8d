import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parse} from 'yaml'
import {COMPILE_CACHE} from './compile-cache.ts'
import {type Command, parseRunnerCommands} from './runner-commands.ts'
import {temporaryFolder} from './temporary-folder.ts'

const REPOSITORY = new URL('../..', import.meta.url).pathname

export interface ActionStart {
  /** What is started: src/bin/action.ts, or a bundle of it. */
  readonly program: string
  /** What a workflow writes under `with:`; of an image layout the path from the repository. */
  readonly inputs: Readonly<Record<string, string>>
  readonly env?: Readonly<Record<string, string>>
  /** What GITHUB_EVENT_PATH holds; undefined for no such file. */
  readonly event?: unknown
  /** Files of the workspace. */
  readonly workspace?: Readonly<Record<string, string>>
}

export interface ActionEnd {
  readonly exitCode: number | null
  readonly log: string
  readonly commands: readonly Command[]
  /** Of simple outputs only: what stands in the file behind GITHUB_OUTPUT. */
  readonly output: string
  readonly summary: string
  /** What is in the runner's temporary folder at the end. */
  readonly left: readonly string[]
}

/**
 * Starts the action as the runner does, with the defaults of action.yml and a token, and no environment but its own.
 */
export async function startAction({program, inputs, env = {}, event, workspace = {}}: ActionStart): Promise<ActionEnd> {
  const folder = temporaryFolder('action')
  const at = (name: string): string => join(folder, name)
  for (const name of ['temp', 'workspace']) await mkdir(at(name))
  for (const name of ['output', 'state', 'summary.md']) await writeFile(at(name), '')
  for (const [name, text] of Object.entries(workspace)) await writeFile(join(folder, 'workspace', name), text)
  if (event !== undefined) await writeFile(at('event.json'), JSON.stringify(event))
  const child = spawn(process.execPath, ['--no-warnings', program], {
    cwd: REPOSITORY,
    env: {
      ...COMPILE_CACHE,
      ...{HOME: folder, PATH: process.env.PATH, GITHUB_ACTIONS: 'true', RUNNER_TEMP: at('temp')},
      ...{GITHUB_OUTPUT: at('output'), GITHUB_STATE: at('state'), GITHUB_STEP_SUMMARY: at('summary.md')},
      ...{GITHUB_WORKSPACE: at('workspace'), GITHUB_REPOSITORY: 'org/app', GITHUB_RUN_ID: '42'},
      ...{GITHUB_WORKFLOW: 'ci', GITHUB_JOB: 'image', GITHUB_ACTION: 'verify'},
      ...(event === undefined ? {} : {GITHUB_EVENT_PATH: at('event.json'), GITHUB_EVENT_NAME: 'pull_request'}),
      ...Object.fromEntries(
        Object.entries({...(await declaredDefaults()), token: 'ghs_the_token_of_the_run', ...inputs}).map(
          ([name, value]) => [`INPUT_${name.toUpperCase()}`, value],
        ),
      ),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const chunks: Buffer[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child, 'close')
  const log = Buffer.concat(chunks).toString()
  return {
    exitCode: child.exitCode,
    log,
    commands: parseRunnerCommands(log),
    output: await readFile(at('output'), 'utf8'),
    summary: await readFile(at('summary.md'), 'utf8'),
    left: await readdir(at('temp'), {recursive: true}),
  }
}

async function declaredDefaults(): Promise<Readonly<Record<string, string>>> {
  const declared = parse(await readFile(join(REPOSITORY, 'action.yml'), 'utf8'))
  return Object.fromEntries(
    Object.entries<{default?: string}>(declared.inputs).map(([name, input]) => [name, input.default ?? '']),
  )
}
