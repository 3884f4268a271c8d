import {afterAll, beforeAll, expect, test} from '@jest/globals'
import {EXIT, runCli} from '../../src/cli.ts'
import {parseInventory} from '../../src/inventory/index.ts'
import {keepWaits} from '../../src/net/waits.ts'
import {imageOpener} from '../../src/source/open.ts'
import {buildElf} from '../support/elf-builder.ts'
import {buildImage} from '../support/image-builder.ts'
import {memoryFiles} from '../support/memory-results.ts'
import {type RegistryServer, startRegistryServer} from '../support/registry-server.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

// The plan of a fleet: one machine asks for sizes, and each part reads the plan.

const layer = (name: string, size: number) => ({[name]: {content: Buffer.alloc(size, name), mode: 0o755}})
const platform = (architecture: string, machine: number, name: string, size: number) => ({
  ...{platform: {os: 'linux', architecture}, process: {Entrypoint: ['/app']}, compression: 'none' as const},
  layers: [{app: {content: buildElf({machine, align: 0x10000}), mode: 0o755}}, layer(name, size)],
})

let server: RegistryServer
beforeAll(async () => {
  server = await startRegistryServer()
  for (const [at, size] of [10_000_000, 20_000, 30_000].entries()) {
    server.push(
      'org/app',
      buildImage([platform('amd64', 62, `a${at}`, size), platform('arm64', 183, `b${at}`, size)]),
      `${at}`,
    )
  }
})
afterAll(() => server.stop())

const names = (): readonly string[] => [
  ...[0, 1, 2].map(tag => `${server.host}/org/app:${tag}`),
  `${server.host}/gone:1`,
]

function machine(files: Readonly<Record<string, string>>) {
  const memory = memoryFiles()
  const controller = new AbortController()
  const open = imageOpener({
    ...{env: {}, signal: controller.signal, waits: keepWaits(() => {}), run: 'run', version: '1.0.0'},
    ...{announceDaemon: () => {}, announcePull: () => {}, mask: () => {}, warn: () => {}, progress: () => {}},
    temporary: temporaryFolder('plan'),
    cache: {folder: temporaryFolder('plan-cache')},
  })
  return async (...argv: readonly string[]) => {
    let [stdout, stderr] = ['', '']
    const exitCode = await runCli(argv, {
      ...{version: '1.0.0', open, readDockerfiles: async () => [], color: false, results: memory.results},
      readFile: async name => files[name] ?? '',
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
}

const FROM = ['--source', 'registry', '--images-from', 'images.txt']

test('without sizes it is the images, and nothing is asked for', async () => {
  server.forget()
  const {exitCode, stdout} = await machine({'images.txt': names().join('\n')})('plan', ...FROM)
  expect([exitCode, server.requests]).toEqual([EXIT.verified, []])
  expect(stdout).toBe(
    names()
      .map(image => `{"type":"plan","image":"${image}"}\n`)
      .join(''),
  )
})

test('with sizes it has the layers of one platform, for two requests an image', async () => {
  server.forget()
  const {stdout} = await machine({'images.txt': names().join('\n')})('plan', ...FROM, '--sizes')
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line))
  expect(lines.map(({platforms, layers}) => [platforms, layers?.length])).toEqual([
    [2, 2],
    [2, 2],
    [2, 2],
    [undefined, undefined],
  ])
  expect(lines[0].layers[1]).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/), expect.any(Number)])
  expect(lines[0].layers[1][1]).toBeGreaterThan(10_000_000)
  expect(server.requests.filter(({url}) => url.includes('/manifests/') && !url.includes('gone'))).toHaveLength(6)
  expect(server.requests.filter(({url}) => url.includes('/blobs/'))).toEqual([])
})

test('the parts of a plan are those of its sizes, and merge is the report of one run', async () => {
  const plan = (await machine({'images.txt': names().join('\n')})('plan', ...FROM, '--sizes')).stdout
  const run = machine({'images.txt': names().join('\n'), 'plan.jsonl': plan})
  const said: string[] = []
  for (const part of [1, 2]) {
    const {stdout} = await run(
      '--source',
      'registry',
      '--images-from',
      'plan.jsonl',
      '--stream',
      `${part}`,
      '--shard',
      `${part}/2`,
    )
    said.push(stdout.trimEnd().split('\n').at(-1) ?? '')
  }
  // The one of 20 MB is alone.
  expect(said.map(line => Number(line.split(' ')[0])).toSorted()).toEqual([1, 3])
  const merged = await run('merge', '1', '2', '--format', 'json')
  expect(merged.stdout).toBe((await run(...FROM, '--format', 'json')).stdout)
})

test.each([
  ['{"type":"plan","image":"a:1"}\n{"type":"plan"}', '2: expected a line of a plan'],
  ['{"type":"plan","image":"a:1"}\napp:2', '2: expected a line of a plan'],
  ['{"type":"plan","image":"a:1","platforms":2}', '1: expected a number of platforms, and layers'],
  ['{"type":"plan","image":"a:1","platforms":2,"layers":[["abc",-1]]}', '1: expected a number of platforms'],
  ['{"type":"plan","image":"A:1"}', '1: '],
])('%s', (text, problem) => {
  expect(parseInventory(text)).toEqual({ok: false, problem: expect.stringContaining(problem)})
})

test.each<[readonly string[], string]>([
  [['--images-from', 'images.txt', '--format', 'json'], 'plan: it writes one plan'],
  [['--images-from', 'images.txt', '--stream', 'x'], 'plan: it checks nothing'],
  [[], 'no image'],
])('plan %j', async (argv, said) => {
  const {exitCode, stderr} = await machine({'images.txt': 'a:1'})('plan', ...argv)
  expect([exitCode, stderr]).toEqual([EXIT.usage, expect.stringContaining(said)])
})
