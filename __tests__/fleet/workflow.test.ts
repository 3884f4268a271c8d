import {cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync} from 'node:fs'
import {createServer, type Server} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {runAny} from '../../e2e/ground/run.ts'
import {makePlainWorld} from '../../scripts/workflows/plain-world.ts'
import {type RanWorkflow, runWorkflow} from '../../scripts/workflows/run-workflow.ts'
import {parseWorkflow} from '../../scripts/workflows/workflow.ts'
import {buildElf} from '../support/elf-builder.ts'
import {buildImage} from '../support/image-builder.ts'
import {type RegistryServer, startRegistryServer} from '../support/registry-server.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

// The example of examples/workflows/fleet.yml, which calls .github/workflows/fleet.yml: each `run:` step is a script
// that bash runs, in the order of the jobs, each job on a machine of its own; actions of others have stand-ins.

const platform = (architecture: string, machine: number, text: string) => ({
  ...{platform: {os: 'linux', architecture}, process: {Entrypoint: ['/app']}},
  layers: [{app: {content: Buffer.concat([buildElf({machine, align: 0x10000}), Buffer.from(text)]), mode: 0o755}}],
})

let registry: RegistryServer
let github: Server
/** What the API lists. */
let artifacts: readonly object[] = []
const asked: string[] = []
beforeAll(async () => {
  registry = await startRegistryServer()
  github = createServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`)
    response.setHeader('content-type', 'application/json').end(JSON.stringify({artifacts}))
  })
  await new Promise<void>(done => github.listen(0, '127.0.0.1', done))
})
afterAll(async () => {
  github.close()
  await registry.stop()
})

const EARLIER = temporaryFolder('fleet-earlier')
const CACHES = temporaryFolder('fleet-caches')
const artifact = (id: number, more: object = {}, run: object = {}): object => ({
  ...{id: id * 10, name: 'fleet-results', expired: false, ...more},
  workflow_run: {id, repository_id: 1, head_repository_id: 1, head_branch: 'main', ...run},
})

/** Ten images; `wrong` of them have a program of another machine, and one is a layout of the repository. */
function push(tag: string, wrong: readonly number[]): string {
  const names = Array.from({length: 10}, (_, at) => {
    const arm64 = platform('arm64', wrong.includes(at) ? 62 : 183, `${tag}${at}`)
    registry.push(`org/app${at % 3}`, buildImage([platform('amd64', 62, `${tag}${at}`), arm64]), `${tag}${at}`)
    return `${registry.host}/org/app${at % 3}:${tag}${at}`
  })
  return names.join('\n')
}

interface Try {
  readonly images: string
  readonly inputs?: Readonly<Record<string, unknown>>
  readonly run?: number
}

async function run({images, inputs = {}, run: id = 100}: Try) {
  const folder = temporaryFolder('fleet-workflow')
  const world = makePlainWorld({
    ...{folder, earlier: EARLIER, caches: CACHES, dist: resolve('dist')},
    files: {
      'images.txt': images,
      '.verify-image-arch.yml': 'version: 1\ndefaults: {platforms: [linux/amd64, linux/arm64]}\n',
    },
    env: {
      ...{GITHUB_API_URL: `http://127.0.0.1:${(github.address() as AddressInfo).port}`, GITHUB_REPOSITORY: 'org/team'},
      ...{GITHUB_REF_NAME: 'main', GITHUB_RUN_ID: `${id}`, GITHUB_SERVER_URL: 'http://127.0.0.1'},
    },
  })
  const workflow = parseWorkflow(readFileSync('examples/workflows/fleet.yml', 'utf8'))
  const job = workflow.jobs.fleet
  if (job === undefined) throw new Error('there is no job fleet')
  const called = {...workflow, jobs: {fleet: {...job, with: {...job.with, ...inputs}}}}
  const ran = await runWorkflow(world, called, {
    github: {
      ...{actor: 'octocat', token: 'a-token', ref_name: 'main', event_name: 'schedule'},
      ...{run_id: `${id}`, run_attempt: '1'},
    },
    ...{secrets: {}, vars: {}},
    runner: {os: 'Linux', arch: 'X64'},
  })
  const results = join(folder, 'artifacts/fleet-results')
  return {ran, results, folder, keep: () => cpSync(results, join(EARLIER, `${id}`, 'fleet-results'), {recursive: true})}
}

const failedOf = ({steps}: RanWorkflow): readonly string[] =>
  steps.filter(({conclusion}) => conclusion === 'failure').map(({name, log}) => `${name}: ${log}`)
const summaryOf = ({steps}: RanWorkflow): string => steps.map(({summary}) => summary).join('')

test('the first run: a plan, four parts, one report that is the report of one process', async () => {
  artifacts = []
  const {ran, results, keep} = await run({images: push('a', [3, 7]), inputs: {'fail-on-new': false}})
  expect(ran.steps.map(({job, name, conclusion}) => [job, name, conclusion])).toContainEqual([
    'fleet / check',
    'Check a part',
    'success',
  ])
  expect(ran.steps.filter(({name}) => name === 'Check a part')).toHaveLength(4)
  // There are findings, so the last step fails, and no other.
  expect(failedOf(ran)).toEqual([expect.stringMatching(/^Verdict: ::error::there are findings/)])
  expect(ran.jobs).toEqual({fleet: 'failure'})
  const folder = temporaryFolder('fleet-once')
  symlinkSync(resolve('dist'), join(folder, 'dist'))
  const plan = join(results, '../fleet-plan/plan.jsonl')
  cpSync(join(results, '../../check-0/workspace/.verify-image-arch.yml'), join(folder, '.verify-image-arch.yml'))
  const args = ['dist/cli.mjs', '--images-from', plan, '--source', 'registry', '--policy', '.verify-image-arch.yml']
  const once = await runAny(process.execPath, [...args, '--report', 'sarif=once.sarif', '--report', 'json=once.json'], {
    cwd: folder,
    env: {HOME: folder, PATH: '/usr/bin:/bin'},
  })
  expect(once.code).toBe(1)
  for (const [one, other] of [
    ['once.sarif', 'fleet.sarif'],
    ['once.json', 'report.json'],
  ]) {
    expect(readFileSync(join(results, other ?? ''), 'utf8')).toBe(readFileSync(join(folder, one ?? ''), 'utf8'))
  }
  expect(summaryOf(ran)).toContain('❌')
  expect(summaryOf(ran)).not.toContain('Since the last run')
  keep()
})

describe('the next run', () => {
  const of = (...more: readonly object[]): readonly object[] => [
    artifact(90, {}, {head_branch: 'other'}),
    artifact(98, {}, {head_repository_id: 2}),
    artifact(97, {expired: true}),
    artifact(100),
    ...more,
  ]

  test('nothing is new: it passes, though there are findings', async () => {
    artifacts = of()
    const {ran, results} = await run({images: push('a', [3, 7]), run: 101, inputs: {parts: 2}})
    expect(failedOf(ran)).toEqual([])
    expect(summaryOf(ran)).toContain('### Since the last run: 0 new, 0 mended, 2 unchanged')
    expect(readFileSync(join(results, 'trend.md'), 'utf8')).toContain('2 unchanged')
    expect(asked.at(-1)).toMatch(
      /^Bearer a-token \/repos\/org\/team\/actions\/artifacts\?per_page=100&name=fleet-results$/,
    )
  })

  test('one is mended and one is new: it fails, and says which', async () => {
    artifacts = of()
    const {ran} = await run({images: push('a', [3, 5]), run: 102, inputs: {parts: 2}})
    expect(failedOf(ran)).toEqual([expect.stringMatching(/^Verdict: ::error::there are new errors/)])
    const summary = summaryOf(ran)
    expect(summary).toContain('### Since the last run: 1 new, 1 mended, 1 unchanged')
    expect(summary).toMatch(/- error wrong-machine.*app2.*a5/)
  })

  test('an artifact that cannot be read as results: a warning, and no trend', async () => {
    artifacts = [artifact(55)]
    mkdirSync(join(EARLIER, '55/fleet-results'), {recursive: true})
    cpSync('package.json', join(EARLIER, '55/fleet-results/results.jsonl'))
    const {ran} = await run({images: push('b', []), run: 103, inputs: {parts: 1}})
    expect(failedOf(ran)).toEqual([])
    expect(ran.steps.find(({name}) => name === 'Trend')?.log).toContain('::warning::the results of the last run cannot')
  })
})

test('fewer images than runners, by bytes; one is gone', async () => {
  artifacts = []
  const [first] = push('c', []).split('\n')
  const {ran, results} = await run({
    images: `${first}\n${registry.host}/org/gone:1\n`,
    inputs: {balance: 'bytes', 'fail-on-new': false, sarif: false},
  })
  expect(ran.steps.filter(({name}) => name === 'Check a part')).toHaveLength(2)
  expect(readFileSync(join(results, '../fleet-plan/plan.jsonl'), 'utf8')).toMatch(
    /"platforms":2,"layers":\[\["[0-9a-f]{16}"/,
  )
  expect(ran.steps.find(({name}) => name.includes('upload-sarif'))?.conclusion).toBe('skipped')
  expect(failedOf(ran)).toEqual([
    expect.stringMatching(/^Verdict: ::error::there are findings, or images that could not/),
  ])
})

test('an inventory that is wrong ends in the plan, and nothing is checked', async () => {
  const {ran} = await run({images: 'UPPER:1\n'})
  expect(failedOf(ran)).toEqual([expect.stringMatching(/^Plan: .*images\.txt:1: /s)])
  expect(ran.steps.filter(({job, conclusion}) => !job.endsWith('plan') && conclusion === 'success')).toEqual([])
})

test('a policy file that is wrong: each part fails, and merge does not hide it', async () => {
  const {ran} = await run({images: push('d', []), inputs: {policy: 'nowhere.yml', parts: 2}})
  const failed = failedOf(ran)
  expect(failed.filter(text => text.startsWith('Check a part: '))).toHaveLength(2)
  expect(failed.at(-1)).not.toMatch(/^Check a part/)
  expect(ran.jobs).toEqual({fleet: 'failure'})
})

describe('what is kept for the next run', () => {
  const kept = async (id: number, images: string, inputs: Readonly<Record<string, unknown>> = {}) => {
    registry.forget()
    const {ran} = await run({images, run: id, inputs: {parts: 2, 'fail-on-new': false, ...inputs}})
    expect(failedOf(ran)).toEqual([])
    return registry.requests.length
  }

  test('an image that has not changed costs one request, and a new one what it costs', async () => {
    artifacts = []
    const images = push('e', [])
    const first = await kept(110, images)
    expect(readdirSync(CACHES)).toEqual(
      expect.arrayContaining(['1', '2'].map(part => `fleet-verify-image-arch-${part}-110-1`)),
    )
    expect(await kept(111, images)).toBe(10)
    expect(readdirSync(CACHES)).toContain('fleet-verify-image-arch-1-111-1')
    const [one = ''] = push('f', []).split('\n')
    const more = await kept(112, `${images}\n${one}`)
    expect(more).toBeGreaterThan(11)
    expect(more).toBeLessThan(first / 2)
  })

  test('without it nothing is restored, and nothing saved', async () => {
    const images = push('g', [])
    const first = await kept(120, images, {'keep-cache': false})
    expect(await kept(121, images, {'keep-cache': false})).toBe(first)
    expect(readdirSync(CACHES).filter(name => /-12\d-/.test(name))).toEqual([])
  })
})
