import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import type {Counts, FleetRegistry} from '../support/fleet-registry.ts'
import {type MeasuredRun, measuredRun} from '../support/measured-run.ts'

/** All rounds of one kind of run of one program. */
export interface FleetRow {
  readonly program: string
  readonly run: string
  /** Of the last round. */
  readonly counts: Counts
  readonly taken: readonly MeasuredRun[]
}

/** Verified, and findings: one image in twenty is wrong. */
export const CODES = [0, 1]

/** One round of each kind of run; adds it to the rows. */
export async function measureRuns(
  rows: Map<string, FleetRow>,
  options: {
    readonly program: string
    readonly path: string
    readonly list: string
    readonly registry: FleetRegistry
    readonly folder: string
  },
): Promise<void> {
  const {program, path, list, registry, folder} = options
  const results = join(folder, `${program}.jsonl`)
  const cache = join(folder, `cache-${program}`)
  const env = {...process.env, XDG_CACHE_HOME: cache}
  const runs = [
    ['first', ['--stream', results]],
    ['resumed', ['--resume', results]],
    ['filling the cache', ['--cache', '--stream', join(folder, 'filling.jsonl')]],
    ['cached', ['--cache', '--stream', join(folder, 'cached.jsonl')]],
  ] as const
  await rm(cache, {recursive: true, force: true})
  for (const [run, args] of runs) {
    registry.reset()
    const taken = await measuredRun(path, [...flagsFor(list), ...args], {env, scratch: folder, codes: CODES})
    const key = `${program} ${run}`
    rows.set(key, {program, run, counts: registry.counts(), taken: [...(rows.get(key)?.taken ?? []), taken]})
    console.error(`${key}: ${taken.seconds.toFixed(2)} s`)
  }
}

/** The flags of every run over the images of a list. */
export function flagsFor(list: string): readonly string[] {
  return ['--images-from', list, '--source', 'registry', '--quiet', '--timeout', '0']
}
