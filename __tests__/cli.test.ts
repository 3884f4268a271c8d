import {describe, expect, test} from '@jest/globals'
import {type CliIo, EXIT, runCli} from '../src/cli.ts'
import {SourceError} from '../src/errors.ts'
import {DEFAULT_LIMITS} from '../src/lib/limits.ts'
import {buildElf} from './support/elf-builder.ts'
import {executable} from './support/memory-rootfs.ts'
import {type MemoryImage, memoryImages, testDigest} from './support/memory-source.ts'

const AMD64 = executable(buildElf({machine: 62}))
const ARM64 = executable(buildElf({machine: 183, align: 0x10000}))
const config = {entrypoint: ['/app']}

const MATCH: MemoryImage = {
  platforms: [
    {platform: 'linux/amd64', config, files: {'/app': AMD64}},
    {platform: 'linux/arm64', config, files: {'/app': ARM64}},
  ],
}
const MISMATCH: MemoryImage = {
  platforms: [
    {platform: 'linux/amd64', config, files: {'/app': AMD64}},
    {platform: 'linux/arm64', config, files: {'/app': AMD64}},
  ],
}
const WRONG_TOOL: MemoryImage = {
  platforms: [{platform: 'linux/arm64', config, files: {'/app': ARM64, '/usr/bin/k': AMD64}}],
}
const NO_COMMAND: MemoryImage = {platforms: [{platform: 'linux/amd64'}]}
const BROKEN: MemoryImage = {
  platforms: [
    {platform: 'linux/amd64', config, files: {'/app': AMD64}},
    {platform: 'linux/arm64', failure: new SourceError('unavailable', 'the registry is down', {hint: 'Try again.'})},
  ],
}
const UNREADABLE: MemoryImage = {
  platforms: [
    {platform: 'linux/amd64', config, files: {'/app': AMD64}},
    {platform: 'linux/arm64', failure: new SourceError('blob-missing', 'there is no layer')},
  ],
}
const BUG: MemoryImage = {platforms: [{platform: 'linux/amd64', failure: new TypeError('x is not a function')}]}

/** What every glob finds. */
const DOCKERFILE = 'FROM scratch\nARG TARGETARCH=amd64\nCOPY $TARGETARCH /app\n'

async function run(...argv: string[]) {
  const images = memoryImages({
    'match:1': MATCH,
    [`match@${testDigest(0xff)}`]: MATCH,
    'mismatch:1': MISMATCH,
    'tool:1': WRONG_TOOL,
    'none:1': NO_COMMAND,
    'broken:1': BROKEN,
    'bug:1': BUG,
    'unreadable:1': UNREADABLE,
  })
  let stdout = ''
  let stderr = ''
  const written = new Map<string, string>()
  const io: CliIo = {
    version: '1.2.3',
    open: images.open,
    readDockerfiles: async globs => globs.map(file => ({file, text: DOCKERFILE})),
    stdout: text => {
      stdout += text
    },
    stderr: text => {
      stderr += text
    },
    writeFile: async (path, text) => {
      written.set(path, text)
    },
    readFile: async () => JSON.stringify({'image.name': 'match:1', 'containerimage.digest': testDigest(0xff)}),
    color: false,
  }
  const exitCode = await runCli(argv, io)
  expect(images.counts.closed).toBe(images.counts.opened)
  return {exitCode, stdout, stderr, written}
}

describe('exit codes', () => {
  test.each([
    [['match:1'], EXIT.verified],
    [['match:1', '--platforms', 'linux/arm64'], EXIT.verified],
    [['mismatch:1'], EXIT.findings],
    [['mismatch:1', '--platforms', 'linux/amd64'], EXIT.verified],
    [['mismatch:1', '--fail-on', 'never'], EXIT.verified],
    [['mismatch:1', '--rule', 'wrong-machine=warning'], EXIT.findings],
    [['mismatch:1', '--rule', 'wrong-machine=warning', '--rule', 'identical-platforms=warning'], EXIT.verified],
    [['mismatch:1', '--scope', 'essential', '--rule', 'wrong-machine=warning'], EXIT.verified],
    [['mismatch:1', '--scope', 'essential', '--rule', 'wrong-machine=warning', '--fail-on', 'warning'], EXIT.findings],
    [['match:1', '--platforms', 'linux/amd64,linux/s390x'], EXIT.findings],
    [['match:1', 'mismatch:1'], EXIT.findings],
    [['tool:1'], EXIT.findings],
    [['tool:1', '--scope', 'essential'], EXIT.verified],
    [['tool:1', '--ignore', '/usr/bin/k # of others'], EXIT.verified],
    [['tool:1', '--ignore', 'usr'], EXIT.usage],
    [['none:1'], EXIT.verified],
    [['none:1', '--fail-on', 'warning'], EXIT.findings],
    [[], EXIT.usage],
    [['match:1', '--nonsense'], EXIT.usage],
    [['match:1', '--format', 'yaml'], EXIT.usage],
    [['absent:1'], EXIT.couldNotCheck],
    [['broken:1'], EXIT.couldNotCheck],
    [['broken:1', '--fail-on', 'never'], EXIT.couldNotCheck],
    [['match:1', 'broken:1'], EXIT.couldNotCheck],
    [['unreadable:1'], EXIT.findings],
    [['unreadable:1', '--rule', 'platform-unreadable=off'], EXIT.findings],
    [['unreadable:1', '--platforms', 'linux/amd64'], EXIT.verified],
    [['match:1', '--baseline', 'match:1'], EXIT.verified],
    [['match:1', '--baseline', 'absent:1'], EXIT.verified],
    [['none:1', '--baseline', 'match:1'], EXIT.findings],
    [['none:1', '--baseline', 'match:1', '--platforms', 'linux/amd64'], EXIT.verified],
    [['bug:1'], EXIT.bug],
    [['--help'], EXIT.verified],
    [['--version'], EXIT.verified],
  ])('%j ends with %i', async (argv, exitCode) => {
    expect((await run(...argv)).exitCode).toBe(exitCode)
  })
})

test('the report goes to standard output, problems to standard error', async () => {
  const good = await run('mismatch:1')
  expect(good.stdout).toContain('/app is x86-64, expected aarch64 (linux/arm64)')
  expect(good.stderr).toBe('')
  const bad = await run('broken:1')
  expect(bad.stdout).toBe('')
  expect(bad.stderr).toBe('verify-image-arch: broken:1: the registry is down\nTry again.\n')
})

test('a report that cannot be written is told, and nothing is verified', async () => {
  const images = memoryImages({'match:1': MATCH})
  let stderr = ''
  const exitCode = await runCli(['match:1', '--output', '/full/report.txt'], {
    version: '1.2.3',
    open: images.open,
    readDockerfiles: async () => [],
    stdout: () => {
      throw new Error('nothing is printed')
    },
    stderr: text => {
      stderr += text
    },
    writeFile: async () => {
      throw new Error('ENOSPC: no space left on device, write')
    },
    color: false,
  })
  expect(exitCode).toBe(EXIT.couldNotCheck)
  expect(stderr).toBe(
    'verify-image-arch: the report cannot be written to /full/report.txt: ENOSPC: no space left on device, write\n' +
      'Name a file (--output, --report) in a directory that exists and is writable, on a disk with free space.\n',
  )
})

test.each([
  [['match:1', '--report', 'sarif=/nowhere/x', '--output', '/tmp/y']],
  [['explain', 'match:1', '--output', '/nowhere/x']],
])('a report that could not be written is found before the work: %j', async argv => {
  let stderr = ''
  const exitCode = await runCli(argv, {
    version: '1.2.3',
    open: async () => {
      throw new Error('nothing is opened')
    },
    readDockerfiles: async () => [],
    stdout: () => {},
    stderr: text => {
      stderr += text
    },
    checkFile: async path => {
      if (path === '/nowhere/x') throw new Error('ENOENT: no such file or directory')
    },
    writeFile: async () => {
      throw new Error('nothing is written')
    },
    color: false,
  })
  expect([exitCode, stderr]).toEqual([
    EXIT.couldNotCheck,
    'verify-image-arch: the report cannot be written to /nowhere/x: ENOENT: no such file or directory\n' +
      'Name a file (--output, --report) in a directory that exists and is writable, on a disk with free space.\n',
  ])
})

test.each([[['--images-from', 'compose.yaml']], [['explain', '--images-from', 'compose.yaml']]])(
  'what a list names and nobody checks is said: %j',
  async argv => {
    let stderr = ''
    const exitCode = await runCli(argv, {
      version: '1.2.3',
      open: memoryImages({'match:1': MATCH}).open,
      readDockerfiles: async () => [],
      readFile: async () => 'services:\n  web: {image: match:1}\n  db: {build: .}\n',
      stdout: () => {},
      stderr: text => {
        stderr += text
      },
      writeFile: async () => {},
      color: false,
    })
    expect([exitCode, stderr]).toEqual([
      EXIT.verified,
      'verify-image-arch: not checked: compose.yaml:3:7: services.db has no image, only a build\n',
    ])
  },
)

test('a bug keeps its stack', async () => {
  expect((await run('bug:1')).stderr).toMatch(/this is a bug.*\nTypeError: x is not a function\n {4}at /)
})

test('the JSON report names platform and file', async () => {
  const {stdout} = await run('mismatch:1', '--format', 'json')
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    tool: {name: 'verify-image-arch', version: '1.2.3'},
    verdict: 'fail',
    images: [
      {reference: 'mismatch:1', platforms: [{verdict: 'match'}, {platform: 'linux/arm64', verdict: 'mismatch'}]},
    ],
    findings: [
      {
        ...{rule: 'wrong-machine', level: 'error', platform: 'linux/arm64', path: '/app'},
        evidence: {identical: {rule: 'identical-platforms', twin: 'linux/amd64'}},
      },
    ],
  })
})

test('the same images give the same bytes', async () => {
  const argv = ['match:1', 'mismatch:1', 'none:1', '--format', 'json']
  expect((await run(...argv)).stdout).toBe((await run(...argv)).stdout)
})

test('--output writes the report to a file', async () => {
  const {stdout, written} = await run('match:1', '--format', 'markdown', '--output', 'out.md')
  expect(stdout).toBe('')
  expect(written.get('out.md')).toContain('linux/arm64')
})

describe('an error on a Dockerfile beside an image', () => {
  // The Dockerfile builds amd64 for every platform.
  test.each<[string, readonly string[], number, string]>([
    ['that is right on each of its platforms', ['match:1'], EXIT.verified, 'warning'],
    [
      'that is wrong',
      ['mismatch:1', '--rule', 'wrong-machine=off', '--rule', 'identical-platforms=off'],
      EXIT.findings,
      'error',
    ],
    ['of which nothing is known', ['none:1', '--platforms', 'linux/arm64'], EXIT.findings, 'error'],
    [
      'without a platform that is wanted',
      ['match:1', '--platforms', 'linux/arm64,linux/s390x'],
      EXIT.findings,
      'error',
    ],
    ['and another image', ['match:1', 'match:1', 'tool:1'], EXIT.findings, 'error'],
    ['with a level of the user', ['match:1', '--rule', 'platform-arg-default=error'], EXIT.verified, 'warning'],
  ])('%s', async (_, argv, exitCode, level) => {
    const run1 = await run(...argv, '--dockerfile', 'Dockerfile', '--format', 'json')
    const {findings} = JSON.parse(run1.stdout)
    const found = findings.find(({rule}: {rule: string}) => rule === 'platform-arg-default')
    expect([found?.level, run1.exitCode]).toEqual([level, exitCode])
    expect(found?.message.includes('is right all the same')).toBe(level === 'warning')
  })
})

test('--output - is standard output', async () => {
  const {stdout, written} = await run('match:1', '--output', '-')
  expect(stdout).toMatch(/^verified: /)
  expect([...written]).toEqual([])
})

test('--report writes several formats in one run, beside the text', async () => {
  const reports = ['sarif=out.sarif', 'junit=out.xml', 'jsonl=out.jsonl', 'codequality=gl.json', 'images=images.txt']
  const {stdout, written, exitCode} = await run('mismatch:1', ...reports.flatMap(report => ['--report', report]))
  expect(exitCode).toBe(EXIT.findings)
  expect(stdout).toMatch(/^not verified: linux\/arm64 would not start/)
  expect([...written.keys()]).toEqual(['out.sarif', 'out.xml', 'out.jsonl', 'gl.json', 'images.txt'])
  expect(JSON.parse(written.get('out.sarif') ?? '').version).toBe('2.1.0')
  expect(JSON.parse(written.get('gl.json') ?? '')).toMatchObject([{check_name: 'wrong-machine', severity: 'critical'}])
  expect(written.get('images.txt')).toBe('')
})

test.each<[readonly string[], RegExp]>([
  [['--report', 'json=-'], /^\{\n/],
  [['--format', 'json', '--report', 'text=out.txt'], /^\{\n/],
  [['--output', 'out.txt', '--report', 'images=-'], /^match@sha256:[0-9a-f]{64}\n$/],
])('%j: what goes to standard output', async (argv, expected) => {
  expect((await run('match:1', ...argv)).stdout).toMatch(expected)
})

test.each<[readonly string[], RegExp]>([
  [['match:1', '--quiet'], /^$/],
  [['match:1', '-q', '--format', 'json'], /^\{/],
  [['none:1', '--quiet'], /^not determined: /],
  [['mismatch:1', '--quiet'], /^not verified: /],
])('%j: quiet says what is not as it should be', async (argv, expected) => {
  expect((await run(...argv)).stdout).toMatch(expected)
})

test('quiet leaves out the images and platforms that pass, and says the rest', async () => {
  const {stdout, exitCode} = await run('match:1', 'mismatch:1', 'gone:1', '--quiet')
  expect(exitCode).toBe(EXIT.couldNotCheck)
  const blocks = stdout.split('\n\n')
  expect(blocks.filter(block => /^(?:match|mismatch|gone):1/.test(block)).map(block => block.split(/ |\n/)[0])).toEqual(
    ['mismatch:1', 'gone:1'],
  )
  expect(stdout).not.toMatch(/^ {2}\S+ +match |scanned/m)
  expect(stdout).toMatch(/^ {2}\S+ +mismatch /m)
  const {stdout: all} = await run('match:1', 'mismatch:1', 'gone:1')
  expect(all).toMatch(/^match:1/m)
  expect(all.split('\n').at(-2)).toBe(stdout.split('\n').at(-2))
})

test('--metadata verifies what a build says that it pushed', async () => {
  const {stdout, exitCode} = await run('--metadata', 'metadata.json', '--format', 'json')
  expect(JSON.parse(stdout).images).toMatchObject([{reference: `match@${testDigest(0xff)}`}])
  expect(exitCode).toBe(EXIT.verified)
})

test('a platform of another system is said not to be checked', async () => {
  const {stdout, exitCode} = await run('none:1', '--platforms', 'linux/amd64')
  expect(exitCode).toBe(EXIT.verified)
  expect(stdout).toContain('neither an entrypoint nor a command')
})

test('the registries that may be accessed over plain HTTP are those that are named', async () => {
  const images = memoryImages({'match:1': MATCH})
  const told: unknown[] = []
  const argv = ['match:1', '--insecure-registry', 'r.local:5000', '--insecure-registry', 'a,b']
  const exitCode = await runCli(argv, {
    version: '1.2.3',
    open: (location, access) => {
      told.push(access)
      return images.open(location, access)
    },
    readDockerfiles: async () => [],
    stdout: () => {},
    stderr: () => {},
    writeFile: async () => {},
    color: false,
  })
  expect([exitCode, told]).toEqual([
    EXIT.verified,
    [{cache: false, insecureRegistries: ['r.local:5000', 'a', 'b'], limits: DEFAULT_LIMITS}],
  ])
})

describe('Dockerfiles', () => {
  const files = ['--dockerfile', 'Dockerfile', '--dockerfile', 'ci/Dockerfile']

  test('are checked without an image', async () => {
    const {exitCode, stdout, stderr} = await run(...files, '--platforms', 'linux/amd64,linux/arm64', '--format', 'json')
    expect([exitCode, stderr]).toEqual([1, ''])
    const report = JSON.parse(stdout)
    expect(report).toMatchObject({
      verdict: 'fail',
      images: [],
      dockerfiles: [{file: 'Dockerfile'}, {file: 'ci/Dockerfile'}],
    })
    expect(report.findings).toEqual([
      expect.objectContaining({
        rule: 'platform-arg-default',
        level: 'error',
        file: 'Dockerfile',
        line: 2,
        endLine: 2,
        fix: 'ARG TARGETARCH',
      }),
      expect.objectContaining({file: 'ci/Dockerfile'}),
    ])
    expect(report.findings[0]).not.toHaveProperty('image')
  })

  test('are right for the one platform that is asked for', async () => {
    const {exitCode, stdout} = await run(...files, '--platforms', 'linux/amd64')
    expect(exitCode).toBe(0)
    expect(stdout).toContain('passed: 2 Dockerfiles checked; nothing found')
  })

  test('are only suspected where nobody says for which platforms they are', async () => {
    const {exitCode, stdout} = await run(...files)
    expect(exitCode).toBe(0)
    expect(stdout).toContain('warning platform-arg-default: Dockerfile:2')
  })

  test('are looked at for the platforms of the image', async () => {
    const {exitCode, stdout} = await run('match:1', '--dockerfile', 'Dockerfile', '--format', 'json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).findings[0]).toMatchObject({level: 'warning', evidence: {platforms: ['linux/arm64']}})
  })
})

describe('explain', () => {
  test('says how it came to its verdict, and that something is wrong is no failure', async () => {
    const {exitCode, stdout, stderr} = await run('explain', 'mismatch:1', '--platform', 'linux/arm64')
    expect([exitCode, stderr]).toEqual([EXIT.verified, ''])
    expect(stdout).toContain('decision: fails: ')
    expect(stdout).not.toContain('linux/amd64: ')
  })

  test('as JSON, also into a file', async () => {
    const {exitCode, stdout, written} = await run('explain', 'match:1', '--format', 'json', '--output', 'a.json')
    expect([exitCode, stdout]).toEqual([EXIT.verified, ''])
    expect(JSON.parse(written.get('a.json') ?? '').images[0].platforms).toHaveLength(2)
  })

  test('an image that cannot be read is no account', async () => {
    const {exitCode, stdout, stderr} = await run('explain', 'broken:1')
    expect([exitCode, stdout]).toEqual([EXIT.couldNotCheck, ''])
    expect(stderr).toContain('the registry is down')
  })

  test('a platform that cannot be read stands in it', async () => {
    const {exitCode, stdout} = await run('explain', 'unreadable:1')
    expect(exitCode).toBe(EXIT.verified)
    expect(stdout).toContain('linux/arm64 could not be read: blob-missing')
  })

  test.each([
    [[], 'no image is given'],
    [['match:1', '--format', 'sarif'], '--format'],
    [['match:1', '--report', 'json=a'], '--report'],
    [['--dockerfile', 'Dockerfile'], 'no image is given'],
  ])('wrong usage: %j', async (argv, problem) => {
    const {exitCode, stdout, stderr} = await run('explain', ...argv)
    expect([exitCode, stdout]).toEqual([EXIT.usage, ''])
    expect(stderr).toContain(problem)
  })

  test('--help', async () => {
    expect(await run('explain', '--help')).toMatchObject({
      exitCode: EXIT.verified,
      stdout: expect.stringContaining('explain IMAGE'),
    })
  })
})
