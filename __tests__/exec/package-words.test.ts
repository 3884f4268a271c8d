import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * Which script npm 11.19 ran by its words, and which Yarn 1.22 and pnpm 9 run by their sources, as literals.
 */

const native = executable(program({}))
const js = executable('#!/bin/node\n')
const SCRIPTS = {start: 'one', test: 'two', stop: 'three', own: 'four', add: 'five', preown: 'six', postown: 'seven'}
const TREE: MemoryTree = {
  ...Object.fromEntries(
    ['sh', 'node', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'tool'].map(name => [`/bin/${name}`, native]),
  ),
  ...Object.fromEntries(['npm', 'npx', 'yarn', 'pnpm'].map(name => [`/bin/${name}`, js])),
  '/app/package.json': JSON.stringify({scripts: SCRIPTS}),
  '/app/sub': {kind: 'directory'},
  '/bare/package.json': '{}',
  '/served/package.json': '{}',
  '/served/server.js': '',
  '/shell/package.json': JSON.stringify({scripts: SCRIPTS}),
  '/bad/package.json': '{"scripts": {"start": "one"}',
  '/berry/package.json': JSON.stringify({scripts: SCRIPTS, packageManager: 'yarn@4.1.0'}),
  '/berry2/package.json': JSON.stringify({scripts: SCRIPTS}),
  '/berry2/.yarnrc.yml': '',
  '/classic/package.json': JSON.stringify({scripts: SCRIPTS, packageManager: 'yarn@1.22.22'}),
}

/** The programs that scripts start; what is refused; what is not known. */
async function start(line: string, cwd = '/app', files: MemoryTree = {}): Promise<string> {
  const {steps, unknowns} = await readStartup({
    config: imageConfig({entrypoint: line.split(' '), env: ['PATH=/bin'], workingDir: cwd}),
    rootfs: memoryRootfs({...TREE, ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const own = /^(node|sh|\/bin\/(node|npm|npx|yarn|pnpm)|npm|npx|yarn|pnpm)$/
  const lines = steps.flatMap(({argv = [], path, role, obstacle, certainty}) => {
    if (obstacle) return ['reason' in obstacle ? obstacle.reason : `${path}: ${obstacle.kind}`]
    if (role !== 'program' || (own.test(argv[0] ?? '') && argv[1] !== 'server.js')) return []
    return [`${certainty === 'likely' ? '?' : ''}${argv.join(' ')}`]
  })
  return [...lines, ...unknowns.map(({reason}) => reason)].join(', ')
}

describe('npm', () => {
  test.each([
    ['npm start', 'one'],
    ['npm start x', 'one x'],
    ['npm stop', 'three'],
    ['npm test', 'two'],
    ['npm t x', 'two x'],
    ['npm tst', 'two'],
    ['npm run own', 'six, four, seven'],
    ['npm run-script own', 'six, four, seven'],
    ['npm rum own', 'six, four, seven'],
    ['npm urn own', 'six, four, seven'],
    ['npm run own --ignore-scripts', 'four'],
    ['npm run own --silent', 'six, four, seven'],
    ['npm run none', '/app/package.json has no script "none"'],
    ['npm run none --if-present', ''],
    ['npm run none --silent', '/app/package.json has no script "none"'],
    ['npm run env', ''],
    ['npm run', ''],
    ['npm', ''],
    ['npm own', ''],
    ['npm install', ''],
    ['npm exec tool', 'tool'],
    ['npm x -- tool -y', 'tool -y'],
    ['npm exec', ''],
    ['npm exec a@1', 'npm fetches a@1 where it has to'],
    ['npx tool', 'tool'],
    ['npx -y tool -x', 'tool -x'],
    ['npx @a/b', 'npx fetches @a/b where it has to'],
    ['npx', ''],
    ['npm --strange start', 'the option --strange of npm is not understood'],
    ['npx --strange start', 'the option --strange of npx is not understood'],
    ['npm --loglevel=error start', 'one'],
    ['npm --loglevel error start', 'one'],
    ['npm --prefix /bare start', '/bare/package.json has no script "start"'],
    ['npm --prefix sub/.. start', 'one'],
    ['npm --prefix /app/sub start', '/app/sub/package.json: missing'],
    ['npm --script-shell /bin/x start', 'npm runs its scripts by a shell that its settings name'],
  ])('%s', async (line, expected) => {
    expect(await start(line)).toBe(expected)
  })

  test('server.js stands for a script start, and for no other', async () => {
    expect(await start('npm start', '/served')).toBe('node server.js')
    expect(await start('npm test', '/served')).toBe('/served/package.json has no script "test"')
    expect(await start('npm start', '/bare')).toBe('/bare/package.json has no script "start"')
    expect(await start('npm start', '/bad')).toBe('it cannot parse /bad/package.json')
  })

  test.each([
    ['script-shell=/bin/x\n', false],
    ['a=b\n \tscript-shell = /bin/x\n', false],
    ['shell-emulator=true\n', false],
    ['#script-shell=/bin/x\n', true],
    ['x-script-shell=/bin/x\n', true],
    ['script-shell-x=/bin/x\n', true],
    ['', true],
  ])('.npmrc %j', async (text, isKnown) => {
    const expected = isKnown ? 'one' : 'npm runs its scripts by a shell that its settings name'
    expect(await start('npm start', '/shell', {'/shell/.npmrc': text})).toBe(expected)
  })
})

describe('yarn', () => {
  const OWN = (directory: string) => `yarn runs the scripts of ${directory}/package.json by a shell of its own`
  test.each([
    ['yarn start', '/app', 'one'],
    ['yarn test', '/app/sub', 'two'],
    ['yarn own x', '/app', 'six, four x, seven'],
    ['yarn run own', '/app', 'six, four, seven'],
    ['yarn run tool', '/app', 'tool'],
    ['yarn add x', '/app', ''],
    ['yarn run add', '/app', 'five'],
    ['yarn node server.js', '/served', 'node server.js'],
    ['yarn', '/app', ''],
    ['yarn --strange', '/app', 'the option --strange of yarn is not understood'],
    ['yarn start', '/berry', OWN('/berry')],
    ['yarn start', '/berry2', OWN('/berry2')],
    ['yarn start', '/classic', 'one'],
  ])('%s in %s', async (line, cwd, expected) => {
    expect(await start(line, cwd)).toBe(expected)
  })
})

describe('pnpm', () => {
  test.each([
    ['pnpm start', 'one'],
    ['pnpm test', 'two'],
    ['pnpm run test', 'two'],
    ['pnpm run-script test', 'two'],
    ['pnpm run own', '?six, four, ?seven'],
    ['pnpm own', '?six, four, ?seven'],
    ['pnpm add x', ''],
    ['pnpm run add', 'five'],
    ['pnpm none', ''],
    ['pnpm exec tool', 'tool'],
    ['pnpm exec nosuch', 'nosuch: not-in-path'],
    ['pnpm exec', ''],
    ['pnpm', ''],
    ['pnpm -C /bare start', '/bare/package.json has no script "start"'],
    ['pnpm --strange', 'the option --strange of pnpm is not understood'],
  ])('%s', async (line, expected) => {
    expect(await start(line)).toBe(expected)
  })

  test('without a package', async () => {
    expect(await start('pnpm none', '/bin')).toBe('')
    expect(await start('pnpm start', '/bin')).toBe('/bin/package.json: missing')
  })
})
