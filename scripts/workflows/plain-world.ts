import {mkdirSync, symlinkSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {OWN_NAME} from './own-name.ts'
import type {World} from './world.ts'

export interface PlainWorldOptions {
  /** Of this run. */
  readonly folder: string
  /** The built program. */
  readonly dist: string
  /** What is checked out of the calling repository. */
  readonly files: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** Artifacts of earlier runs: a folder for each run by its id. */
  readonly earlier: string
  /** The caches of the repository, which earlier runs have left. */
  readonly caches: string
}

/** A run without an engine, on machines of which each job has its own: what it does not download, it does not have. */
export function makePlainWorld({folder, dist, files, env, earlier, caches}: PlainWorldOptions): World {
  const artifacts = join(folder, 'artifacts')
  mkdirSync(artifacts, {recursive: true})
  const machine = (name: string): World => {
    const home = join(folder, name)
    const [workspace, temporary] = [join(home, 'workspace'), join(home, 'temp')]
    for (const path of [workspace, temporary]) mkdirSync(path, {recursive: true})
    return {
      ...{folder: home, workspace, temporary, artifacts, earlier, caches, dist},
      env: {
        ...{HOME: home, LANG: 'C.UTF-8', CI: 'true', GITHUB_ACTIONS: 'true', RUNNER_TEMP: temporary},
        ...{GITHUB_WORKSPACE: workspace, PATH: `${dirname(process.execPath)}:/usr/bin:/bin`, ...env},
      },
      forJob: machine,
      checkOut: inputs => checkOut(workspace, inputs, {dist, files}),
      log: () => {},
    }
  }
  return machine('run')
}

/** The calling repository, or this one, of which the program is needed. */
function checkOut(
  workspace: string,
  {repository = '', ref = '', path = '.'}: Readonly<Record<string, string>>,
  {dist, files}: Pick<PlainWorldOptions, 'dist' | 'files'>,
): void {
  const target = join(workspace, path)
  mkdirSync(target, {recursive: true})
  if (repository === '') {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(target, name), text)
    return
  }
  if (repository !== OWN_NAME) throw new Error(`there is no repository ${repository}`)
  if (!/^[0-9a-f]{40}$/.test(ref)) throw new Error(`${ref} is not a commit`)
  symlinkSync(dist, join(target, 'dist'))
}
