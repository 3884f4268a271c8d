import {describe, expect, test} from '@jest/globals'
import {EXIT, runCli} from '../../src/cli.ts'
import {FORMATS} from '../../src/report/index.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable} from '../support/memory-rootfs.ts'
import {memoryImages} from '../support/memory-source.ts'

// What a policy file changes of a check, from the command line to each format.

const AMD64 = executable(buildElf({machine: 62}))
const ARM64 = executable(buildElf({machine: 183, align: 0x10000}))
const config = {entrypoint: ['/app']}
const RIGHT = {
  platforms: [
    {platform: 'linux/amd64', config, files: {'/app': AMD64}},
    {platform: 'linux/arm64', config, files: {'/app': ARM64}},
  ],
}
const WRONG = {
  platforms: [
    {platform: 'linux/amd64', config, files: {'/app': AMD64, '/amd64': AMD64}},
    {platform: 'linux/arm64', config, files: {'/app': AMD64, '/arm64': ARM64}},
  ],
}
const DARK = {platforms: [{platform: 'linux/amd64'}]}
const ONE = {platforms: [{platform: 'linux/amd64', config, files: {'/app': AMD64}}]}

async function run(policy: string, ...argv: readonly string[]) {
  const images = memoryImages({
    ...{'org/right:1': RIGHT, 'org/right:stable': RIGHT, 'org/wrong:1': WRONG, 'org/dark:1': DARK},
    ...{'org/one:1': ONE, 'org/one:stable': RIGHT},
  })
  let [stdout, stderr] = ['', '']
  const exitCode = await runCli([...argv, '--policy', 'p.yml'], {
    ...{version: '1.0.0', open: images.open, readDockerfiles: async () => [], color: false},
    today: () => '2026-11-29',
    readFile: async () => `version: 1\n${policy}`,
    writeFile: async () => {},
    stdout: text => {
      stdout += text
    },
    stderr: text => {
      stderr += text
    },
  })
  return {exitCode, stdout, stderr}
}

async function report(policy: string, ...argv: readonly string[]) {
  const {exitCode, stdout, stderr} = await run(policy, ...argv, '--format', 'json')
  expect(stderr).toBe('')
  return {exitCode, ...JSON.parse(stdout)}
}

const suppressed = (until: string, more = 'image: org/wrong, '): string =>
  `suppressions: [{rule: wrong-machine, ${more}reason: known to us, until: ${until}}]`

describe('exit codes', () => {
  test.each<[policy: string, argv: readonly string[], exitCode: number]>([
    ['', ['org/wrong:1'], EXIT.findings],
    ['defaults: {rules: {wrong-machine: warning}}', ['org/wrong:1'], EXIT.verified],
    ['defaults: {rules: {wrong-machine: warning}}', ['org/wrong:1', '--rule', 'wrong-machine=error'], EXIT.findings],
    ['images: [{match: org/wrong, rules: {wrong-machine: off}}]', ['org/wrong:1'], EXIT.verified],
    ['images: [{match: org/other, rules: {wrong-machine: off}}]', ['org/wrong:1'], EXIT.findings],
    ['images: [{match: org/right, rules: {wrong-machine: off}}]', ['org/right:1', 'org/wrong:1'], EXIT.findings],
    ['images: [{match: org/wrong, platforms: linux/amd64}]', ['org/right:1', 'org/wrong:1'], EXIT.verified],
    ['defaults: {platforms: linux/s390x}', ['org/right:1'], EXIT.findings],
    ['defaults: {platforms: linux/s390x}', ['org/right:1', '--platforms', 'linux/amd64'], EXIT.verified],
    ['defaults: {on-undetermined: fail}', ['org/dark:1'], EXIT.findings],
    ['defaults: {on-undetermined: fail}', ['org/dark:1', '--on-undetermined', 'pass'], EXIT.verified],
    ['images: [{match: org/dark, on-undetermined: fail}]', ['org/dark:1', 'org/right:1'], EXIT.findings],
    ['images: [{match: org/right, on-undetermined: fail}]', ['org/dark:1', 'org/right:1'], EXIT.verified],
    ['defaults: {baseline: ":stable"}', ['org/right:1'], EXIT.verified],
    ['defaults: {baseline: ":stable"}', ['org/one:1'], EXIT.findings],
    ['images: [{match: org/one, baseline: "org/right:1"}]', ['org/one:1'], EXIT.findings],
    ['images: [{match: org/one, baseline: ":stable"}]', ['org/one:1', '--baseline', 'org/one:1'], EXIT.verified],
    ['defaults: {baseline: ":gone"}', ['org/one:1'], EXIT.verified],
    ['defaults: {baseline: ":gone", baseline-required: true}', ['org/one:1'], EXIT.couldNotCheck],
    ['defaults: {baseline: ":gone", baseline-required: true}', ['org/one:1', 'org/right:1'], EXIT.couldNotCheck],
    ['defaults: {baseline-required: true}', ['org/one:1'], EXIT.usage],
    [suppressed('2026-11-29'), ['org/wrong:1'], EXIT.verified],
    [suppressed('2026-11-28'), ['org/wrong:1'], EXIT.findings],
    [suppressed('2027-01-31', 'image: org/right, '), ['org/wrong:1'], EXIT.findings],
    [suppressed('2027-01-31', 'platform: linux/amd64, '), ['org/wrong:1'], EXIT.findings],
    [suppressed('2027-01-31', 'path: /app, '), ['org/wrong:1'], EXIT.verified],
    ['defaults: {scop: image}', ['org/right:1'], EXIT.usage],
  ])('%s with %j: %i', async (policy, argv, exitCode) => {
    expect((await run(policy, ...argv)).exitCode).toBe(exitCode)
  })
})

describe('a suppressed finding', () => {
  test('is no clean pass: the platform is a mismatch, and in no passed test', async () => {
    const {images, verdict, findings, switchedOff, policy} = await report(suppressed('2027-01-31'), 'org/wrong:1')
    expect(images[0].platforms).toMatchObject([
      {platform: 'linux/amd64', verdict: 'match'},
      {platform: 'linux/arm64', verdict: 'mismatch', tolerated: true},
    ])
    expect([verdict, findings]).toEqual(['pass', []])
    const by = {place: 'p.yml:2:16', reason: 'known to us', until: '2027-01-31'}
    expect(switchedOff).toMatchObject([{rule: 'wrong-machine', level: 'error', suppressed: [by]}])
    expect(policy.suppressions).toEqual([{...by, rule: 'wrong-machine', image: 'org/wrong', state: 'used', count: 1}])
    const predicate = JSON.parse((await run(suppressed('2027-01-31'), 'org/wrong:1', '--format', 'predicate')).stdout)
    expect(predicate).toMatchObject({
      result: 'FAILED',
      failedTests: ['linux/arm64'],
      passedTests: ['linux/amd64', 'image'],
    })
    expect(predicate.verifyImageArch.policy).toEqual({file: 'p.yml', digest: {sha256: policy.digest.slice(7)}})
    expect(predicate.configuration[0].annotations.suppressions).toHaveLength(1)
  })

  test.each(FORMATS.filter(format => format !== 'images'))('%s names it, its reason and its last day', async format => {
    const {stdout} = await run(suppressed('2027-01-31'), 'org/wrong:1', '--format', format)
    for (const word of ['wrong-machine', 'suppressed', 'known to us', '2027-01-31']) expect(stdout).toContain(word)
    expect(stdout).not.toMatch(/Verified: |^verified: /m)
  })
})

test.each(FORMATS.filter(format => format !== 'images' && format !== 'predicate'))(
  '%s reports what is expired, and what is unused',
  async format => {
    const policy = `${suppressed('2026-11-28').slice(0, -1)}, {rule: page-size, reason: r, until: 2027-01-31}]`
    const {stdout} = await run(policy, 'org/wrong:1', '--format', format)
    expect(stdout).toMatch(
      format.startsWith('json') ? /"state": "expired"/ : /has expired \(until 2026-11-28\): 1 finding/,
    )
    expect(stdout).toMatch(
      format.startsWith('json') ? /"state": "unused"/ : /the suppression of page-size .*covers nothing/,
    )
  },
)

test('what is about images or platforms that are not in the run is not unused', async () => {
  const policy = (more: string) => `suppressions: [{rule: page-size, ${more}, reason: r, until: 2027-01-31}]`
  const stateOf = async (more: string, ...argv: readonly string[]) =>
    (await report(policy(more), 'org/right:1', ...argv)).policy.suppressions.map(({state}: {state: string}) => state)
  expect(await stateOf('image: org/right')).toEqual(['unused'])
  expect(await stateOf('image: org/wrong')).toEqual([])
  expect(await stateOf('platform: linux/arm64')).toEqual(['unused'])
  expect(await stateOf('platform: linux/arm64', '--platforms', 'linux/amd64')).toEqual([])
  expect(await stateOf('platform: linux/s390x')).toEqual(['unused'])
})

test('each image has its own configuration, with a digest of its own, where it is not that of the run', async () => {
  const policy = 'images: [{match: org/wrong, scope: entrypoint, rules: {wrong-machine: off}}]'
  const {images, configuration} = await report(policy, 'org/right:1', 'org/wrong:1')
  expect(configuration).toMatchObject({scope: 'image', rules: {}})
  expect(images[0].configuration).toBeUndefined()
  expect(images[1].configuration).toMatchObject({scope: 'entrypoint', rules: {'wrong-machine': 'off'}})
  expect(images[1].configuration.digest).not.toBe(configuration.digest)
  expect(images[1].platforms[1].scan).toBeUndefined()
  const {stdout} = await run(policy, 'org/right:1', 'org/wrong:1')
  expect(stdout).toContain('wrong-machine is off for org/wrong:1 and would find 1 error (linux/arm64)')
})

test('a wrong policy reads no image', async () => {
  const {stderr, exitCode} = await run('images: [{match: a, x: 1}]', 'org/gone:1')
  expect(exitCode).toBe(EXIT.usage)
  expect(stderr).toContain('--policy: p.yml:2:21: images[0]: there is no key "x"')
})

describe('policy IMAGE', () => {
  const policy = `defaults:
  scope: essential
  rules: {page-size: off, wrong-os: note}
images:
  - match: org/*
    rules: {page-size: note}
    baseline: ":stable"
${suppressed('2026-11-01', '')}
`
  async function printed(...argv: readonly string[]) {
    const {exitCode, stdout, stderr} = await run(policy, 'policy', ...argv)
    return {exitCode, stderr, stdout}
  }

  test('prints each value, and where it was set; no image is read', async () => {
    expect(await printed('org/none:1', '--platform', 'linux/amd64', '--rule', 'wrong-os=error')).toEqual({
      ...{exitCode: 0, stderr: ''},
      stdout: `org/none:1
  by p.yml (sha256:${(await digest()).slice(7)})
  platforms          linux/amd64  --platforms
  scope              essential    p.yml:3
  on-undetermined    pass         default
  baseline           :stable      p.yml:8
  baseline-required  false        default
  rules.page-size    note         p.yml:7
  rules.wrong-os     error        --rule
  suppressed: wrong-machine, expired on 2026-11-01  p.yml:9:16: known to us
`,
    })
  })

  async function digest(): Promise<string> {
    return JSON.parse((await printed('a:1', '--format', 'json')).stdout)[0].policy.digest
  }

  test('as JSON, of several images', async () => {
    const {stdout} = await printed('org/a:1', 'other:1', '--format', 'json')
    const scopes = JSON.parse(stdout).map(
      ({image, settings}: {image: string; settings: {name: string; from: string}[]}) => [
        image,
        settings.find(({name}) => name === 'baseline')?.from,
      ],
    )
    expect(scopes).toEqual([
      ['org/a:1', 'p.yml:8'],
      ['other:1', 'default'],
    ])
  })

  test.each([
    [[], 'IMAGE: no image is given'],
    [['a:1', '--format', 'sarif'], 'policy: --format: expected text, json, got "sarif"'],
    [['a:1', '--report', 'json=x'], 'policy: it writes one text, and no --report'],
  ])('%j', async (argv, said) => {
    const {exitCode, stderr} = await printed(...argv)
    expect([exitCode, stderr]).toEqual([EXIT.usage, expect.stringContaining(said)])
  })
})
