import {describe, expect, test} from '@jest/globals'
import {EXIT, runCli} from '../../src/cli.ts'
import {SourceError} from '../../src/errors.ts'
import {FORMATS} from '../../src/report/index.ts'
import {buildElf} from '../support/elf-builder.ts'
import {memoryFiles} from '../support/memory-results.ts'
import {executable} from '../support/memory-rootfs.ts'
import {type MemoryImage, memoryImages, testDigest} from '../support/memory-source.ts'

// One run, parts of it on several machines, and a run that was cut off: one report, byte for byte.

const AMD64 = executable(buildElf({machine: 62}))
const ARM64 = executable(buildElf({machine: 183, align: 0x10000}))
const config = {entrypoint: ['/app']}
const KINDS: readonly MemoryImage[] = [
  {
    platforms: [
      {platform: 'linux/amd64', config, files: {'/app': AMD64}},
      {platform: 'linux/arm64', config, files: {'/app': ARM64}},
    ],
  },
  {
    platforms: [
      {platform: 'linux/amd64', config, files: {'/app': AMD64, '/opt/sdk/x': ARM64}},
      {platform: 'linux/arm64', config, files: {'/app': AMD64, '/arm64': ARM64}},
    ],
  },
  {platforms: [{platform: 'linux/amd64'}]},
  {
    platforms: [
      {platform: 'linux/arm64', failure: new SourceError('unavailable', 'the registry is down', {hint: 'Try.'})},
    ],
  },
  {platforms: [{platform: 'linux/arm64', config, files: {'/app': ARM64, '/usr/bin/k': AMD64}}]},
]
const LEGS: Readonly<Record<string, MemoryImage>> = {
  [`leg@${testDigest(0xf1)}`]: {platforms: [{platform: 'linux/amd64', config, files: {'/app': AMD64}}]},
  [`leg@${testDigest(0xf2)}`]: {platforms: [{platform: 'linux/arm64', config, files: {'/app': AMD64}}]},
}
const IMAGES: Readonly<Record<string, MemoryImage>> = {
  ...Object.fromEntries(
    Array.from({length: 40}, (_, at) => [
      `team${at % 7}/app${at % 11}:${at}`,
      KINDS[at % KINDS.length] ?? {platforms: []},
    ]),
  ),
  ...LEGS,
}
const NAMES = [...Object.keys(IMAGES).slice(0, 20), 'gone:1', ...Object.keys(IMAGES).slice(20)]

const POLICY = `version: 1
defaults: {ignore: [/opt/sdk/**, /nothing/**]}
images:
  - {match: team1/*, scope: entrypoint}
  - {match: team2/*, on-undetermined: fail}
  - {match: team3/*, rules: {wrong-machine: off}}
suppressions:
  - {rule: wrong-machine, image: team4/*, platform: linux/arm64, reason: known, until: 2027-01-31}
  - {rule: foreign-executable, image: team5/*, reason: old, until: 2026-01-31}
  - {rule: page-size, reason: unused, until: 2027-01-31}
`

function machine(images = IMAGES, memory = memoryFiles(), digestOf?: string) {
  const source = memoryImages(images)
  const run = async (...argv: readonly string[]) => {
    let [stdout, stderr] = ['', '']
    const written = new Map<string, string>()
    const exitCode = await runCli(argv, {
      ...{
        version: '1.0.0',
        digest: async () => digestOf,
        open: source.open,
        readDockerfiles: async () => [],
        color: false,
      },
      today: () => '2026-11-29',
      readFile: async name => (name === 'policy.yml' ? POLICY : NAMES.join('\n')),
      results: memory.results,
      writeFile: async (name, text) => void written.set(name, text),
      stdout: text => {
        stdout += text
      },
      stderr: text => {
        stderr += text
      },
    })
    return {exitCode, stdout, stderr, written}
  }
  return {run, files: memory.files, counts: source.counts}
}

const INVENTORY = ['--images-from', 'images.txt']
const REPORTS = FORMATS.flatMap(format => ['--report', `${format}=${format}`])

describe.each([
  ['without a policy', [] as readonly string[]],
  ['with a policy', ['--policy', 'policy.yml']],
])('%s', (_, policy) => {
  let started: ReturnType<ReturnType<typeof machine>['run']> | undefined
  const once = () => (started ??= machine().run(...INVENTORY, ...policy, ...REPORTS))

  test.each([1, 4, 16])('%i parts give the report of one run, in every format', async count => {
    const {run} = machine()
    const names = Array.from({length: count}, (_, index) => `part-${index + 1}.jsonl`)
    const codes: number[] = []
    for (const [index, name] of names.entries()) {
      const shard = ['--stream', name, '--shard', `${index + 1}/${count}`]
      codes.push((await run(...INVENTORY, ...policy, ...shard)).exitCode)
    }
    const merged = await run('merge', ...names.toReversed(), ...REPORTS)
    const whole = await once()
    expect(whole.written.size).toBe(FORMATS.length)
    for (const format of FORMATS)
      expect([format, merged.written.get(format)]).toEqual([format, whole.written.get(format)])
    expect(merged.stdout).toBe(whole.stdout)
    expect([merged.exitCode, Math.max(...codes)]).toEqual([EXIT.couldNotCheck, EXIT.couldNotCheck])
    expect(merged.stderr).toBe(whole.stderr)
  })

  test('a run that was cut off is continued, and gives the same report', async () => {
    const {run, files, counts} = machine()
    await run(...INVENTORY, ...policy, '--stream', 'r.jsonl')
    const whole = files.get('r.jsonl') ?? ''
    const lines = whole.split('\n')
    // Cut in the middle of the twentieth line.
    files.set('r.jsonl', `${lines.slice(0, 19).join('\n')}\n${lines[19]?.slice(0, 200)}`)
    const before = counts.opened
    const {stdout} = await run(...INVENTORY, ...policy, '--resume', 'r.jsonl')
    expect(stdout).toMatch(
      /43 images: \d+ passed, \d+ failed, 9 could not be checked, \d+ of them kept from r\.jsonl\n$/,
    )
    expect(counts.opened - before).toBeGreaterThan(0)
    const merged = await run('merge', 'r.jsonl', ...REPORTS)
    for (const format of FORMATS) expect(merged.written.get(format)).toBe((await once()).written.get(format))
  })
})

describe('--resume', () => {
  const keptOf = (stdout: string): number => Number(/(\d+) of them kept/.exec(stdout)?.[1] ?? 0)
  async function started() {
    const memory = memoryFiles()
    const {run} = machine(IMAGES, memory)
    await run(...INVENTORY, '--stream', 'r.jsonl')
    return {memory, run}
  }

  test('keeps all that could be read, and asks for the others again', async () => {
    const {run} = await started()
    const again = await run(...INVENTORY, '--resume', 'r.jsonl')
    expect(keptOf(again.stdout)).toBe(34)
    expect(again.exitCode).toBe(EXIT.couldNotCheck)
  })

  test.each<[string, readonly string[]]>([
    ['a level', ['--rule', 'page-size=off']],
    ['a scope', ['--scope', 'entrypoint']],
    ['a policy', ['--policy', 'policy.yml']],
  ])('%s that is another: all is checked again', async (_, argv) => {
    const {run} = await started()
    expect(keptOf((await run(...INVENTORY, ...argv, '--resume', 'r.jsonl')).stdout)).toBe(0)
  })

  test('what says how fast changes nothing', async () => {
    const {run} = await started()
    expect(keptOf((await run(...INVENTORY, '--concurrency', '9', '--resume', 'r.jsonl')).stdout)).toBe(34)
  })

  test('another program: all is checked again', async () => {
    const {memory} = await started()
    const other = machine(IMAGES, memory, testDigest(9))
    expect(keptOf((await other.run(...INVENTORY, '--resume', 'r.jsonl')).stdout)).toBe(0)
  })

  test('an image that changed is checked again', async () => {
    const {memory} = await started()
    const [first = ''] = NAMES
    const changed = machine(
      {...IMAGES, [first]: {...KINDS[0], platforms: KINDS[0]?.platforms ?? [], digest: 0x77}},
      memory,
    )
    expect(keptOf((await changed.run(...INVENTORY, '--resume', 'r.jsonl')).stdout)).toBe(33)
  })

  test('a file that is not there is begun', async () => {
    const {run, files} = machine()
    expect((await run(...INVENTORY, '--resume', 'new.jsonl')).exitCode).toBe(EXIT.couldNotCheck)
    expect(files.get('new.jsonl')?.trimEnd().split('\n')).toHaveLength(42)
  })
})

test('merge takes the files of a folder', async () => {
  const {run, files} = machine()
  for (const part of [1, 2]) await run(...INVENTORY, '--stream', `parts.d/${part}.jsonl`, '--shard', `${part - 1}+1/2`)
  files.set('parts.d/notes.txt', 'not results')
  const merged = await run('merge', 'parts.d', '--format', 'json')
  expect(merged.stdout).toBe((await run(...INVENTORY, '--format', 'json')).stdout)
})

test('each line names images, digests and configurations, for who reads no report', async () => {
  const {run, files} = machine()
  await run(...INVENTORY, '--policy', 'policy.yml', '--stream', 'r.jsonl')
  const lines = (files.get('r.jsonl') ?? '')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  for (const line of lines) {
    expect(line).toMatchObject({type: 'result', format: 1, total: 43, policy: expect.stringMatching(/^sha256:/)})
    expect(line.images[0]).toMatchObject({image: expect.any(String), configuration: expect.stringMatching(/^sha256:/)})
  }
  expect(lines.filter(({images}) => images[0].digest === undefined && images[0].problem === undefined)).toEqual([])
})

describe('merge refuses', () => {
  async function written() {
    const {run, files} = machine()
    await run(...INVENTORY, '--stream', 'a', '--shard', '1/2')
    await run(...INVENTORY, '--stream', 'b', '--shard', '2/2')
    return {run, files}
  }

  test('a part that is missing', async () => {
    const {run} = await written()
    const {exitCode, stderr} = await run('merge', 'a')
    expect([exitCode, stderr]).toEqual([
      EXIT.usage,
      expect.stringMatching(/merge: \d+ of 43 images have no result: number /),
    ])
  })

  test('a folder without results', async () => {
    const {run} = await written()
    expect(await run('merge', 'empty.d')).toMatchObject({
      exitCode: EXIT.usage,
      stderr: expect.stringContaining('empty.d has no file of results: expected names in .jsonl'),
    })
  })

  test('a file that is not there, or holds something else', async () => {
    const {run, files} = await written()
    expect((await run('merge', 'a', 'c')).stderr).toContain('c cannot be read: no such file')
    files.set('c', '{"type":"report"}\n')
    expect((await run('merge', 'a', 'c')).stderr).toContain('c:1: is not a result of --stream')
  })

  test('a line that was cut, or changed', async () => {
    const {run, files} = await written()
    const text = files.get('a') ?? ''
    files.set('a', text.slice(0, -20))
    expect((await run('merge', 'a', 'b')).stderr).toMatch(/a:\d+: is not a result/)
    files.set(
      'a',
      text.replace('"verdict": "fail"', '"verdict": "pass"').replace('"level": "error"', '"level": "note"'),
    )
    expect((await run('merge', 'a', 'b')).stderr).toMatch(/a:\d+: is cut or was changed/)
  })

  test('parts of other options', async () => {
    const {run} = await written()
    await run(...INVENTORY, '--scope', 'entrypoint', '--stream', 'b', '--shard', '2/2')
    const {exitCode, stderr} = await run('merge', 'a', 'b')
    expect([exitCode, stderr]).toEqual([EXIT.usage, expect.stringContaining('not of one run: the configuration is')])
  })
})

test.each<[readonly string[], string]>([
  [['app:1', '--shard', '1/2'], '--shard: expected --stream FILE or --resume FILE beside it'],
  [['app:1', '--stream', 'r', '--resume', 'r'], '--resume: it writes to the file that it continues'],
  [['app:1', '--stream', ''], '--stream: expected a file, got ""'],
  [['app:1', '--stream', '-'], '--stream: expected a file, got "-"'],
  [['app:1', '--stream', 'r', '--shard', '3/2'], '--shard: expected I/N, such as 1/4'],
  [
    ['app:1', '--stream', 'r', '--format', 'json'],
    '--format: it cannot be used with --stream; make reports of the results',
  ],
  [['app:1', '--resume', 'r', '--report', 'json=x'], '--report: it cannot be used with --resume'],
  [
    ['app:1', '--stream', 'r', '--baseline', 'a'],
    '--baseline: it cannot be used with --stream; set a baseline in a policy',
  ],
  [['app:1', '--stream', 'r', '--dockerfile', 'a'], '--dockerfile: it cannot be used with --stream'],
  [['merge'], 'merge: no file is given'],
  [['merge', 'r', '--scope', 'image'], 'merge: --scope has no meaning here'],
])('%j', async (argv, said) => {
  const {exitCode, stderr} = await machine().run(...argv)
  expect([exitCode, stderr]).toEqual([EXIT.usage, expect.stringContaining(said)])
})
