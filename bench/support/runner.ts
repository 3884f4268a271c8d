import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parse} from 'yaml'

/** The repository. */
export const REPOSITORY = join(import.meta.dirname, '../..')

/**
 * The environment that a runner gives the action in a folder, with the defaults of action.yml, no token, and what a
 * workflow writes under `with:`.
 */
export function runnerEnvironment(
  folder: string,
  inputs: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const at = (name: string): string => join(folder, name)
  for (const name of ['temp', 'workspace']) mkdirSync(at(name), {recursive: true})
  for (const name of ['output', 'state', 'summary.md']) writeFileSync(at(name), '')
  return {
    ...{GITHUB_ACTIONS: 'true', RUNNER_TEMP: at('temp'), GITHUB_WORKSPACE: at('workspace')},
    ...{GITHUB_OUTPUT: at('output'), GITHUB_STATE: at('state'), GITHUB_STEP_SUMMARY: at('summary.md')},
    ...variablesOf({...declaredInputs(), token: '', ...inputs}),
  }
}

function variablesOf(inputs: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]))
}

function declaredInputs(): Readonly<Record<string, string>> {
  // Our own file, checked by the tests of the action.
  const {inputs}: {inputs: Record<string, {default?: string}>} = parse(
    readFileSync(join(REPOSITORY, 'action.yml'), 'utf8'),
  )
  return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.default ?? '']))
}
