import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {layoutOf} from '../../scripts/support/layout-builder.ts'
import {EXIT, runCli} from '../../src/cli.ts'
import {imageOpener} from '../../src/source/open.ts'
import {buildElf} from '../support/elf-builder.ts'
import {startAction} from '../support/start-action.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

/** An image of a good program, whose config has more bytes than is usual. */
const PLATFORM = {
  ...{platform: 'linux/amd64', config: {Entrypoint: ['/app']}},
  extraConfig: {comment: ' '.repeat(8 * 2 ** 20)},
  layers: [{files: [{path: 'app', content: buildElf({machine: 62})}]}],
}

let folder = ''

beforeAll(() => {
  folder = temporaryFolder('raised')
  for (const [path, bytes] of layoutOf([{platforms: [PLATFORM]}]).files) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), bytes)
  }
})

async function run(...argv: readonly string[]) {
  let stdout = ''
  let stderr = ''
  const {signal} = new AbortController()
  const none = (): void => undefined
  const exitCode = await runCli([`oci:${folder}`, ...argv], {
    version: '1.2.3',
    open: imageOpener({
      ...{env: {}, signal, run: 'test', temporary: folder, version: '1.2.3', cache: {folder}},
      ...{announceDaemon: none, announcePull: none, mask: none, warn: none, progress: none},
    }),
    readDockerfiles: async () => [],
    stdout: text => {
      stdout += text
    },
    stderr: text => {
      stderr += text
    },
    writeFile: async () => undefined,
    color: false,
  })
  return {exitCode, stdout, stderr}
}

describe('an image beyond a limit', () => {
  test('cannot be checked, and the message says how it can', async () => {
    const {exitCode, stdout, stderr} = await run()
    expect([exitCode, stdout]).toEqual([EXIT.couldNotCheck, ''])
    expect(stderr).toMatch(/: config sha256:[0-9a-f]+ has \d+ bytes, expected at most 8 MiB \(limit config-bytes\)\n/)
    expect(stderr).toContain('raise it with --limits config-bytes=9MiB.\n')
  })

  test('is verified where the limit is raised as the message says', async () => {
    const {exitCode, stderr} = await run('--limits', 'config-bytes=9MiB')
    expect([exitCode, stderr]).toEqual([EXIT.verified, ''])
  })

  test('a mistake is one of usage', async () => {
    const {exitCode, stderr} = await run('--limits', 'config-byte=9MiB,layer-entries=many')
    expect(exitCode).toBe(EXIT.usage)
    expect(stderr).toContain('limits: there is no limit "config-byte"; did you mean config-bytes?')
    expect(stderr).toContain('limits: layer-entries: expected a whole number, got "many"')
  })
})

describe('the input of the action', () => {
  const start = (inputs: Readonly<Record<string, string>>) =>
    startAction({program: 'src/bin/action.ts', inputs: {image: `oci:${folder}`, ...inputs}})

  test('without it the step fails, and nothing is verified', async () => {
    const {exitCode, log, output} = await start({})
    expect(exitCode).toBe(1)
    expect(log).toContain('raise it with limits: config-bytes=9MiB.')
    expect(output).not.toMatch(/verified[^\n]*\ntrue/)
  })

  test('with it the image is verified', async () => {
    const {exitCode, output} = await start({limits: 'config-bytes=9MiB # a config with a long comment'})
    expect(output).toMatch(/verified[^\n]*\ntrue/)
    expect(exitCode).toBe(0)
  })
})
