import {describe, expect, test} from '@jest/globals'
import {EXIT, runCli, USAGE} from '../../src/cli.ts'
import {UsageError} from '../../src/errors.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import {memoryImages} from '../support/memory-source.ts'

// What was typed, what is said, and the exit code.

const FILES: Readonly<Record<string, string>> = {
  'empty.json': '{}',
  'broken.json': '{"a":',
  'text.json': 'hello',
  'policy.yml': 'version: 1\ndefaults: {scop: image}\n',
  'images.txt': 'app:1\nApp:2\n',
  'pod.yaml': 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: app@\n',
}

async function run(argv: readonly string[]) {
  let [stdout, stderr] = ['', '']
  const exitCode = await runCli(argv, {
    ...{version: '1.0.0', open: memoryImages({}).open, readDockerfiles: async () => [], color: false},
    readFile: async path => {
      const text = FILES[path]
      if (text === undefined) throw new Error('no such file')
      return text
    },
    today: () => '2026-11-29',
    findLocal: async name => (name === 'examples/match' ? 'oci:examples/match' : undefined),
    writeFile: async () => {
      throw new Error('is a directory')
    },
    stdout: text => {
      stdout += text
    },
    stderr: text => {
      stderr += text
    },
  })
  return {exitCode, stdout, stderr}
}

const WRONG: readonly (readonly [argv: readonly string[], said: string])[] = [
  // Flags.
  [[], 'IMAGE: no image is given'],
  [['app:1', '--nonsense'], 'there is no flag "--nonsense"'],
  [['app:1', '--platfroms', 'linux/amd64'], 'there is no flag "--platfroms"; did you mean --platforms?'],
  [['app:1', '--fial-on=error'], 'there is no flag "--fial-on"; did you mean --fail-on?'],
  [['app:1', '--formt', 'json'], 'there is no flag "--formt"; did you mean --format?'],
  [['app:1', '-x'], 'there is no flag "-x"'],
  [['app:1', '--platforms'], '--platforms: expected a value behind it'],
  [['app:1', '--output'], '--output: expected a value behind it'],
  [['app:1', '--source', '--quiet'], '--source: expected a value behind it'],
  // Many images.
  [['app:1', '--stream', '-'], '--stream: expected a file, got "-"'],
  [['app:1', '--resume', ''], '--resume: expected a file, got ""'],
  [['app:1', '--stream', 'r', '--shard', '3/2'], '--shard: expected I/N, such as 1/4'],
  [['app:1', '--strem', 'r'], 'there is no flag "--strem"; did you mean --stream?'],
  // Policies.
  [['app:1', '--policy', ''], '--policy: expected a file, or - for standard input, got ""'],
  [['app:1', '--policy', 'absent.yml'], '--policy: absent.yml cannot be read: no such file'],
  [
    ['app:1', '--policy', 'policy.yml'],
    '--policy: policy.yml:2:12: defaults: there is no key "scop"; did you mean scope?',
  ],
  [['app:1', '--polcy', 'policy.yml'], 'there is no flag "--polcy"; did you mean --policy?'],
  [['policy', 'app:1'], 'policy: no --policy FILE is given'],
  [['policy', '--policy', 'policy.yml'], '--policy: policy.yml:2:12: '],
  // Formats and files.
  [
    ['app:1', '--format', 'yaml'],
    '--format: expected text, json, jsonl, markdown, sarif, junit, codequality, predicate, images, got "yaml"',
  ],
  [['app:1', '--format', 'JSON'], 'got "JSON"; did you mean json?'],
  [['app:1', '--format', 'markdwon'], 'got "markdwon"; did you mean markdown?'],
  [['app:1', '--output', ''], '--output: expected a file, or - for standard output, got ""'],
  [['app:1', '--report', 'sarif'], '--report: expected FORMAT=FILE, such as sarif=out.sarif, got "sarif"'],
  [['app:1', '--report', '=x'], '--report: expected FORMAT=FILE'],
  [['app:1', '--report', 'sariff=x'], '--report: expected text,'],
  [['app:1', '--report', 'sarif='], '--report: expected a file, or - for standard output, got ""'],
  [['app:1', '--report', 'sarif=x', '--report', 'json=x'], '--report: two reports go to "x"'],
  [['app:1', '--format', 'json', '--report', 'sarif=-'], '--report: two reports go to standard output'],
  [['--metadata', 'gone.json'], '--metadata: gone.json cannot be read: no such file'],
  [['--metadata', 'broken.json'], '--metadata: '],
  [['--metadata', 'text.json'], '--metadata: '],
  [['--metadata', 'empty.json'], '--metadata: '],
  [['--images-from', 'gone.yaml'], '--images-from: gone.yaml cannot be read: no such file'],
  [['--images-from', 'images.txt'], '--images-from: images.txt:2: "App:2"'],
  [['--images-from', 'pod.yaml'], '--images-from: pod.yaml:5:14: "app@" has no digest behind @'],
  [['--images-from', 'empty.json'], '--images-from: empty.json: expected references, one per line, a compose file'],
  // Choices.
  [['app:1', '--source', 'regsitry'], '--source: expected docker, registry, got "regsitry"; did you mean registry?'],
  [['app:1', '--source', 'podman'], '--source: expected docker, registry, got "podman"'],
  [['app:1', '--scope', 'all'], '--scope: expected entrypoint, essential, image, got "all"'],
  [['app:1', '--scope', 'images'], 'got "images"; did you mean image?'],
  [['app:1', '--fail-on', 'errors'], '--fail-on: expected error, warning, never, got "errors"; did you mean error?'],
  [['app:1', '--on-undetermined', 'ignore'], '--on-undetermined: expected pass, fail, got "ignore"'],
  [['app:1', '--concurrency', '0'], '--concurrency: expected a number from 1 to 64, got "0"'],
  [['app:1', '--concurrency', 'many'], '--concurrency: expected a number from 1 to 64, got "many"'],
  [['app:1', '--timeout', '5'], '--timeout: expected a time such as 90s'],
  [['app:1', '--limits', 'layer-byte=1GiB'], '--limits: there is no limit "layer-byte"; did you mean layer-bytes?'],
  [['app:1', '--insecure-registry', 'http://x'], '--insecure-registry: expected HOST[:PORT], got "http://x"'],
  [['app:1', '--ignore', 'usr'], '--ignore: '],
  [['app:1', '--baseline-required'], '--baseline-required: no --baseline is given'],
  [['--dockerfile', 'x', '--baseline', 'app:0'], '--baseline: there is no image to compare it with'],
  // Rules.
  [['app:1', '--rule', 'wrong-machin=off'], '--rule: there is no rule "wrong-machin"; did you mean wrong-machine?'],
  [['app:1', '--rules', 'wrong-machine=of'], '; did you mean wrong-machine=off?'],
  [['app:1', '--rule', 'wrong-machine'], '--rule: expected RULE=error|warning|note|off, got "wrong-machine"'],
  [
    ['app:1', '--rule', 'x-y-z-very-long=off'],
    '--rule: there is no rule "x-y-z-very-long"; the rules are platform-missing,',
  ],
  // Platforms.
  [
    ['app:1', '--platforms', 'linux/amd46'],
    '--platforms: "linux/amd46": no architecture is called "amd46"; did you mean linux/amd64?',
  ],
  [
    ['app:1', '--platform', 'linux/armv7'],
    '--platforms: "linux/armv7": no architecture is called "armv7"; did you mean linux/arm/v7?',
  ],
  [['app:1', '--platforms', 'linx/arm64'], 'did you mean linux/arm64?'],
  [['app:1', '--platforms', 'linux/arm64/v7'], 'did you mean linux/arm/v7?'],
  [['app:1', '--platforms', 'arm64'], 'did you mean linux/arm64?'],
  [['app:1', '--platforms', 'linux'], '--platforms: "linux" is not a platform'],
  // Images.
  [['ghcr.io/org/app@'], 'IMAGE: "ghcr.io/org/app@" has no digest behind @: the output that it is taken from is empty'],
  [['docker://ghcr.io/org/app@sha256:'], 'has no digest behind @'],
  [['https://ghcr.io/org/app'], 'did you mean docker://REF, without https://?'],
  [['oci-archve:image.tar'], 'there is no transport oci-archve; did you mean oci-archive:image.tar?'],
  [['docker-demon:org/app:1'], 'did you mean docker-daemon:org/app:1?'],
  [['oci:'], 'IMAGE: "oci:" names no directory'],
  [['App:1'], 'IMAGE: '],
  [['app:1', '--baseline', 'ghcr.io/org/app@'], '--baseline: "ghcr.io/org/app@" has no digest behind @'],
]

/** Without a value they cannot be wrong. */
const FREE = ['--cache', '--help', '--version']

test.each(WRONG)('%j', async (argv, said) => {
  const {exitCode, stdout, stderr} = await run(argv)
  expect(stderr).toContain(said)
  expect([exitCode, stdout]).toEqual([EXIT.usage, ''])
  // One line for each mistake, and perhaps one of advice; no stack, and no name of the action's inputs.
  expect(stderr).toMatch(/^verify-image-arch: .+\n(?:[A-Z].+\n)?$/)
})

test(`${WRONG.length} wrong usages, some of every flag that can be wrong`, () => {
  const flags = [...USAGE.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, flag = '']) => flag)
  expect(flags.length).toBeGreaterThan(15)
  const named = new Set(WRONG.flatMap(([argv]) => argv.map(argument => argument.split('=')[0] ?? '')))
  expect(flags.filter(flag => !named.has(flag) && !FREE.includes(flag))).toEqual([])
})

test('all mistakes are said at once', async () => {
  const {stderr} = await run(['oci:', '--platforms', 'linux/amd46', '--scope', 'all'])
  expect(stderr.trimEnd().split('\n')).toHaveLength(3)
})

describe('what is no mistake', () => {
  test.each([
    // A host with a port, docker's own image, and a platform that only somebody's index has.
    ...['docker:27.1', 'docker:5000/app:1', 'oci-archive-x:5000/app', 'localhost:5000/a', 'x-archive:v1'],
  ])('%s is an image', name => {
    const {images} = parseOptions({
      ...DEFAULTS,
      ...{image: [name], metadata: '', platforms: [], rules: [], ignore: []},
      ...{dockerfile: [], baseline: ''},
    })
    expect(images).toMatchObject([{transport: 'docker', text: name}])
  })

  test.each([
    'linux/sparc64',
    'wasi/wasm',
    'linux/arm64/v8',
    'linux/arm',
    'windows/amd64',
    'linux/amd64/v3',
    'linux/x86_64',
  ])('%s is a platform', async name => {
    expect((await run(['app:1', '--platforms', name])).exitCode).toBe(EXIT.couldNotCheck)
  })
})

test.each<[readonly string[], string]>([
  [['examples/match'], 'did you mean oci:examples/match?'],
  [['examples/other'], 'examples/other'],
])('%j could not be checked', async (argv, said) => {
  const {exitCode, stderr} = await run(argv)
  expect(exitCode).toBe(EXIT.couldNotCheck)
  expect(stderr).toContain(said)
  expect(stderr.includes('did you mean')).toBe(said.includes('did you mean'))
})

test('the action speaks of its inputs', () => {
  const written = {...DEFAULTS, ...{image: ['app@'], metadata: '', platforms: ['linux/amd46'], ignore: []}}
  const rules = ['wrong-machin=off']
  const parse = () => parseOptions({...written, rules, source: 'dokcer', dockerfile: [], baseline: ''})
  expect(parse).toThrow(UsageError)
  expect(parse).toThrow(
    /^image: "app@" has no digest .*\nplatforms: "linux\/amd46".*\nsource: expected docker.*\nrules: there is no rule/s,
  )
})
