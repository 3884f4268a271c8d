// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {parseMetadata} from '../../../src/exec/services/launcher/metadata.ts'
import {imageConfig} from '../../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'
import {readStartup} from '../../support/told-startup.ts'

const native = executable(program({}))
const arm64 = executable(program({machine: 183}))

const BUILDPACK = '[[buildpacks]]\n  id = "own/node"\n  version = "1"\n  api = "0.9"\n'

function metadata(process: string): string {
  return `${BUILDPACK}\n[[processes]]\n  type = "web"\n  buildpack-id = "own/node"\n${process}\n`
}

const BASE: MemoryTree = {
  '/cnb/lifecycle/launcher': native,
  '/cnb/process/web': {link: '/cnb/lifecycle/launcher'},
  '/bin/bash': native,
  '/bin/app': native,
  '/bin/arm': arm64,
  '/workspace/run': arm64,
}

/** Each step as `path words (via) what is wrong`, behind the launcher itself. */
async function launch(
  process: string,
  {
    api = '0.11',
    words = [],
    entrypoint = ['/cnb/process/web'],
    files = {},
  }: {
    readonly api?: string
    readonly words?: readonly string[]
    readonly entrypoint?: readonly string[]
    readonly files?: MemoryTree
  } = {},
): Promise<readonly string[]> {
  const {steps, unknowns} = await readStartup({
    config: imageConfig({
      env: ['PATH=/cnb/process:/cnb/lifecycle:/bin', `CNB_PLATFORM_API=${api}`],
      entrypoint,
      cmd: words,
    }),
    rootfs: memoryRootfs({...BASE, '/layers/config/metadata.toml': metadata(process), ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const lines = steps.slice(1).map(({path, argv = [], via, certainty, obstacle, verdict}) => {
    const wrong =
      verdict?.fit === 'foreign' ? 'foreign' : obstacle && 'reason' in obstacle ? obstacle.reason : obstacle?.kind
    return `${[path, ...(path.endsWith('bash') ? [] : argv.slice(1))].join(' ')} (${via})${certainty === 'likely' ? ' likely' : ''}${wrong ? `: ${wrong}` : ''}`
  })
  return [...lines, ...unknowns.map(({reason}) => `unknown: ${reason}`)]
}

describe('a process that is executed', () => {
  test.each([
    [
      'a good one',
      'command = ["app", "-x"]\nargs = ["y"]\ndirect = true',
      {},
      ['/bin/app -x y (process web of launcher)'],
    ],
    [
      'of another machine',
      'command = ["/bin/arm"]\ndirect = true',
      {},
      ['/bin/arm (process web of launcher): foreign'],
    ],
    ['missing', 'command = ["none"]\ndirect = true', {}, ['none (process web of launcher): not-in-path']],
    [
      'without an execute bit',
      'command = ["/plain"]\ndirect = true',
      {files: {'/plain': ''}},
      ['/plain (process web of launcher): no-execute-permission'],
    ],
    [
      'words in place of its arguments',
      'command = ["app", "-x"]\nargs = ["y"]\ndirect = true',
      {words: ['z']},
      ['/bin/app -x z (process web of launcher)'],
    ],
    [
      'words in place of arguments, since 0.9',
      'command = "app"\nargs = ["y"]\ndirect = true',
      {words: ['z']},
      ['/bin/app z (process web of launcher)'],
    ],
    [
      'words behind arguments, before platform 0.10',
      'command = "app"\nargs = ["y"]\ndirect = true',
      {words: ['z'], api: '0.9'},
      ['/bin/app y z (process web of launcher)'],
    ],
    ['in its own directory', 'command = "run"\ndirect = true\nworking-dir = "/srv"', {}, ['unknown']],
    [
      'no command',
      'direct = true',
      {},
      ['/cnb/process/web (command line of launcher): the process web has no command'],
    ],
    [
      'a directory that is not there',
      'command = "app"\ndirect = true\nworking-dir = "/none"',
      {},
      ['/cnb/process/web (command line of launcher): it cannot change to /none'],
    ],
  ])('%s', async (_, process, options, lines) => {
    const got = await launch(process, options)
    expect(lines[0] === 'unknown' ? got.length : got).toEqual(lines[0] === 'unknown' ? 1 : lines)
  })

  test.each([
    [
      'its words',
      {words: ['arm', 'x']},
      [
        '/bin/bash (argument of launcher)',
        '/bin/bash (exec in bash -c)',
        '/bin/arm x (last command in bash -c): foreign',
      ],
    ],
    ['words behind --', {words: ['--', 'arm', 'x']}, ['/bin/arm x (argument of launcher): foreign']],
    [
      'no words',
      {},
      ['/cnb/lifecycle/launcher (command line of launcher): there is no default process, and no command'],
    ],
  ])('without a type: %s', async (_, options, lines) => {
    expect(await launch('command = "app"', {...options, entrypoint: ['/cnb/lifecycle/launcher']})).toEqual(lines)
  })

  test('before platform 0.4 the type is web, or a word', async () => {
    const entrypoint = ['/cnb/lifecycle/launcher']
    const process = 'command = "arm"\ndirect = true'
    expect(await launch(process, {entrypoint, api: '0.3'})).toEqual(['/bin/arm (process web of launcher): foreign'])
    expect(await launch(process, {entrypoint, api: '0.3', words: ['web']})).toEqual([
      '/bin/arm (process web of launcher): foreign',
    ])
  })
})

describe('a process that bash runs', () => {
  test('a line, behind profile scripts', async () => {
    const files = {
      '/layers/own_node/a/profile.d/x.sh': 'export NAME=arm\n',
      '/workspace/.profile': 'PATH=$PATH:/opt\n',
      '/opt/arm': arm64,
      '/bin/arm': 'gone',
    }
    expect(await launch('command = "exec $NAME -x"', {files})).toEqual([
      '/bin/bash (process web of launcher)',
      '/bin/bash (exec in bash -c)',
      '/opt/arm -x (exec in bash -c): foreign',
    ])
  })

  test('a command with arguments, each of which is expanded', async () => {
    const files = {'/layers/own_node/a/env.launch/NAME': 'arm'}
    expect(await launch('command = "$NAME"\nargs = ["-x $NAME"]', {files})).toEqual([
      '/bin/bash (process web of launcher)',
      '/bin/bash (exec in bash -c)',
      '/bin/arm -x arm (last command in bash -c): foreign',
    ])
  })

  test('without bash nothing starts', async () => {
    expect(await launch('command = "app"', {files: {'/bin/bash': arm64}})).toContain(
      '/bin/bash (process web of launcher): foreign',
    )
  })
})

describe('layers', () => {
  const process = 'command = "tool"\ndirect = true'

  test.each([
    ['bin', {'/layers/own_node/a/bin/tool': arm64}],
    ['env that overrides', {'/x/tool': arm64, '/layers/own_node/a/env/PATH': '/x'}],
    [
      'env.launch that appends',
      {
        '/x/tool': arm64,
        '/layers/own_node/a/env.launch/PATH.append': '/x',
        '/layers/own_node/a/env.launch/PATH.delim': ':',
      },
    ],
    ['env.launch of the type', {'/x/tool': arm64, '/layers/own_node/a/env.launch/web/PATH.prepend': '/x:'}],
  ])('%s', async (_, files) => {
    const [line] = await launch(process, {files: {...files, '/bin/tool': ''}})
    expect(line).toMatch(/tool \(process web of launcher\): foreign$/)
  })

  test('of another type, of another buildpack and by a symlink they are passed over', async () => {
    const files = {
      '/layers/own_node/a/env.launch/worker/PATH': '/x',
      '/layers/other/a/bin/tool': arm64,
      '/layers/own_node/link': {link: '/layers/other/a'},
      '/bin/tool': native,
    }
    expect(await launch(process, {files})).toEqual(['/bin/tool (process web of launcher)'])
  })

  test('a program of exec.d must start, and may change PATH', async () => {
    const helper = '/layers/own_node/a/exec.d/1-helper'
    const files = {'/layers/own_node/a/helper': native, [helper]: {link: '../helper'}, '/bin/tool': arm64}
    expect(await launch(process, {files})).toEqual([
      `${helper} (exec.d of launcher)`,
      '/bin/tool (process web of launcher) likely: foreign',
    ])
    expect(await launch(process, {files: {...files, '/layers/own_node/a/helper': arm64}})).toEqual([
      `${helper} (exec.d of launcher): foreign`,
    ])
    expect(await launch('command = "/bin/arm"\ndirect = true', {files})).toEqual([
      `${helper} (exec.d of launcher)`,
      '/bin/arm (process web of launcher): foreign',
    ])
  })
})

describe('metadata.toml', () => {
  test('is read as the lifecycle writes it', () => {
    const text =
      '[[bom]]\n  x = {a = 1}\n[[processes]]\n  type = "w\\u0065b"\n  command = ["a b", "\\"c\\\\"]\n  args = []\n  direct = false\n  [other.table]\n    type = 7\n'
    expect(parseMetadata(text)?.processes).toEqual([
      {type: 'web', command: ['a b', '"c\\'], args: [], isDirect: false, buildpack: '', directory: '', execEnv: []},
    ])
  })

  test.each([
    ['a number', '[[processes]]\ntype = 7'],
    ['a text of several lines', '[x]\na = """\n[[processes]]\n"""'],
    ['an array over lines', '[[processes]]\nargs = [\n"a"]'],
    ['no end of a text', '[[processes]]\ntype = "a'],
    ['a wrong escape', '[[processes]]\ntype = "\\q"'],
    ['a text in single quotes', "[[processes]]\ntype = 'a'"],
    ['an odd code point', '[[processes]]\ntype = "\\UFFFFFFFF"'],
    ['more behind a value', '[[processes]]\nargs = ["a"] x'],
  ])('anything else is not determined: %s', async (_, text) => {
    expect(parseMetadata(text)).toBeUndefined()
    expect(await launch('', {files: {'/layers/config/metadata.toml': text}})).toEqual([
      'unknown: /layers/config/metadata.toml is not as the lifecycle writes it',
    ])
  })
})

test('a launcher without such a file is another program', async () => {
  expect(await launch('', {files: {'/layers/config/metadata.toml': {link: '/none'}}})).toEqual([
    'unknown: launcher starts what its configuration says',
  ])
})
