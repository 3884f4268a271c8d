import {readFileSync} from 'node:fs'
import {expect, test} from '@jest/globals'
import {parse} from 'yaml'
import {OUTPUTS, runAction} from '../../src/action/action.ts'
import {memoryImages} from '../support/memory-source.ts'

// What a workflow writes, what is said, and that nothing is verified.

const DECLARED: Readonly<Record<string, {readonly default: string}>> = parse(
  readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'),
).inputs

async function run(inputs: Readonly<Record<string, string>>) {
  const outputs = new Map<string, string>()
  const failures: string[] = []
  let summary = ''
  const refuse = async (): Promise<never> => {
    throw new Error('nothing is to be done')
  }
  await runAction({
    version: '1.2.3',
    open: memoryImages({}).open,
    readDockerfiles: refuse,
    readPolicy: async file => {
      if (file === 'wrong.yml') return 'version: 1\ndefaults:\n  scop: image\n'
      throw new Error('no such file')
    },
    today: () => '2026-11-29',
    input: name => inputs[name] ?? (name === 'token' ? 'ghs_token' : (DECLARED[name]?.default ?? '')),
    output: (name, value) => void outputs.set(name, value),
    annotate: () => {},
    log: () => {},
    summary: async markdown => {
      summary += markdown
    },
    writeFile: refuse,
    fail: message => void failures.push(message),
    github: {
      ...{workflow: 'w', job: 'j', step: 's', runUrl: 'https://github.com/x', workspace: '/work'},
      pullRequest: async () => ({kind: 'none', event: 'push'}),
      open: refuse,
      secrets: () => [],
    },
  })
  return {outputs: Object.fromEntries(outputs), failures, summary}
}

const WRONG: readonly (readonly [inputs: Readonly<Record<string, string>>, said: string])[] = [
  [{}, 'image: no image is given'],
  [{image: '# nothing'}, 'image: no image is given'],
  [
    {image: 'ghcr.io/org/app@'},
    'image: "ghcr.io/org/app@" has no digest behind @: the output that it is taken from is empty',
  ],
  [{image: 'app:1\nghcr.io/org/app@'}, 'image: "ghcr.io/org/app@" has no digest behind @'],
  [
    {image: 'oci-archve:image.tar'},
    'image: "oci-archve:image.tar": there is no transport oci-archve; did you mean oci-archive:image.tar?',
  ],
  [{image: 'App:1'}, 'image: '],
  [{metadata: 'hello'}, 'metadata: '],
  [{metadata: '{"a":'}, 'metadata: '],
  [{metadata: '{}'}, 'metadata: '],
  [
    {image: 'app:1', platforms: 'linux/amd46'},
    'platforms: "linux/amd46": no architecture is called "amd46"; did you mean linux/amd64?',
  ],
  [{image: 'app:1', platforms: 'linux/armv7'}, 'did you mean linux/arm/v7?'],
  [{image: 'app:1', platforms: 'linux/amd64\narm64'}, 'platforms: "arm64"'],
  [{image: 'app:1', source: 'regsitry'}, 'source: expected docker, registry, got "regsitry"; did you mean registry?'],
  [{image: 'app:1', scope: 'all'}, 'scope: expected entrypoint, essential, image, got "all"'],
  [{image: 'app:1', 'fail-on': 'errors'}, 'fail-on: expected error, warning, never, got "errors"; did you mean error?'],
  [{image: 'app:1', 'on-undetermined': 'ignore'}, 'on-undetermined: expected pass, fail, got "ignore"'],
  [{image: 'app:1', rules: 'wrong-machin=off'}, 'rules: there is no rule "wrong-machin"; did you mean wrong-machine?'],
  [{image: 'app:1', rules: 'wrong-machine'}, 'rules: expected RULE=error|warning|note|off, got "wrong-machine"'],
  [{image: 'app:1', rules: 'wrong-machine=of'}, 'rules: '],
  [{image: 'app:1', ignore: 'usr'}, 'ignore: '],
  [{image: 'app:1', baseline: 'ghcr.io/org/app@'}, 'baseline: "ghcr.io/org/app@" has no digest behind @'],
  [{dockerfile: 'Dockerfile', baseline: 'app:0'}, 'baseline: there is no image to compare it with'],
  [{image: 'app:1', 'baseline-required': 'yes'}, 'baseline-required: expected true or false, got "yes"'],
  [{image: 'app:1', 'baseline-required': 'true'}, 'baseline-required: no baseline is given'],
  [{image: 'app:1', policy: 'absent.yml'}, 'policy: absent.yml cannot be read: no such file'],
  [
    {image: 'app:1', policy: 'wrong.yml'},
    'policy: wrong.yml:3:3: defaults: there is no key "scop"; did you mean scope?',
  ],
  [{image: 'app:1', comment: 'true'}, 'comment: expected never, on-failure, always, got "true"'],
  [{image: 'app:1', comment: 'on-failur'}, 'did you mean on-failure?'],
  [{image: 'app:1', suggest: 'yes'}, 'suggest: expected true or false, got "yes"'],
  [{image: 'app:1', suggest: 'True'}, 'suggest: expected true or false, got "True"'],
  [{image: 'app:1', cache: '1'}, 'cache: expected true or false, got "1"'],
  [{image: 'app:1', concurrency: '0'}, 'concurrency: expected a number from 1 to 64, got "0"'],
  [{image: 'app:1', concurrency: '65'}, 'concurrency: expected a number from 1 to 64, got "65"'],
  [{image: 'app:1', 'insecure-registries': 'http://x'}, 'insecure-registries: expected HOST[:PORT], got "http://x"'],
  [{image: 'app:1', limits: 'layer-byte=1GiB'}, 'limits: there is no limit "layer-byte"; did you mean layer-bytes?'],
  [{image: 'app:1', limits: 'layer-bytes=1KiB'}, 'limits: '],
  [{image: 'app:1', timeout: '5'}, 'timeout: expected a time such as 90s'],
  [{image: 'app:1', timeout: '-1m'}, 'timeout: expected a time such as 90s'],
]

/** A token is GitHub's to judge, and a glob is of the workspace, whose files say whether it finds any. */
const FREE = ['token', 'dockerfile']

test.each(WRONG)('%j', async (inputs, said) => {
  const {outputs, failures, summary} = await run(inputs)
  expect(failures).toEqual([expect.stringContaining(said)])
  const [failure = ''] = failures
  expect(failure).toMatch(/^Wrong input: /)
  // The action speaks of its inputs, not of the command's flags.
  expect(failure).not.toMatch(/(?:^|\s)--[a-z]|IMAGE:/)
  expect(summary).toMatch(/^## ❌ Wrong input: .*\n\n(?:.*\n\n)*Nothing was verified, so nothing should be signed\.\n$/)
  expect(outputs).toEqual({...Object.fromEntries(OUTPUTS.map(name => [name, ''])), verified: 'false'})
})

test(`${WRONG.length} wrong usages, some of every input that can be wrong`, () => {
  const named = new Set(WRONG.flatMap(([inputs]) => Object.keys(inputs)))
  expect(Object.keys(DECLARED).filter(name => !named.has(name) && !FREE.includes(name))).toEqual([])
})
