import {describe, expect, test} from '@jest/globals'
import {EXIT, runCli} from '../../src/cli.ts'
import {SourceError, UsageError} from '../../src/errors.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable} from '../support/memory-rootfs.ts'
import {type MemoryImage, memoryImages, testDigest} from '../support/memory-source.ts'

const config = {entrypoint: ['/app']}
const GOOD: MemoryImage = {
  platforms: [{platform: 'linux/amd64', config, files: {'/app': executable(buildElf({machine: 62}))}}],
}
const failing = (failure: Error): MemoryImage => ({platforms: [{platform: 'linux/amd64', failure}]})

async function run(images: Readonly<Record<string, MemoryImage>>, ...argv: string[]) {
  const {open, counts} = memoryImages(images)
  let [stdout, stderr] = ['', '']
  const exitCode = await runCli(argv, {
    ...{version: '1.0.0', open, readDockerfiles: async () => [], writeFile: async () => undefined, color: false},
    stdout: text => {
      stdout += text
    },
    stderr: text => {
      stderr += text
    },
  })
  return {exitCode, stdout, stderr, counts}
}

describe('one image that cannot be read', () => {
  const names = Array.from({length: 300}, (_, index) => `app:${index}`)
  const images = Object.fromEntries(names.filter(name => name !== 'app:123').map(name => [name, GOOD]))

  test('of 300 leaves 299 results', async () => {
    const {exitCode, stdout, stderr} = await run(images, ...names, '--format', 'json')
    const report = JSON.parse(stdout)
    expect(exitCode).toBe(EXIT.couldNotCheck)
    expect(report.verdict).toBe('fail')
    expect(report.images.map(({reference}: {reference: string}) => reference)).toEqual(names)
    const read = report.images.filter(({platforms}: {platforms: unknown[]}) => platforms.length === 1)
    expect(read).toHaveLength(299)
    expect(report.images[123].problem).toEqual({
      code: 'not-found',
      message: 'app:123: not found',
      hint: 'Check the name.',
    })
    expect(stderr).toBe('verify-image-arch: app:123: not found\nCheck the name.\n')
  })

  test('the text says it first of its image and last of all', async () => {
    const {stdout} = await run(images, ...names)
    expect(stdout).toContain('app:123\n  could not check: app:123: not found\n  Check the name.\n')
    expect(stdout).toMatch(
      /: not verified: app:123 could not be checked: not found; 299 of 299 platforms match, 1 of 300 images could not be checked; nothing found\n$/,
    )
  })

  test('fails whatever fail-on says', async () => {
    expect((await run(images, 'app:1', 'app:123', '--fail-on', 'never')).exitCode).toBe(EXIT.couldNotCheck)
  })

  test('alone has no report', async () => {
    const {exitCode, stdout, stderr} = await run(images, 'app:123', '--format', 'json')
    expect([exitCode, stdout]).toEqual([EXIT.couldNotCheck, ''])
    expect(stderr).toContain('app:123: not found')
  })

  test.each([
    ['a bug', new TypeError('x is not a function'), EXIT.bug],
    ["a user's mistake", new UsageError('which one?'), EXIT.usage],
    ['a run that was cancelled', new SourceError('aborted', 'the run was cancelled'), EXIT.couldNotCheck],
  ])('%s ends all', async (_, failure, exitCode) => {
    const ended = await run({'app:1': GOOD, 'app:2': failing(failure)}, 'app:1', 'app:2')
    expect([ended.exitCode, ended.stdout]).toEqual([exitCode, ''])
  })
})

test('no more images are open at once than are read at once: each holds files or connections', async () => {
  const names = Array.from({length: 60}, (_, index) => `app:${index}`)
  const images = Object.fromEntries(names.map(name => [name, GOOD]))
  for (const concurrency of [1, 3, 64]) {
    const {exitCode, counts} = await run(images, ...names, '--concurrency', String(concurrency))
    expect(exitCode).toBe(EXIT.verified)
    expect(counts).toEqual({opened: 60, closed: 60, most: Math.min(concurrency, 60)})
  }
})

describe('a baseline that is not there', () => {
  test('in a registry is a note', async () => {
    const {exitCode, stdout} = await run({'app:1': GOOD}, 'app:1', '--baseline', 'app:0')
    expect(exitCode).toBe(EXIT.verified)
    expect(stdout).toContain('note platform-lost: app:1\n  app:0 does not exist, so there is nothing to compare with')
  })

  test.each([
    ['where it is required', ['--baseline', 'app:0', '--baseline-required']],
    ['as a layout', ['--baseline', 'oci:release']],
    ['as an archive', ['--baseline', 'oci-archive:release.tar']],
    ["as docker's archive", ['--baseline', 'docker-archive:release.tar']],
  ])('%s could not be checked', async (_, argv) => {
    const {exitCode, stdout, stderr} = await run({'app:1': GOOD}, 'app:1', ...argv)
    expect([exitCode, stdout]).toEqual([EXIT.couldNotCheck, ''])
    expect(stderr).toMatch(/not found/)
  })

  test('without a baseline cannot be required', async () => {
    const {exitCode, stderr} = await run({'app:1': GOOD}, 'app:1', '--baseline-required')
    expect(exitCode).toBe(EXIT.usage)
    expect(stderr).toContain('--baseline-required: no --baseline is given')
  })
})

test('ten platforms with one content: one finding, in a headline that names it', async () => {
  const names = ['amd64', 'arm64', 'arm/v7', 'arm/v6', '386', 's390x', 'ppc64le', 'riscv64', 'mips64le', 'loong64']
  const one = {
    config: {...config, diffIds: [testDigest(1)]},
    files: {'/app': executable(buildElf({machine: 62}))},
  }
  const ten = {platforms: names.map(name => ({...one, platform: `linux/${name}`}))}
  const {exitCode, stdout} = await run({'app:1': ten}, 'app:1', '--format', 'json')
  expect(exitCode).toBe(EXIT.findings)
  const {findings, images} = JSON.parse(stdout)
  expect(findings).toMatchObject([
    {
      rule: 'wrong-machine',
      platforms: names.slice(1).map(name => `linux/${name}`),
      message:
        '/app is x86-64 on linux/arm64, linux/arm/v7, linux/arm/v6 and 6 more, which hold the same layers as linux/amd64',
    },
  ])
  expect(images[0].platforms.map(({verdict}: {verdict: string}) => verdict)).toEqual([
    'match',
    ...names.slice(1).map(() => 'mismatch'),
  ])
  const text = await run({'app:1': ten}, 'app:1')
  expect(text.stdout).toMatch(
    /^not verified: linux\/arm64, linux\/arm\/v7, linux\/arm\/v6 and 6 more would not start: \/app is x86-64\n/,
  )
})
