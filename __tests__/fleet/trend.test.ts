import {describe, expect, test} from '@jest/globals'
import {EXIT, runCli} from '../../src/cli.ts'
import {SourceError} from '../../src/errors.ts'
import {buildElf} from '../support/elf-builder.ts'
import {memoryFiles} from '../support/memory-results.ts'
import {executable} from '../support/memory-rootfs.ts'
import {type MemoryImage, memoryImages} from '../support/memory-source.ts'

// What is new since an earlier run, what is mended, and what is only not known any more.

const AMD64 = executable(buildElf({machine: 62}))
const ARM64 = executable(buildElf({machine: 183, align: 0x10000}))
const config = {entrypoint: ['/app']}
const image = (app: typeof AMD64, more: Record<string, typeof AMD64> = {}): MemoryImage => ({
  platforms: [
    {platform: 'linux/amd64', config, files: {'/app': AMD64}},
    {platform: 'linux/arm64', config, files: {'/app': app, ...more}},
  ],
})
const [RIGHT, WRONG] = [image(ARM64), image(AMD64)]
const DOWN: MemoryImage = {platforms: [{platform: 'linux/arm64', failure: new SourceError('unavailable', 'is down')}]}
const POLICY = `version: 1
suppressions:
  - {rule: wrong-machine, image: a*, reason: known, until: 2027-01-31}
`

const BEFORE = {'a:1': WRONG, 'b:1': WRONG, 'c:1': WRONG, 'd:1': RIGHT, 'e:1': DOWN, 'f:1': WRONG, 'g:1': WRONG}

function machine() {
  const {files, results} = memoryFiles()
  const written = new Map<string, string>()
  const run = async (images: Readonly<Record<string, MemoryImage>>, ...argv: readonly string[]) => {
    let [stdout, stderr] = ['', '']
    const exitCode = await runCli(argv, {
      ...{version: '1.0.0', open: memoryImages(images).open, readDockerfiles: async () => [], color: false, results},
      today: () => '2026-11-29',
      readFile: async () => POLICY,
      writeFile: async (name, text) => void written.set(name, text),
      stdout: text => {
        stdout += text
      },
      stderr: text => {
        stderr += text
      },
    })
    return {exitCode, stdout, stderr}
  }
  const check = (file: string, images: Readonly<Record<string, MemoryImage>>, ...argv: readonly string[]) =>
    run(images, ...Object.keys(images), '--stream', file, ...argv)
  const trend = (...argv: readonly string[]) => run({}, 'trend', ...argv)
  return {files, written, check, trend}
}

/** A run, a later one, and what the program says of them. */
async function trendOf(
  before: Readonly<Record<string, MemoryImage>>,
  now: Readonly<Record<string, MemoryImage>>,
  ...argv: readonly string[]
) {
  const {check, trend} = machine()
  await check('old.jsonl', before)
  await check('new.jsonl', now, ...argv)
  const {stdout} = await trend('new.jsonl', '--against', 'old.jsonl', '--format', 'json')
  return JSON.parse(stdout)
}

const named = (items: readonly {image: string; rule: string; platform?: string}[]): readonly string[] =>
  items.map(({image: reference, rule, platform}) => [reference, rule, platform].filter(Boolean).join(' '))

test('every way in which two runs can differ', async () => {
  const now = {'b:1': RIGHT, 'c:1': DOWN, 'd:1': WRONG, 'e:1': RIGHT, 'f:1': image(AMD64, {'/x': AMD64}), 'h:1': WRONG}
  const trend = await trendOf({...BEFORE}, {...now, 'a:1': WRONG}, '--policy', 'policy.yml')
  expect(named(trend.new)).toEqual([
    'c:1 could-not-check',
    'd:1 wrong-machine linux/arm64',
    'h:1 wrong-machine linux/arm64',
    'f:1 foreign-executable linux/arm64',
  ])
  expect(named(trend.mended)).toEqual(['b:1 wrong-machine linux/arm64', 'e:1 could-not-check'])
  expect(named(trend.unchanged)).toEqual(['f:1 wrong-machine linux/arm64'])
  expect(named(trend.setAside)).toEqual(['a:1 wrong-machine linux/arm64'])
  expect(named(trend.unknown)).toEqual(['c:1 wrong-machine linux/arm64'])
  expect(named(trend.gone)).toEqual(['g:1 wrong-machine linux/arm64'])
  expect(trend.images).toEqual({count: 7, before: 7, added: ['h:1'], removed: ['g:1']})
  expect(trend.otherwise).toEqual([expect.stringMatching(/^the policy file was none and is sha256:/)])
})

test('of the same runs nothing is new', async () => {
  const trend = await trendOf(BEFORE, BEFORE)
  expect([trend.new, trend.mended, trend.otherwise]).toEqual([[], [], []])
  expect(trend.unchanged).toHaveLength(6)
})

test('another digest, layer or message of the same finding is not new', async () => {
  const trend = await trendOf({'a:1': WRONG}, {'a:1': {...WRONG, digest: 0x44}})
  expect([trend.new, named(trend.unchanged)]).toEqual([[], ['a:1 wrong-machine linux/arm64']])
})

test('one more of what is alike is new', async () => {
  const twice = {'/x': AMD64, '/y': AMD64}
  const trend = await trendOf({'a:1': image(ARM64, {'/x': AMD64})}, {'a:1': image(ARM64, twice)})
  expect([trend.new, trend.mended].map(({length}) => length)).toEqual([1, 0])
})

test('of one image that is there twice, as in a run that was continued, the last counts', async () => {
  const {check, trend, files} = machine()
  await check('old.jsonl', {'a:1': WRONG})
  await check('new.jsonl', {'a:1': RIGHT})
  files.set('both.jsonl', `${files.get('old.jsonl')}${files.get('new.jsonl')}`)
  const {stdout} = await trend('both.jsonl', '--against', 'old.jsonl')
  expect(stdout).toContain('since the last run: 0 new, 1 mended, 0 unchanged')
})

describe('what is printed', () => {
  async function written() {
    const {check, trend, written: texts} = machine()
    await check('old.jsonl', {'a:1': WRONG, 'b:1': RIGHT})
    await check('new.jsonl', {'a:1': RIGHT, 'b:1': WRONG})
    return {trend, texts}
  }

  test('text', async () => {
    const {stdout, exitCode} = await (await written()).trend('new.jsonl', '--against', 'old.jsonl')
    expect([exitCode, stdout]).toEqual([
      EXIT.verified,
      `since the last run: 1 new, 1 mended, 0 unchanged
  new: error wrong-machine: b:1 linux/arm64: /app is x86-64, expected aarch64 (linux/arm64); linux/arm64 holds the same programs and libraries as linux/amd64
  mended: error wrong-machine: a:1 linux/arm64: /app is x86-64, expected aarch64 (linux/arm64); linux/arm64 holds the same programs and libraries as linux/amd64
  2 images, 2 before
`,
    ])
  })

  test('Markdown, in a file', async () => {
    const {trend, texts} = await written()
    await trend('new.jsonl', '--against', 'old.jsonl', '--format', 'markdown', '--output', 't.md')
    expect(texts.get('t.md')).toBe(`### Since the last run: 1 new, 1 mended, 0 unchanged

**new**

- error wrong-machine: b:1 linux/arm64: /app is x86-64, expected aarch64 (linux/arm64); linux/arm64 holds the same programs and libraries as linux/amd64

<details><summary>1 mended</summary>

- error wrong-machine: a:1 linux/arm64: /app is x86-64, expected aarch64 (linux/arm64); linux/arm64 holds the same programs and libraries as linux/amd64

</details>

- 2 images, 2 before
`)
  })

  test('--fail-on-new: 1 where an error is new', async () => {
    const {trend} = await written()
    expect((await trend('new.jsonl', '--against', 'old.jsonl', '--fail-on-new')).exitCode).toBe(EXIT.findings)
    expect((await trend('new.jsonl', '--against', 'new.jsonl', '--fail-on-new')).exitCode).toBe(EXIT.verified)
  })

  test('many: the first fifty, and how many more', async () => {
    const {check, trend} = machine()
    const many = (kind: MemoryImage) => Object.fromEntries(Array.from({length: 60}, (_, at) => [`a:${at}`, kind]))
    await check('old.jsonl', many(RIGHT))
    await check('new.jsonl', many(WRONG))
    const {stdout} = await trend('new.jsonl', '--against', 'old.jsonl')
    expect(stdout.match(/ {2}new: error/g)).toHaveLength(50)
    expect(stdout).toContain('  new: 10 more\n')
  })
})

test.each<[readonly string[], string]>([
  [[], 'trend: no file is given'],
  [['a.jsonl'], 'trend: no --against FILE is given'],
  [['a.jsonl', '--against', 'b.jsonl', '--format', 'sarif'], 'trend: --format: expected text, markdown, json, got'],
  [['a.jsonl', '--against', 'b.jsonl', '--output', ''], 'trend: --output: expected a file'],
  [['a.jsonl', '--against', 'b.jsonl'], 'b.jsonl cannot be read: no such file'],
  [['a.jsonl', '--againts', 'b.jsonl'], 'there is no flag "--againts"; did you mean --against?'],
])('%j', async (argv, said) => {
  const {exitCode, stderr} = await machine().trend(...argv)
  expect([exitCode, stderr]).toEqual([EXIT.usage, expect.stringContaining(said)])
})

test('a file without a result is not a run', async () => {
  const {trend, files, check} = machine()
  await check('new.jsonl', {'a:1': RIGHT})
  files.set('old.jsonl', '')
  expect((await trend('new.jsonl', '--against', 'old.jsonl')).stderr).toContain('there is no result in old.jsonl')
})
