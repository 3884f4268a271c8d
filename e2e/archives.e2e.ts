import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {createLimiter} from '../src/lib/concurrency.ts'
import type {Report} from '../src/report/report.ts'
import {findWriters, type Sample, type Writer} from './support/archive-writers.ts'
import {parseReport} from './support/checks.ts'
import {runCli} from './support/run-cli.ts'
import {openStand} from './support/stand.ts'

// What buildx, docker, crane, skopeo and podman write, archives, folders and what they push: the
// command finds in all of them what is there.

const stand = await openStand()
const writers = await findWriters(stand)
const folder = join(stand.scratch, 'archives')
const written = new Map<string, Promise<string>>()
const keyOf = (writer: Writer, sample: Sample): string => `${writer.tool}, ${writer.what}, ${sample}`

beforeAll(async () => {
  await mkdir(folder)
  const limiter = createLimiter(3)
  writers.forEach((writer, number) => {
    for (const sample of ['right-symlink', 'wrong-symlink'] as const) {
      const writing = limiter(() => writer.write(sample, join(folder, `${number}-${sample}`)))
      // What went wrong is the test's own, not all others'.
      writing.catch(() => undefined)
      written.set(keyOf(writer, sample), writing)
    }
  })
  await Promise.allSettled(written.values())
}, 300_000)

async function check(writer: Writer, sample: Sample): Promise<{readonly exitCode: number; readonly report: Report}> {
  const location = await written.get(keyOf(writer, sample))
  if (location === undefined) throw new Error('it was not written')
  const platforms = ['--platforms', writer.platforms.join(',')]
  const run = await runCli(stand, stand.engines.classic, [location, ...platforms, '--format', 'json'])
  expect(run.stderr).toBe('')
  return {exitCode: run.exitCode, report: parseReport(run.stdout)}
}

describe.each(writers.map(writer => ({...writer, writer})))('$tool: $what', ({writer}) => {
  test('the right program', async () => {
    const {exitCode, report} = await check(writer, 'right-symlink')
    expect(report.findings).toEqual([])
    expect(report.images[0]?.platforms.map(({platform, verdict}) => [platform, verdict])).toEqual(
      writer.platforms.map(platform => [platform, 'match']),
    )
    expect(exitCode).toBe(0)
  })

  test('a program of amd64 in linux/arm64', async () => {
    const {exitCode, report} = await check(writer, 'wrong-symlink')
    expect(report.findings.map(({level, rule, platform, path}) => [level, rule, platform, path])).toEqual([
      ['error', 'wrong-machine', 'linux/arm64', '/app'],
    ])
    expect(report.images[0]?.platforms.map(({platform, verdict}) => [platform, verdict])).toEqual(
      writer.platforms.map(platform => [platform, platform === 'linux/arm64' ? 'mismatch' : 'match']),
    )
    expect(exitCode).toBe(1)
  })
})
