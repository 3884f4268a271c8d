import {mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {generateKeyPair, type KeyPair} from '../../e2e/ground/cosign.ts'
import type {Ground} from '../../e2e/ground/ground.ts'

/** What the steps of a workflow run in: the machine, as far as they know it. */
export interface World {
  /** Absent where no engine and no key is needed. */
  readonly engine?: {readonly ground: Ground; readonly keys: KeyPair}
  /** The machine of a job, where each has its own; absent where all share this one. */
  forJob?(name: string): World
  /** What actions/checkout does; absent where all is there already. */
  checkOut?(inputs: Readonly<Record<string, string>>): void
  /** Of this run of a workflow. */
  readonly folder: string
  readonly workspace: string
  readonly temporary: string
  /** Where artifacts of this run are kept, by their names. */
  readonly artifacts: string
  /** Artifacts of earlier runs: a folder for each run by its id. */
  readonly earlier?: string
  /** Where the caches of the repository are kept, by their keys; absent where there are none. */
  readonly caches?: string
  /** What every step has in its environment. */
  readonly env: Readonly<Record<string, string>>
  /** The action's program. */
  readonly dist: string
  /** What each step printed, and a line for each. */
  log(text: string): void
}

export interface WorldOptions {
  readonly ground: Ground
  readonly keys: KeyPair
  readonly dist: string
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  readonly files: Readonly<Record<string, string | Uint8Array>>
}

/** A machine of its own for a run of a workflow, with what would be checked out in its workspace. */
export function makeWorld({ground, keys, dist, folder, env, files}: WorldOptions, log: World['log']): World {
  const [workspace, temporary, artifacts, bin] = ['workspace', 'temp', 'artifacts', 'bin'].map(name =>
    join(folder, name),
  ) as [string, string, string, string]
  for (const path of [workspace, temporary, artifacts, bin]) mkdirSync(path, {recursive: true})
  for (const [name, content] of Object.entries(files)) {
    const path = join(workspace, name)
    mkdirSync(join(path, '..'), {recursive: true})
    writeFileSync(path, content, {mode: typeof content === 'string' ? 0o644 : 0o755})
  }
  // Without a key cosign asks Fulcio and writes to Rekor, which are not here: the same commands with a key of our own.
  const flags = `--key ${keys.privateKey} --use-signing-config=false --tlog-upload=false --allow-http-registry`
  writeFileSync(
    join(bin, 'cosign'),
    `#!/bin/sh\ncommand=$1\nshift\nexec ${ground.tools.cosign} "$command" ${flags} "$@"\n`,
    {
      mode: 0o755,
    },
  )
  const engine = ground.engines.classic.env()
  const all = {
    ...Object.fromEntries(Object.entries(engine).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    ...{HOME: folder, LANG: 'C.UTF-8', CI: 'true', COSIGN_PASSWORD: '', TUF_ROOT: join(folder, 'tuf')},
    ...{GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: workspace, RUNNER_TEMP: temporary, RUNNER_OS: 'Linux'},
    PATH: `${bin}:${engine.PATH ?? process.env.PATH ?? ''}`,
    ...env,
  }
  return {engine: {ground, keys}, folder, workspace, temporary, artifacts, env: all, dist, log}
}

export async function makeKeys(ground: Ground): Promise<KeyPair> {
  return generateKeyPair(ground, join(ground.scratch, 'keys'))
}
