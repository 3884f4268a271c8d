import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {runAny} from '../../e2e/ground/run.ts'
import {type BaseImages, fillPlaceholders, runCase, startBaseImages} from '../../scripts/cases/run-case.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/test-cases.ts')
const folder = temporaryFolder('cases')
let bases: BaseImages
beforeAll(async () => {
  bases = await startBaseImages()
})
afterAll(async () => {
  await bases.stop()
})

describe('npm run test:cases', () => {
  test.each([
    ['without a folder', [], 'expected a folder'],
    ['with a folder that is not there', ['/nowhere/at/all'], '/nowhere/at/all does not hold cases.json'],
  ])('%s ends with exit code 2', async (_, args, says) => {
    const {code, stderr} = await runAny(process.execPath, ['--no-warnings', SCRIPT, ...args])
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)])
  })

  test('a Dockerfile is checked against the registry of the test alone', async () => {
    const dockerfile = 'FROM {registry}/base@{amd64}\nCMD ["true"]\n'
    const outcome = await runCase(
      {
        id: 'dockerfile',
        ref: undefined,
        mech: undefined,
        platforms: ['linux/amd64', 'linux/arm64'],
        args: [],
        expect: 'fail',
        where: undefined,
        says: [],
        never: [],
        quiet: false,
        dockerfile,
      },
      folder,
      bases,
    )
    const rules = outcome.findings.map(({rule, level, line}) => `${level} ${rule} ${line}`)
    expect(rules).toContain('error base-single-platform 1')
    expect(outcome.stderr).toBe('')
  })

  test('placeholders are filled in wherever they stand', () => {
    const filled = fillPlaceholders('{registry}/a@{index} {registry}/b@{amd64}', {host: 'h:1', index: 'i', amd64: 'a'})
    expect(filled).toBe('h:1/a@i h:1/b@a')
  })
})

test('a folder with a broken list is refused', async () => {
  writeFileSync(join(folder, 'cases.json'), '[{}]')
  writeFileSync(join(folder, 'cases.tar.xz'), '')
  const {code, stderr} = await runAny(process.execPath, ['--no-warnings', SCRIPT, folder])
  expect([code, stderr]).toEqual([2, expect.stringContaining('$[0].id is missing')])
})
