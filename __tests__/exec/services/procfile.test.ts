import {describe, expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {readStartup} from '../../../src/exec/index.ts'
import {parseFormation, parseProcfile} from '../../../src/exec/services/procfile/entries.ts'
import {parseForemanEnv, parseGoEnv, parseHonchoEnv} from '../../../src/exec/services/procfile/env-file.ts'
import {joinAsNode, joinAsPython, joinAsRuby} from '../../../src/exec/services/procfile/quote-words.ts'
import {rubyCommand} from '../../../src/exec/services/procfile/ruby-command.ts'
import {imageConfig} from '../../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'

const native = executable(program({}))
const arm64 = executable(program({machine: 183}))

const BASE: MemoryTree = {
  '/bin/sh': native,
  '/bin/app': native,
  '/bin/arm': arm64,
  '/bin/plain': 'no execute bit',
  '/bin/ruby': native,
  '/bin/python3': native,
  '/bin/hivemind': native,
  '/bin/overmind': native,
  '/usr/bin/foreman': executable("#!/bin/ruby\nload Gem.bin_path('foreman', 'foreman')\n"),
  '/bin/node': native,
  '/usr/bin/nf': executable('#!/bin/node\n// Node module: foreman\n'),
  '/usr/bin/honcho': executable('#!/bin/python3\nfrom honcho.command import main\n'),
}

/** What the shell of each process starts. */
async function follow(
  entrypoint: readonly string[],
  files: MemoryTree,
  env: readonly string[] = [],
): Promise<readonly string[]> {
  const {steps, unknowns} = await readStartup({
    config: imageConfig({env: ['PATH=/bin:/usr/bin', ...env], entrypoint, workingDir: '/srv'}),
    rootfs: memoryRootfs({...BASE, ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const lines = steps.flatMap(({path, argv = [], via, obstacle, verdict}) => {
    const wrong =
      verdict?.fit === 'foreign' ? 'foreign' : obstacle && 'reason' in obstacle ? obstacle.reason : obstacle?.kind
    const isOwn = /sh -c$/.test(via) || obstacle !== undefined
    return isOwn ? [`${[path, ...argv.slice(1)].join(' ')}${wrong ? `: ${wrong}` : ''}`] : []
  })
  return [...lines, ...unknowns.map(({reason}) => `unknown: ${reason}`)]
}

const PROCFILE = {
  '/srv/Procfile': '# comment\nweb: exec arm $PORT\nworker: exec app $NAME\nbad line\n',
  '/srv/.env': 'NAME="x"\n',
}

describe('Procfiles', () => {
  test.each([
    ['foreman', ['foreman', 'start'], ['/bin/arm 5000: foreign', '/bin/app x']],
    ['one process', ['foreman', 'start', 'worker'], ['/bin/app x']],
    ['honcho', ['honcho', 'start', 'web'], ['/bin/arm 5000: foreign']],
    ['honcho with another file', ['honcho', '-f', 'other', 'start'], ['/bin/plain: no-execute-permission']],
    ['hivemind', ['hivemind'], ['/bin/arm 5000: foreign', '/bin/app x']],
    ['hivemind with another file', ['hivemind', 'other'], ['/bin/plain: no-execute-permission']],
    ['overmind', ['overmind', 's', '-l', 'worker'], ['/bin/app x']],
    ['overmind with another file', ['overmind', 'start', '-f', '/srv/other'], ['/bin/plain: no-execute-permission']],
    ['a program that is not there', ['foreman', 'start', '-f', 'none'], ['foreman: there is no /srv/none']],
    ['another command', ['foreman', 'check'], ['unknown: foreman check is not followed']],
    [
      'an option nobody knows',
      ['foreman', 'start', '--new'],
      ['unknown: the option --new of foreman is not understood'],
    ],
    ['a formation', ['foreman', 'start', '-m', 'worker=2'], ['/bin/app x']],
    ['a formation of all', ['overmind', 's', '-m', 'all=1,web=0'], ['/bin/app x']],
    ['a process that is left out', ['overmind', 's', '-x', 'web'], ['/bin/app x']],
    ['concurrency', ['honcho', 'start', '-c', 'web=0,worker=1'], ['/bin/app x']],
    ['foreman without its command first', ['foreman', '-f', 'other', 'start'], ['unknown: foreman -f is not followed']],
    ['two processes', ['foreman', 'start', 'web', 'worker'], ['foreman: it takes one process']],
    ['no such process', ['honcho', 'start', 'none'], ['honcho: /srv/Procfile has no process none']],
    ['no such variables', ['foreman', 'start', '-e', 'none'], ['foreman: there is no none']],
    ['its input', ['hivemind', '-'], ['unknown: hivemind reads its Procfile from its input']],
    ['a port', ['hivemind', '-p', '80', '-l', 'web'], ['/bin/arm 80: foreign']],
    ['none', ['overmind', 's', '-N', '-l', 'web'], ['/bin/arm: foreign']],
  ])('%s', async (_, entrypoint, lines) => {
    expect(await follow(entrypoint, {...PROCFILE, '/srv/other': 'x: exec /bin/plain\n'})).toEqual(lines)
  })

  test('missing programs', async () => {
    expect(await follow(['hivemind'], {'/srv/Procfile': 'a: exec none -x\nb: exec app\n'})).toEqual([
      'none -x: not-in-path',
      '/bin/app',
    ])
  })

  test('another Procfile and other processes by variables', async () => {
    const files = {...PROCFILE, '/srv/other': 'x: exec /bin/plain\ny: exec arm\n'}
    const env = ['OVERMIND_PROCFILE=other', 'OVERMIND_PROCESSES=x', 'HIVEMIND_PROCFILE=/srv/other']
    expect(await follow(['overmind', 'start'], files, env)).toEqual(['/bin/plain: no-execute-permission'])
    expect(await follow(['hivemind'], files, env)).toEqual(['/bin/plain: no-execute-permission', '/bin/arm: foreign'])
    expect(await follow(['honcho', 'start'], files, ['PROCFILE=other'])).toEqual([
      '/bin/plain: no-execute-permission',
      '/bin/arm: foreign',
    ])
  })

  test('ports', async () => {
    const files = {'/srv/Procfile': 'a: exec app $PORT\nb: exec app $PORT\n', '/srv/.env': 'PORT=700\n'}
    expect(await follow(['foreman', 'start', '-m', 'all=2'], files)).toEqual([
      ...['/bin/app 700', '/bin/app 701', '/bin/app 800', '/bin/app 801'],
    ])
    // What the container has is stronger there.
    expect(await follow(['hivemind', '-P', '10'], files, ['PORT=90'])).toEqual(['/bin/app 90', '/bin/app 100'])
    expect(await follow(['overmind', 's'], files, ['PORT=90'])).toEqual(['/bin/app 700', '/bin/app 800'])
  })

  test('foreman replaces what it has read, and starts what needs no shell itself', async () => {
    const files = {
      '/srv/Procfile': 'a: app $NAMEX "$"\nb: arm -x $PORT\nc: none y\nd: /bin/plain\n',
      '/srv/.env': 'NAME="two words"\n',
    }
    const {steps} = await readStartup({
      config: imageConfig({env: ['PATH=/bin:/usr/bin'], entrypoint: ['foreman', 'start'], workingDir: '/srv'}),
      rootfs: memoryRootfs({...BASE, ...files}),
      platform: {os: 'linux', architecture: 'amd64', variant: ''},
    })
    expect(steps.filter(({via}) => via.includes('of /srv/Procfile')).map(({argv}) => argv)).toEqual([
      ['/bin/sh', '-c', 'app two wordsX "$"'],
      ['arm', '-x', '5100'],
      ['none', 'y'],
      ['/bin/plain'],
    ])
  })

  test('processes that have to be told apart', async () => {
    const files = {'/srv/Procfile': 'a: exec app\na: exec app\n'}
    expect(await follow(['hivemind'], files)).toEqual(['hivemind: /srv/Procfile has two processes of one name'])
    expect(await follow(['foreman', 'start'], files)).toEqual(['/bin/app'])
    expect(await follow(['overmind', 's'], {'/srv/Procfile': 'a:b\n'})).toEqual([
      'overmind: /srv/Procfile has no processes',
    ])
  })

  test('lines', () => {
    const text = 'a-b_1: x: y \r\n b: no\nc:\nd:e'
    expect(parseProcfile(text)).toEqual([
      {name: 'a-b_1', command: 'x: y '},
      {name: 'd', command: 'e'},
    ])
    expect(parseProcfile(text, true)).toEqual([{name: 'a-b_1', command: 'x: y '}])
  })

  test.each([
    ['web=2', 'web', 2],
    ['web=2', 'other', 1],
    ['all=3, web=x', 'web', 0],
    ['all=3', 'other', 3],
    ['', 'web', 1],
  ])('%j of %s', (text, name, count) => {
    expect(parseFormation(text, 1)(name)).toBe(count)
  })
})

describe('one command line', () => {
  // As the real programs of foreman 0.87.2 (Debian bookworm) and honcho 2.0.0 do; overmind by its source.
  const files = {
    '/srv/Procfile': 'web: exec arm $PORT\nworker: app $NAME\nweb: /bin/plain\n',
    '/srv/.env': 'NAME=x\n',
    '/srv/own.env': 'NAME=own\n',
    '/srv/sub/Procfile': 'web: ./here\n',
    '/srv/sub/here': native,
  }
  test.each<[argv: string, expected: string]>([
    ['foreman run app a b', 'app a b'],
    // Its words are escaped, and so a shell reads them.
    ['foreman run app $NAME', 'app $NAME'],
    ['foreman run web', '/bin/plain: no-execute-permission'],
    ['foreman run worker', 'app x'],
    ['foreman run worker y', 'worker y: not-in-path'],
    ['foreman run -e own.env worker', 'app own'],
    ['foreman run -f sub/Procfile web', './here'],
    ['foreman run -d sub web', './here'],
    ['foreman run none', 'none: not-in-path'],
    ['foreman run -- arm -x', 'arm -x: aarch64, expected x86-64'],
    ['foreman run', 'foreman: it wants a command to run'],
    ['foreman run --new app', 'unknown: the option --new of foreman is not understood'],
    ['foreman run -e none app', 'foreman: there is no none'],
    ['honcho run app -e x', 'app -e x'],
    ['honcho -e own.env run -- arm', 'arm: aarch64, expected x86-64'],
    ['honcho run web', 'web: not-in-path'],
    ['honcho run A=1 arm', 'arm: aarch64, expected x86-64'],
    ['honcho run', '/bin/sh -c '],
    ['honcho run -p 1 app', 'unknown: the option -p of honcho is not understood'],
    ['overmind run arm -x', 'arm -x: aarch64, expected x86-64'],
    ['overmind exec app -- -x', 'app -- -x'],
    ['overmind e none', 'none: not-in-path'],
    ['overmind run', 'overmind: it wants a command to run'],
    ['hivemind run web', 'hivemind: it takes one Procfile'],
    ['hivemind run', 'hivemind: there is no /srv/run'],
  ])('%s', async (argv, expected) => {
    const {steps, unknowns} = await readStartup({
      config: imageConfig({env: ['PATH=/bin:/usr/bin'], entrypoint: argv.split(' '), workingDir: '/srv'}),
      rootfs: memoryRootfs({...BASE, ...files}),
      platform: {os: 'linux', architecture: 'amd64', variant: ''},
    })
    const [reason] = unknowns.map(({reason}) => `unknown: ${reason}`)
    const last = steps.findLast(({role, obstacle}) => role === 'program' || obstacle)
    const wrong = last?.obstacle && ('reason' in last.obstacle ? last.obstacle.reason : last.obstacle.kind)
    expect(reason ?? `${(last?.argv ?? [last?.path]).join(' ')}${wrong === undefined ? '' : `: ${wrong}`}`).toBe(
      expected,
    )
  })

  test.each<[words: readonly string[], ruby: string, python: string, node: string]>([
    [['app', '-x', 'a/b'], 'app -x a/b', 'app -x a/b', 'app -x a/b'],
    [['a b', ''], "a\\ b ''", "'a b' ''", "'a b' ''"],
    [['A=1', '$X'], 'A\\=1 \\$X', "A=1 '$X'", 'A\\=1 \\$X'],
    [["it's", 'a\nb'], "it\\'s a'\n'b", `'it'"'"'s' 'a\nb'`, `"it's" 'a\nb'`],
    [["it's!", '~'], "it\\'s\\! \\~", `'it'"'"'s!' '~'`, `'it'"'"'s!' \\~`],
  ])('words %j for a shell', (words, ruby, python, node) => {
    expect([joinAsRuby(words), joinAsPython(words), joinAsNode(words)]).toEqual([ruby, python, node])
  })
})

describe('a command line of Ruby', () => {
  test.each([
    ['app -x  a', ['app', '-x', 'a']],
    ['/bin/a=b c=d', ['/bin/a=b', 'c=d']],
    ...['A=1 app', 'a=b/c', 'exec app', 'app $A', 'app | b', 'app #', ': x', 'app ~', '"app"', ''].map(
      line => [line, ['/bin/sh', '-c', line]] as const,
    ),
    ['exec2 x%', ['exec2', 'x%']],
  ])('%j', (line, argv) => {
    expect(rubyCommand(line)).toEqual(argv)
  })
})

describe('variables', () => {
  test.each<[string, readonly (readonly [string, string | undefined])[]]>([
    ['A=1\r\nexport B=2\n C=3', [['A', '1']]],
    [
      "A='x'y\nB='x'",
      [
        ['A', "'x'y"],
        ['B', 'x'],
      ],
    ],
    ['A="a\\nb\\"c"', [['A', 'a\nb"c']]],
    ['1A=x # y', [['1A', 'x # y']]],
  ])('foreman reads %j', (text, expected) => {
    expect([...parseForemanEnv(text)]).toEqual(expected)
  })

  test.each<[string, readonly (readonly [string, string | undefined])[]]>([
    ['A = a b # c', [['A', 'ab']]],
    ['A="a b"', [['A', 'a b']]],
    ["A=a'b'", [['A', undefined]]],
    ['export A=1\nB', []],
  ])('honcho reads %j', (text, expected) => {
    expect([...parseHonchoEnv(text)]).toEqual(expected)
  })

  test.each<[string, readonly (readonly [string, string | undefined])[]]>([
    [
      'export A=1 # x\nB: 2',
      [
        ['A', '1'],
        ['B', '2'],
      ],
    ],
    ['A="x $B"', [['A', undefined]]],
    ["A='x $B' # y", [['A', 'x $B']]],
  ])('hivemind and overmind read %j', (text, expected) => {
    expect([...parseGoEnv(text)]).toEqual(expected)
  })
})

describe('nf of npm', () => {
  // As the real program of foreman 3.0.1 does.
  const files = {
    '/srv/Procfile': '# text\nweb: app web $PORT $FOREMAN_WORKER_NAME $X\napi:arm $PORT\n',
    '/srv/.env': 'X="a b" # c\n#Y=1\n',
    '/srv/package.json': '{}',
    '/srv/bad': 'web: app\nno line\n',
    '/srv/more': 'web: arm $X $Z\n',
    '/srv/own.env': 'X=own\n',
    '/srv/last.env': 'Z=z\n',
    '/bin/curl': native,
    '/srv/json.env': '{"X": "y"}\n',
    '/bin/npm': native,
  }
  test.each<[string, readonly string[]]>([
    ['start', ['/bin/app web 5000 web.1 a b', '/bin/arm 5100: foreign']],
    ['start web=2,api', ['/bin/app web 5000 web.1 a b', '/bin/app web 5001 web.2 a b', '/bin/arm 5100: foreign']],
    ['start -p 7000 web', ['/bin/app web 7000 web.1 a b']],
    ['-p 6000 start api none', ['/bin/arm 6000: foreign']],
    ['--port 6000 start api', ['/bin/arm 6000: foreign']],
    ['-j more start', ['/bin/arm a b: foreign']],
    ['--procfile more start', ['/bin/arm a b: foreign']],
    ['--procfile ./more -e own.env,last.env start', ['/bin/arm own z: foreign']],
    ['--env own.env start web', ['/bin/app web 5000 web.1 own']],
    ['-e json.env start', ['unknown: json.env is not read']],
    ['-e json.env run app', ['unknown: json.env is not read']],
    ['--env own.env run app $X', ['/bin/app $X']],
    ['--nosuch start', ['unknown: the option --nosuch of nf is not understood']],
    ['start -p', ['unknown: the option -p of nf is not understood']],
    ['-w', ['unknown: nf  is not followed']],
    ['-j other start', ['/bin/npm start']],
    ['-j bad start', ['/bin/npm start']],
    ['start none', []],
    ['run app', ['/bin/app']],
    ['run web', ['web: not-in-path']],
    ['run -- arm -x', ['/bin/arm -x: foreign']],
    ['run app -x', ['unknown: the option -x of nf is not understood']],
    ['run app $X', ['/bin/app $X']],
    ['run A=1 app', ['A=1 app: not-in-path']],
    ['run', ['nf: it wants a command to run']],
    ['check', ['unknown: nf check is not followed']],
  ])('nf %s', async (words, lines) => {
    expect(await follow(['nf', ...words.split(' ')], files)).toEqual(lines)
  })

  test('a Procfile that may be made', async () => {
    const made = {...files, '/srv/e.sh': executable('#!/bin/sh\ncurl -o made x\nexec nf -j "$PWD/made" start\n')}
    expect(await follow(['/srv/e.sh'], made)).toContain('unknown: /srv/made may be made when the container runs')
  })

  test('neither a Procfile nor a package', async () => {
    expect(await follow(['nf', 'start'], {})).toEqual(['nf: there is no /srv/Procfile, and no package.json'])
  })
})
