import {execFile} from 'node:child_process'
import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from '@jest/globals'
import {COMPILE_CACHE} from '../support/compile-cache.ts'
import {buildElf} from '../support/elf-builder.ts'
import {buildImage} from '../support/image-builder.ts'
import {type RegistryServer, startRegistryServer} from '../support/registry-server.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

// The command as processes of its own, and a registry that counts its requests.

const platform = (architecture: string, machine: number, text: string) => ({
  platform: {os: 'linux', architecture},
  process: {Entrypoint: ['/app']},
  layers: [{app: {content: Buffer.concat([buildElf({machine, align: 0x10000}), Buffer.from(text)]), mode: 0o755}}],
})

let server: RegistryServer
let folder = ''
const names: string[] = []
beforeAll(async () => {
  server = await startRegistryServer()
  folder = temporaryFolder('fleet')
  for (let at = 0; at < 8; at += 1) {
    const arm64 = platform('arm64', at === 3 ? 62 : 183, `${at}`)
    server.push(`org/app${at % 3}`, buildImage([platform('amd64', 62, `${at}`), arm64]), `v${at}`)
    names.push(`${server.host}/org/app${at % 3}:v${at}`)
  }
  await writeFile(join(folder, 'images.txt'), `${names.join('\n')}\n${server.host}/org/gone:1\n`)
})
afterAll(() => server.stop())

function run(...argv: readonly string[]): Promise<{readonly exitCode: number; readonly stdout: string}> {
  const program = join(import.meta.dirname, '../../src/bin/command.ts')
  const env = {...COMPILE_CACHE, HOME: folder, PATH: process.env.PATH}
  return new Promise(resolve => {
    execFile(process.execPath, ['--no-warnings', program, ...argv], {cwd: folder, env}, (error, stdout) => {
      resolve({exitCode: typeof error?.code === 'number' ? error.code : 0, stdout})
    })
  })
}

const IMAGES = ['--images-from', 'images.txt', '--source', 'registry']

test('two processes and a merge give the report of one', async () => {
  const ends = await Promise.all([
    run(...IMAGES, '--report', 'json=one.json', '--report', 'sarif=one.sarif', '--output', 'one.txt'),
    run(...IMAGES, '--stream', 'part-1.jsonl', '--shard', '1/2'),
    run(...IMAGES, '--stream', 'part-2.jsonl', '--shard', '2/2'),
  ])
  expect(Math.max(...ends.map(({exitCode}) => exitCode))).toBe(3)
  const merged = ['--report', 'json=m.json', '--report', 'sarif=m.sarif', '--output', 'm.txt']
  expect((await run('merge', 'part-1.jsonl', 'part-2.jsonl', ...merged)).exitCode).toBe(3)
  for (const kind of ['json', 'sarif', 'txt']) {
    const [one, other] = await Promise.all(['one', 'm'].map(name => readFile(join(folder, `${name}.${kind}`), 'utf8')))
    expect(other).toBe(one)
    expect(one).toContain('wrong-machine')
  }
})

test('a run that is continued asks for the digest of each image, and reads none', async () => {
  const first = server.requests.length
  expect((await run(...IMAGES, '--stream', 'r.jsonl')).exitCode).toBe(3)
  const second = server.requests.length
  const {exitCode, stdout} = await run(...IMAGES, '--resume', 'r.jsonl')
  const again = server.requests.slice(second).map(({url}) => url)
  expect([exitCode, stdout]).toEqual([
    3,
    expect.stringContaining('9 images: 7 passed, 1 failed, 1 could not be checked, 8 of them kept'),
  ])
  for (const name of names) {
    const path = name.slice(server.host.length + 1).replace(':', '/manifests/')
    expect(again.filter(url => url.endsWith(path))).toHaveLength(1)
  }
  expect(again.filter(url => url.includes('/blobs/'))).toEqual([])
  // The ninth is of the image that is not there.
  expect(again).toHaveLength(9)
  expect(second - first).toBeGreaterThan(40)
})
