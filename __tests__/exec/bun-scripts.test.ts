import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../support/script-start.ts'

/** What a container starts by `exec COMMAND` in /app, with Bun, scripts of a package and no Node. */
async function started(
  command: string,
  scripts: Readonly<Record<string, string>>,
  files: MemoryTree = {},
): Promise<readonly string[]> {
  const startup = await startScript(`cd /app\nexec ${command}`, {
    files: {
      '/bin/node': {kind: 'directory'},
      '/bin/npm': {kind: 'directory'},
      '/usr/bin/env': executable(nativeProgram()),
      '/usr/local/bin/bun': executable(nativeProgram()),
      '/usr/local/bin/bunx': {link: 'bun'},
      '/app/node_modules/.bin/hello': executable('#!/usr/bin/env node\n'),
      '/app/index.js': '',
      '/app/package.json': JSON.stringify({scripts}),
      ...files,
    },
  })
  return sayStart(startup).filter(line => !/^\/usr\/(local\/bin\/bunx?|bin\/env)\b/.test(line))
}

const NODE = '/tmp/bun-node/node -> /usr/local/bin/bun'
const HELLO = ['/app/node_modules/.bin/hello', NODE]

describe('what Bun starts', () => {
  // Measured with bun 1.4.5 and a PATH that has neither node nor npm, pnpm and yarn.
  test.each<[string, string, readonly string[]]>([
    ['bun run start', 'node index.js', [NODE, 'index.js -> /app/index.js']],
    ['bun start', 'hello x', HELLO],
    ['bun run hello', '', HELLO],
    ['bunx --bun hello', '', HELLO],
    ['bun x hello', '', HELLO],
    ['bun start', 'npm run other', ['/app/server']],
    ['bun start', 'A=1 pnpm run other', ['/app/server']],
    ['bun start', 'true && yarn run other', ['/app/server']],
    ['bun start', 'sh -c "npm run other"', ['/app/server']],
    ['bun start', 'npx --yes hello', HELLO],
    ['bun start', 'pnpm dlx hello', HELLO],
    ['bun start', 'npm start', ['npm: not-in-path']],
    ['bun start', 'npm run-script other', ['npm: not-in-path']],
    ['bun start', 'pnpm exec hello', ['pnpm: not-in-path']],
    ['bun start', '[[ a = a ]] && /app/server', ['/app/server']],
    ['bun start', 'nope', ['nope: not-in-path']],
  ])('%s of %s', async (command, script, expected) => {
    expect(await started(command, {start: script, other: '/app/server'})).toEqual(expected)
  })

  test('Bun in place of a Node that is there', async () => {
    const arm = {'/app/node': {link: 'arm'}}
    const PATH = 'env PATH=/app:/usr/local/bin:/bin'
    expect(await started(`${PATH} bun start`, {start: 'node index.js'}, arm)).toEqual([
      '/app/node -> /app/arm: refused',
      'index.js -> /app/index.js',
    ])
    expect(await started(`${PATH} bun --bun start`, {start: 'node index.js'}, arm)).toEqual([
      NODE,
      'index.js -> /app/index.js',
    ])
  })

  test.each([
    ['a shell of its own', '[run]\nshell = "bun"\n', 'unknown: bun runs its scripts by a shell of its own'],
    ['itself for node', '[run]\nbun = true\n', 'unknown: bun stands for node in its scripts'],
  ])('settings that name %s', async (_, settings, expected) => {
    expect(await started('bun start', {start: 'node x'}, {'/app/bunfig.toml': settings})).toEqual([expected])
  })

  test('Yarn, whose commands only some versions take for theirs', async () => {
    expect(await started('bun start', {start: 'yarn other'})).toEqual([
      'unknown: whether bun stands for yarn in the script start of /app/package.json depends on its version',
    ])
  })
})
