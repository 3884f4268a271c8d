import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import {join, matchesGlob, resolve} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {Workflow} from '@kubernetes-models/argo-workflows/argoproj.io/v1alpha1/Workflow'
import {Job} from 'kubernetes-models/batch/v1/Job'
import {PersistentVolumeClaim} from 'kubernetes-models/v1/PersistentVolumeClaim'
import {parse, parseAllDocuments} from 'yaml'
import {buildElf} from '../support/elf-builder.ts'
import {buildImage} from '../support/image-builder.ts'
import {type RegistryServer, startRegistryServer} from '../support/registry-server.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

// The examples for engines: each by the engine's own schema, which packages of npm carry (of Kubernetes, Argo Workflows
// and GitLab), and its commands run here as processes, whose merged report is that of one process.

const require = createRequire(import.meta.url)
const FOLDER = 'examples/fleet'
const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8')
const CLI = resolve('dist/cli.mjs')

/** The text with one part replaced, which must be there. */
function wrong(text: string, part: string, other: string): string {
  expect(text).toContain(part)
  return text.replace(part, other)
}

const MODELS = {Job, PersistentVolumeClaim, Workflow}

/** Throws where the schema of its kind does not take a document. */
function validate(text: string): void {
  const documents = parseAllDocuments(text).map(document => document.toJS())
  for (const document of documents) {
    const kind: keyof typeof MODELS = document.kind
    new MODELS[kind](document).validate()
  }
}

describe.each(['kubernetes/check.yaml', 'kubernetes/merge.yaml', 'argo-workflow.yaml'])('%s', path => {
  test('is valid', () => expect(() => validate(read(path))).not.toThrow())

  test('runs nothing as root, and names the image of this project', () => {
    expect(read(path)).toContain('runAsNonRoot: true')
    const images = Array.from(read(path).matchAll(/ image: (.*)/g), ([, image]) => image)
    expect(new Set(images)).toEqual(new Set(['ghcr.io/org/verify-image-arch:1']))
  })
})

test.each([
  ['kubernetes/check.yaml', 'completionMode: Indexed', 'completionMode: [Indexed]'],
  ['kubernetes/check.yaml', 'completions: 4', 'completions: four'],
  ['kubernetes/check.yaml', 'restartPolicy: Never', 'restartPolicy: 1'],
  ['kubernetes/check.yaml', 'operator: In', 'operater: In'],
  ['argo-workflow.yaml', 'args:', 'args: x #'],
  ['argo-workflow.yaml', 'limit: "2"', 'limit: [2]'],
  ['argo-workflow.yaml', 'start: "1"', 'start: {}'],
])('%s: the schema would say that %s is wrong', (path, part, other) => {
  expect(() => validate(wrong(read(path), part, other))).toThrow()
})

const platform = (architecture: string, machine: number, text: string) => ({
  ...{platform: {os: 'linux', architecture}, process: {Entrypoint: ['/app']}},
  layers: [{app: {content: Buffer.concat([buildElf({machine, align: 0x10000}), Buffer.from(text)]), mode: 0o755}}],
})

let server: RegistryServer
let images = ''
const POLICY = 'version: 1\ndefaults: {platforms: [linux/amd64, linux/arm64]}\n'
beforeAll(async () => {
  server = await startRegistryServer()
  const names = Array.from({length: 10}, (_, at) => {
    const arm64 = platform('arm64', at === 4 ? 62 : 183, `${at}`)
    server.push(`org/app${at % 3}`, buildImage([platform('amd64', 62, `${at}`), arm64]), `v${at}`)
    return `${server.host}/org/app${at % 3}:v${at}`
  })
  images = `${[...names, `${server.host}/org/gone:1`].join('\n')}\n`
})
afterAll(() => server.stop())

interface Ended {
  readonly code: number | null
  readonly out: string
}

async function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(command, args, {
    cwd,
    env: {HOME: cwd, PATH: '/usr/bin:/bin', ...env},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      out += chunk
    })
  }
  await once(child, 'close')
  return {code: child.exitCode, out}
}

/** A container’s arguments here: its folders are those of a folder of ours. */
const here = (folder: string, args: readonly string[]): readonly string[] =>
  args.map(arg => arg.replace(/(?<==|^)\/(?=work|etc)/g, `${folder}/`))

function ground(): string {
  const folder = temporaryFolder('fleet-engine')
  for (const name of ['work', 'etc/fleet']) mkdirSync(join(folder, name), {recursive: true})
  writeFileSync(join(folder, 'etc/fleet/images.txt'), images)
  writeFileSync(join(folder, 'etc/fleet/policy.yml'), POLICY)
  return folder
}

/** The reports of one process, by the arguments of a part without what makes it a part. */
async function reportsOfOne(folder: string, args: readonly string[]): Promise<readonly string[]> {
  const whole = args.filter(arg => !/^--(?:shard|resume|stream)=/.test(arg))
  const reports = ['json', 'sarif', 'markdown'].map(format => `--report=${format}=${join(folder, format)}`)
  expect((await run(process.execPath, [CLI, ...whole, ...reports], folder)).code).toBe(3)
  return ['json', 'sarif', 'markdown'].map(format => readFileSync(join(folder, format), 'utf8'))
}

const reportsIn = (folder: string): readonly string[] =>
  ['report.json', 'fleet.sarif', 'summary.md'].map(name => readFileSync(join(folder, name), 'utf8'))

test('Kubernetes: four pods, one of them started again, and a merge', async () => {
  const folder = ground()
  const job = parseAllDocuments(read('kubernetes/check.yaml'))[1]?.toJS()
  const [{args}] = job.spec.template.spec.containers
  // As the kubelet expands them:
  // https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
  const podArgs = (index: number): readonly string[] =>
    here(folder, args).map(arg => arg.replaceAll('$(JOB_COMPLETION_INDEX)', `${index}`))
  const pods = Array.from({length: job.spec.completions}, (_, index) =>
    run(process.execPath, [CLI, ...podArgs(index)], folder),
  )
  const codes = (await Promise.all(pods)).map(({code}) => code)
  expect(codes.toSorted()).toEqual([0, 0, 1, 3])
  // The Job starts what ended with 3 again.
  server.forget()
  const again = await run(process.execPath, [CLI, ...podArgs(codes.indexOf(3))], folder)
  expect([again.code, again.out]).toEqual([3, expect.stringMatching(/[1-9]\d* of them kept/)])
  expect(server.requests.filter(({url}) => url.includes('/blobs/'))).toEqual([])
  const [{args: merge}] = parse(read('kubernetes/merge.yaml')).spec.template.spec.containers
  expect((await run(process.execPath, [CLI, ...here(folder, merge)], folder)).code).toBe(3)
  expect(reportsIn(join(folder, 'work'))).toEqual(await reportsOfOne(folder, podArgs(0)))
})

test('Argo: as many tasks as parts are asked for, and a merge', async () => {
  const folder = ground()
  const {spec} = parse(read('argo-workflow.yaml'))
  const [{withSequence}] = spec.templates[0].dag.tasks
  const parameters = {parts: '3'}
  const fill = (text: string, part = ''): string =>
    text.replace('{{workflow.parameters.parts}}', parameters.parts).replace('{{inputs.parameters.part}}', part)
  const [first, last] = [Number(withSequence.start), Number(fill(withSequence.end))]
  const containerOf = (name: string) => spec.templates.find((one: {name: string}) => one.name === name).container
  const argsOf = (part: number): readonly string[] =>
    here(folder, containerOf('check').args).map(arg => fill(arg, `${part}`))
  expect(argsOf(1).filter(arg => arg.includes('{{'))).toEqual([])
  const parts = Array.from({length: last - first + 1}, (_, at) =>
    run(process.execPath, [CLI, ...argsOf(first + at)], folder),
  )
  const codes = (await Promise.all(parts)).map(({code}) => code ?? 70)
  expect([codes.length, Math.max(...codes)]).toEqual([3, 3])
  const merge = here(folder, containerOf('merge').args)
  expect((await run(process.execPath, [CLI, ...merge], folder)).code).toBe(3)
  expect(reportsIn(join(folder, 'work'))).toEqual(await reportsOfOne(folder, argsOf(1)))
})

describe('GitLab', () => {
  /** A project with the pipeline, in which npx is this checkout's command. */
  function project(pipeline: string): string {
    const folder = temporaryFolder('fleet-gitlab')
    writeFileSync(join(folder, '.gitlab-ci.yml'), pipeline)
    writeFileSync(join(folder, 'images.txt'), images)
    writeFileSync(join(folder, 'policy.yml'), POLICY)
    mkdirSync(join(folder, 'bin'))
    writeFileSync(join(folder, 'bin/npx'), `#!/bin/sh\nshift 2\nexec '${process.execPath}' '${CLI}' "$@"\n`, {
      mode: 0o755,
    })
    const git = 'git init -q . && git remote add origin git@gitlab.com:org/app.git && git add -A'
    expect(spawnSync('sh', ['-c', git], {cwd: folder}).status).toBe(0)
    return folder
  }
  const local = (folder: string, ...args: readonly string[]) =>
    run(process.execPath, [require.resolve('gitlab-ci-local'), ...args], folder, {
      ...{NO_COLOR: '1', PATH: `${join(folder, 'bin')}:/usr/bin:/bin`},
    })

  test('the pipeline is valid, and has four parts', async () => {
    const {code, out} = await local(project(read('gitlab-ci.yml')), '--list')
    expect([code, out]).toEqual([0, expect.stringContaining('json schema validated')])
    expect(out.match(/^check: \[\d\]/gm)).toHaveLength(4)
  })

  test.each([
    ['exit_codes:', 'exitcodes:'],
    ['when: always', 'when: sometimes'],
    ['matrix:', 'matricks:'],
  ])('it would say that %s is wrong', async (part, other) => {
    expect((await local(project(wrong(read('gitlab-ci.yml'), part, other)), '--list')).code).toBe(1)
  })

  // gitlab-ci-local runs jobs only where rsync is installed: their scripts are run as GitLab's runner does, each job in
  // a checkout of its own, and only artifacts go from one to the next.
  test('its scripts run, and the merged report is that of one process', async () => {
    const pipeline = parse(read('gitlab-ci.yml'))
    const job = (name: string, folder: string, env: Readonly<Record<string, string>>): Promise<Ended> =>
      run('bash', ['-eo', 'pipefail', '-c', pipeline[name].script.join('\n')], folder, {
        ...pipeline.variables,
        ...{PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, ...env},
      })
    const merged = project(read('gitlab-ci.yml'))
    const [{PART: parts}]: [{PART: readonly string[]}] = pipeline.check.parallel.matrix
    const codes = await Promise.all(
      parts.map(async PART => {
        const folder = project(read('gitlab-ci.yml'))
        const {code} = await job('check', folder, {PART, CI_NODE_TOTAL: `${parts.length}`})
        const kept = readdirSync(folder).filter(name => matchesGlob(name, pipeline.check.artifacts.paths[0]))
        for (const name of kept) copyFileSync(join(folder, name), join(merged, name))
        return code ?? 70
      }),
    )
    expect(codes.filter(code => ![0, ...pipeline.check.allow_failure.exit_codes].includes(code))).toEqual([])
    expect((await job('merge', merged, {})).code).toBe(3)
    const args = ['--images-from', 'images.txt', '--policy', 'policy.yml', '--source', 'registry', '--timeout', '0']
    expect(reportsIn(merged)).toEqual(await reportsOfOne(merged, args))
    for (const name of Object.values<string>(pipeline.merge.artifacts.reports)) {
      expect(readFileSync(join(merged, name), 'utf8')).toContain('wrong-machine')
    }
  })
})

test('every example has a line in the documentation', () => {
  const page = readFileSync('docs/fleets.md', 'utf8')
  for (const name of ['kubernetes/check.yaml', 'kubernetes/merge.yaml', 'argo-workflow.yaml', 'gitlab-ci.yml']) {
    expect(page).toContain(`(../examples/fleet/${name})`)
  }
})
