import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {STORES} from './ground/engine.ts'
import {parseReport} from './support/checks.ts'
import {expectNothingLeft} from './support/leftovers.ts'
import {runCli} from './support/run-cli.ts'
import {namesOf, openStand} from './support/stand.ts'

// The same engine as a command.

const stand = await openStand()
const right = namesOf(stand, 'right-plain')
const wrong = namesOf(stand, 'wrong-plain')

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  test('0: verified', async () => {
    const {exitCode, stdout, stderr} = await runCli(stand, engine, [right.tagged, '--platforms', 'linux/arm64'])
    expect({exitCode, stderr}).toEqual({exitCode: 0, stderr: ''})
    expect(stdout).toContain('verified: 1 of 1 platform matches')
  })

  test('1: findings', async () => {
    const output = join(stand.scratch, `${store}.json`)
    const args = [wrong.tagged, '--platforms', 'linux/arm64,linux/amd64', '--format', 'json', '--output', output]
    expect(await runCli(stand, engine, args)).toMatchObject({exitCode: 1, stdout: '', stderr: ''})
    const {findings} = parseReport(await readFile(output, 'utf8'))
    expect(findings).toMatchObject([{rule: 'wrong-machine', platform: 'linux/arm64', path: '/usr/local/bin/app'}])
  })

  test('0: findings, and --fail-on never', async () => {
    const args = [wrong.tagged, '--platforms', 'linux/arm64', '--fail-on', 'never']
    expect(await runCli(stand, engine, args)).toMatchObject({exitCode: 0, stderr: ''})
  })

  test('2: wrong usage', async () => {
    const {exitCode, stdout, stderr} = await runCli(stand, engine, [right.tagged, '--platfrom', 'linux/amd64'])
    expect({exitCode, stdout}).toEqual({exitCode: 2, stdout: ''})
    expect(stderr).toContain('--platforms')
  })

  test('3: could not check', async () => {
    const {exitCode, stdout, stderr} = await runCli(stand, engine, [`${right.repository}:none`])
    expect({exitCode, stdout}).toEqual({exitCode: 3, stdout: ''})
    expect(stderr).toContain('not found')
  })
})

// No time, no host and no order of arrival is in it.
test('both stores give the same report, byte for byte', async () => {
  const args = [namesOf(stand, 'not-startable').tagged, '--format', 'json']
  const [one, other] = await Promise.all(STORES.map(store => runCli(stand, stand.engines[store], args)))
  expect(one?.stdout).toBe(other?.stdout)
  expect(one?.exitCode).toBe(1)
})
