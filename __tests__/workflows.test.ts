// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of workflows
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow} from '@actions/workflow-parser'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: unknown
  readonly needs?: readonly string[]
  /** A workflow that is called in place of steps. */
  readonly uses?: string
  readonly steps?: readonly Step[]
  readonly 'timeout-minutes'?: number
}

interface Workflow {
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const ROOT = new URL('..', import.meta.url)
const OURS = ['./', 'org/verify-image-arch@v1', 'org/verify-image-arch/.github/workflows/fleet.yml@v1']
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')
const files = ['.github/workflows', 'examples/workflows'].flatMap(folder =>
  readdirSync(new URL(folder, ROOT)).map(name => `${folder}/${name}`),
)
const action: {readonly inputs: object; readonly outputs: object} = parse(read('action.yml'))

describe.each(files)('%s', path => {
  const text = read(path)
  const workflow: Workflow = parse(text)
  const jobs = Object.entries(workflow.jobs)
  const steps = jobs.flatMap(([, job]) => job.steps ?? [])
  const called = jobs.flatMap(([, {uses}]) => uses ?? [])

  test('is a workflow to GitHub’s own parser', async () => {
    expect(await problemsOf(path, text)).toEqual([])
  })

  test('has no rights but those that a job asks for', () => {
    expect(workflow.permissions).toEqual({})
    expect(jobs.filter(([, {permissions}]) => permissions === undefined)).toEqual([])
  })

  test('pins what is not ours by commit, and says which version that is', () => {
    const used = [...text.matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(match => match[1] ?? '')
    expect(used).toHaveLength(steps.filter(({uses}) => uses !== undefined).length + called.length)
    const pinned = /^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/
    expect(used.filter(uses => !OURS.includes(uses) && !isOwn(uses) && !pinned.test(uses))).toEqual([])
  })

  test('gives the action no input that it does not have, and takes no output that it does not set', () => {
    const ours = steps.filter(({uses}) => uses !== undefined && OURS.includes(uses))
    const calls = called.filter(uses => OURS.includes(uses))
    expect(ours.length + calls.length > 0 || !path.startsWith('examples/')).toBe(true)
    for (const {with: inputs = {}} of ours)
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)))
    for (const {id} of ours) {
      const taken = [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'))].map(match => match[1])
      expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(taken))
    }
  })

  test('puts nothing that an event says into a script', () => {
    const scripts = steps.flatMap(({run}) => run ?? [])
    expect(scripts.filter(script => script.includes('${{'))).toEqual([])
  })
})

/** What the parser of GitHub's language server says of a workflow. */
async function problemsOf(name: string, content: string): Promise<readonly string[]> {
  const {context, value} = parseWorkflow({name, content}, new NoOperationTraceWriter())
  if (value !== undefined && context.errors.getErrors().length === 0) await convertWorkflowTemplate(context, value)
  return context.errors.getErrors().map(({message}) => message)
}

/** A workflow of this repository that is there. */
function isOwn(uses: string): boolean {
  return /^\.\/(?:\.github|examples)\/workflows\/[\w-]+\.yml$/.test(uses) && existsSync(new URL(uses, ROOT))
}

describe('actions of others', () => {
  const pages = [
    'README.md',
    ...readdirSync(new URL('docs', ROOT)).flatMap(name => (name.endsWith('.md') ? `docs/${name}` : [])),
  ]
  const pins = [...files, 'action.yml'].flatMap(path =>
    Array.from(
      read(path).matchAll(/uses: ([\w.-]+\/[\w.-]+)(?:\/[\w./-]+)?@([0-9a-f]{40} # v\d+\S*)$/gm),
      ([, name = '', pin = '']) => ({name, pin}),
    ),
  )
  const shown = pages
    .flatMap(page =>
      Array.from(read(page).matchAll(/uses: ([\w.-]+\/[\w.-]+)@(v\d+)$/gm), ([, name = '', major = '']) => ({
        page,
        name,
        major,
      })),
    )
    .filter(({name}) => !OURS.some(own => own.startsWith(`${name}@`)))

  test('each is of one commit everywhere', () => {
    const names = [...new Set(pins.map(({name}) => name))]
    const several = names
      .map(name => [name, ...new Set(pins.filter(one => one.name === name).map(({pin}) => pin))])
      .filter(([, ...commits]) => commits.length !== 1)
    expect(names.length).toBeGreaterThan(10)
    expect(several).toEqual([])
  })

  test('the documentation shows the major version that the examples use', () => {
    const known = shown.filter(({name}) => pins.some(one => one.name === name))
    expect(known.length).toBeGreaterThan(2)
    const other = known.filter(
      ({name, major}) => !pins.some(one => one.name === name && one.pin.includes(` # ${major}.`)),
    )
    expect(other).toEqual([])
  })
})

describe('the parser sees what is wrong', () => {
  const workflow = (step: string): string =>
    `on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - ${step}\n`
  test('nothing', async () => expect(await problemsOf('a.yml', workflow('run: true'))).toEqual([]))
  test.each(['rum: true', 'run: ${{ github.', 'run: ${{ nothing.at.all }}', 'if: ${{ always( }}'])('%s', async step => {
    expect(await problemsOf('a.yml', workflow(step))).not.toEqual([])
  })
})

test('the gate of a release is all of CI, and nothing is published before it', () => {
  const {jobs}: Workflow = parse(read('.github/workflows/release.yml'))
  expect(jobs.gate?.uses).toBe('./.github/workflows/ci.yml')
  const before = (name: string): readonly string[] =>
    [jobs[name]?.needs ?? []].flat().flatMap(needed => [needed, ...before(needed)])
  for (const name of ['build', 'provenance', 'npm', 'image', 'publish']) expect(before(name)).toContain('gate')
  expect(before('publish')).toEqual(expect.arrayContaining(['npm', 'image']))
})

test('the image is verified by this action before it is signed, and signed before it is tagged', () => {
  const {jobs}: Workflow = parse(read('.github/workflows/release.yml'))
  const steps = (jobs.image?.steps ?? []).map(step => JSON.stringify(step))
  const at = ['"uses":"./"', 'cosign sign', 'imagetools create'].map(text =>
    steps.findIndex(step => step.includes(text)),
  )
  expect(at.every((place, index) => place > (at[index - 1] ?? -1))).toBe(true)
})

test('the one job that a branch rule asks for waits for all others', () => {
  const {jobs}: Workflow = parse(read('.github/workflows/ci.yml'))
  const others = Object.keys(jobs).filter(name => name !== 'passed')
  expect(jobs.passed?.needs).toEqual(others)
  expect(read('.github/workflows/ci.yml')).toContain(`'${others.map(() => 'success').join(' ')}'`)
  expect(Object.values(jobs).filter(job => job['timeout-minutes'] === undefined)).toEqual([])
})
