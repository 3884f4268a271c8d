import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parse} from 'yaml'
import {REPOSITORY} from './repository.ts'

/** What the runner takes from action.yml. */
export interface ActionYml {
  /** The defaults of the inputs, which the runner fills in where a workflow says nothing; empty where there is none. */
  readonly defaults: Readonly<Record<string, string>>
  readonly outputs: readonly string[]
  readonly main: string
  readonly post: string
}

/** Reads the action.yml of this repository. */
export async function readActionYml(): Promise<ActionYml> {
  const text = await readFile(join(REPOSITORY, 'action.yml'), 'utf8')
  // Our own file, which the runner and a linter of workflows read, too.
  const {inputs, outputs, runs} = parse(text) as {
    readonly inputs: Readonly<Record<string, {readonly default?: string}>>
    readonly outputs: Readonly<Record<string, unknown>>
    readonly runs: {readonly main: string; readonly post: string}
  }
  return {
    defaults: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, evaluated(input.default ?? '')])),
    outputs: Object.keys(outputs),
    main: runs.main,
    post: runs.post,
  }
}

/** The runner evaluates expressions in defaults; no test here has anything to say to GitHub. */
function evaluated(value: string): string {
  return value.replaceAll(/\$\{\{ github\.token \}\}/g, '')
}
