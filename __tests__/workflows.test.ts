import {readdirSync, readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly with?: Readonly<Record<string, unknown>>
}

interface Job {
  readonly permissions?: unknown
  readonly needs?: readonly string[]
  readonly steps: readonly Step[]
  readonly 'timeout-minutes'?: number
}

interface Workflow {
  readonly permissions?: unknown
  readonly jobs: Readonly<Record<string, Job>>
}

const ROOT = new URL('..', import.meta.url)
const OURS = ['./', 'org/verify-image-arch@v1']
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8')
const files = ['.github/workflows', 'examples/workflows'].flatMap(folder =>
  readdirSync(new URL(folder, ROOT)).map(name => `${folder}/${name}`),
)
const action: {readonly inputs: object; readonly outputs: object} = parse(read('action.yml'))

describe.each(files)('%s', path => {
  const text = read(path)
  const workflow: Workflow = parse(text)
  const jobs = Object.entries(workflow.jobs)
  const steps = jobs.flatMap(([, job]) => job.steps)

  test('has no rights but those that a job asks for', () => {
    expect(workflow.permissions).toEqual({})
    expect(jobs.filter(([, {permissions}]) => permissions === undefined)).toEqual([])
  })

  test('pins what is not ours by commit, and says which version that is', () => {
    const used = [...text.matchAll(/^ *(?:- )?uses: (.*)$/gm)].map(match => match[1] ?? '')
    expect(used).toHaveLength(steps.filter(({uses}) => uses !== undefined).length)
    const pinned = /^[\w.-]+(?:\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/
    expect(used.filter(uses => !OURS.includes(uses) && !pinned.test(uses))).toEqual([])
  })

  test('gives the action no input that it does not have, and takes no output that it does not set', () => {
    const ours = steps.filter(({uses}) => uses !== undefined && OURS.includes(uses))
    expect(ours.length).toBeGreaterThan(0)
    for (const {with: inputs = {}} of ours)
      expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)))
    for (const {id} of ours) {
      const taken = [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'))].map(match => match[1])
      expect(Object.keys(action.outputs)).toEqual(expect.arrayContaining(taken))
    }
  })

  test('puts nothing that an event says into a script', () => {
    const scripts = text.split(/\n {6}- /).flatMap(step => step.split(/\n {8}run: /)[1] ?? [])
    expect(scripts.filter(script => script.includes('${'))).toEqual([])
  })
})

test('the one job that a branch rule asks for waits for all others', () => {
  const {jobs}: Workflow = parse(read('.github/workflows/ci.yml'))
  const others = Object.keys(jobs).filter(name => name !== 'passed')
  expect(jobs.passed?.needs).toEqual(others)
  expect(read('.github/workflows/ci.yml')).toContain(`'${others.map(() => 'success').join(' ')}'`)
  expect(Object.values(jobs).filter(job => job['timeout-minutes'] === undefined)).toEqual([])
})
