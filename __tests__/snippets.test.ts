import {execFileSync, spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'
import {PREDICATE_TYPE} from '../src/report/predicate.ts'
import {documented, type RunStep, runSteps} from './support/snippets.ts'
import {temporaryFolder} from './support/temporary-folder.ts'

// The steps that the documentation and the examples give to users, run as the runner runs them, with stand-ins for the
// programs that need a registry: whatever the action's outputs are, only what was verified is signed, and nothing that
// is in them is run.

const ROOT = join(import.meta.dirname, '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]
const WORKFLOWS = readdirSync(join(ROOT, 'examples/workflows')).map(name => `examples/workflows/${name}`)

const sources = [
  ...PAGES.flatMap(page => documented(page, 'yaml').map(code => [page, code] as const)),
  ...WORKFLOWS.map(path => [path, read(path)] as const),
]
const steps = sources.flatMap(([place, code]) => runSteps(code).map(step => [place, step] as const))
const uses = (step: RunStep, output: string): boolean => JSON.stringify(step).includes(`steps.verify.outputs.${output}`)

const DIGESTS = ['a', 'b', 'c'].map(letter => `sha256:${letter.repeat(64)}`)
const IMAGES = DIGESTS.map((digest, index) => `ghcr.io/org/app${index}@${digest}`)

interface Outputs {
  readonly images: readonly string[]
  /** The images that have a predicate. */
  readonly predicates: readonly string[]
}

/** What each stand-in was called with: `cosign sign --yes A B`. */
function runStep({env = {}, run}: RunStep, {images, predicates}: Outputs) {
  const folder = temporaryFolder('snippet')
  const bin = join(folder, 'bin')
  const calls = join(folder, 'calls')
  mkdirSync(bin)
  for (const name of ['cosign', 'docker', 'crane']) {
    const file = join(bin, name)
    writeFileSync(
      file,
      `#!/bin/sh\n[ "\${FAIL-}" = ${name} ] && exit 1\nprintf '%s ' ${name} "$@" >>${calls}\necho >>${calls}\n`,
    )
    chmodSync(file, 0o755)
  }
  const files = predicates.map((image, index) => {
    const [name, sha256] = image.split('@sha256:')
    const path = join(folder, `predicate-${index}.json`)
    writeFileSync(path, JSON.stringify({verifyImageArch: {subject: {name, digest: {sha256}}}}))
    return path
  })
  const outputs: Readonly<Record<string, string>> = {images: images.join('\n'), predicate: files.join('\n')}
  // As the runner does it: expressions are replaced by their text, in a script too.
  const filled = (text: string): string =>
    text.replaceAll(/\$\{\{ *([^}]*?) *\}\}/g, (_, expression: string) => {
      const [, name = ''] = /^steps\.verify\.outputs\.([\w-]+)$/.exec(expression) ?? []
      return outputs[name] ?? 'something'
    })
  const script = join(folder, 'script.sh')
  writeFileSync(script, filled(run))
  const environment = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, filled(value)]))
  const call = (more: Readonly<Record<string, string>> = {}) =>
    spawnSync('bash', ['-e', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {PATH: `${bin}:${process.env.PATH}`, IMAGE: 'ghcr.io/org/app0', ...environment, ...more},
    })
  const {status, stderr} = call()
  const made = existsSync(calls)
    ? readFileSync(calls, 'utf8')
        .trimEnd()
        .split('\n')
        .map(line => line.trimEnd())
    : []
  return {status, stderr, calls: made, files, failing: (name: string) => call({FAIL: name}).status}
}

test('there are steps at all', () => {
  expect(steps.map(([place]) => place)).toEqual(expect.arrayContaining(['README.md', 'docs/attestation.md']))
  expect(WORKFLOWS.filter(path => steps.some(([place]) => place === path))).not.toEqual([])
})

test.each(steps)('%s: no expression stands in a script: $run', (_, {run}) => {
  expect(run).not.toContain('${{')
})

const signing = steps.filter(([, {run}]) => run.includes('cosign sign'))

describe.each(signing)('signing in %s', (_, step) => {
  test.each([1, 2, 3])('%d images: each by its digest, and nothing else is run', count => {
    const images = IMAGES.slice(0, count)
    const {status, stderr, calls} = runStep(step, {images, predicates: []})
    expect([status, stderr]).toEqual([0, ''])
    expect(calls).toEqual([`cosign sign --yes ${images.join(' ')}`])
  })

  test('no image: nothing is signed', () => {
    expect(runStep(step, {images: [], predicates: []})).toMatchObject({status: 0, stderr: '', calls: []})
  })

  test('a signature that fails, fails the step', () => {
    expect(runStep(step, {images: IMAGES, predicates: []}).failing('cosign')).not.toBe(0)
  })

  test('what stands in an output is never run', () => {
    const images = [`${IMAGES[0]}; touch ran`, '$(touch ran)', '`touch ran`']
    const {calls} = runStep(step, {images, predicates: []})
    expect(calls).toEqual([`cosign sign --yes ${IMAGES[0]}; touch ran $(touch ran) \`touch ran\``])
  })
})

const attesting = steps.filter(([, {run}]) => run.includes('cosign attest'))

describe.each(attesting)('attesting in %s', (_, step) => {
  const attested = (files: readonly string[], images: readonly string[]) =>
    images.map((image, index) => `cosign attest --yes --type ${PREDICATE_TYPE} --predicate ${files[index]} ${image}`)

  test.each([1, 2, 3])('%d images: each with its own predicate', count => {
    const images = IMAGES.slice(0, count)
    const {status, stderr, calls, files} = runStep(step, {images, predicates: images})
    expect([status, stderr]).toEqual([0, ''])
    expect(calls).toEqual(attested(files, images))
  })

  test('an image that may not be signed is left out, and takes no other’s predicate', () => {
    const {calls, files} = runStep(step, {images: [IMAGES[0] ?? '', IMAGES[2] ?? ''], predicates: IMAGES})
    expect(calls).toEqual(attested([files[0] ?? '', files[2] ?? ''], [IMAGES[0] ?? '', IMAGES[2] ?? '']))
  })

  test('an attestation that fails, fails the step', () => {
    expect(runStep(step, {images: IMAGES, predicates: IMAGES}).failing('cosign')).not.toBe(0)
  })
})

test('every output that is a list is read by a step that is run here', () => {
  const known = [...signing, ...attesting].map(([, step]) => step)
  const moved = steps.filter(([, {run}]) => run.includes('imagetools create')).map(([, step]) => step)
  const left = steps.filter(([, step]) => uses(step, 'images') && ![...known, ...moved].includes(step))
  expect(left).toEqual([])
})

test.each(steps.filter(([, {run}]) => run.includes('imagetools create')))('moving tags in %s', (_, step) => {
  const {status, calls} = runStep(step, {images: IMAGES.slice(0, 1), predicates: []})
  expect(status).toBe(0)
  expect(calls).toEqual([expect.stringMatching(new RegExp(` ${IMAGES[0]}$`))])
})

describe('the policies', () => {
  const policies = readdirSync(join(ROOT, 'examples/policies'))

  test.each(policies)('%s: of our type', name => {
    expect(read(`examples/policies/${name}`)).toContain(PREDICATE_TYPE)
    expect(read('docs/attestation.md')).toContain(name)
  })

  test("policy-controller has cosign's", () => {
    const {spec} = parse(read('examples/policies/policy-controller.yaml'))
    const [{policy, predicateType}] = spec.authorities[0].attestations
    expect(predicateType).toBe(PREDICATE_TYPE)
    expect(policy.data).toBe(read('examples/policies/verified.cue').replaceAll(/^\/\/.*\n/gm, ''))
  })
})

test('what the runner has is here: bash and jq', () => {
  expect(execFileSync('jq', ['-n', '1'], {encoding: 'utf8'})).toBe('1\n')
})
