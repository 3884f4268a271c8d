import {spawnSync} from 'node:child_process'
import {cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {parse, parseAllDocuments} from 'yaml'
import {temporaryFolder} from './support/temporary-folder.ts'

// The examples for other CI systems: what they run is run, with the built command in the place of npx and docker run.

const ROOT = resolve('.')
const FOLDER = 'examples/elsewhere'
const read = (path: string): string => readFileSync(join(FOLDER, path), 'utf8')

/** Drops what npx or docker run are told, and starts the command with the rest. */
const STAND_IN = `#!/bin/sh
name=$(basename "$0")
while [ $# -gt 0 ]; do
  case $1 in
    verify-image-arch@1 | ghcr.io/*/*:1) shift; echo "$name" >> "$CALLS"; exec "$NODE" "$CLI" "$@" ;;
    *) shift ;;
  esac
done
echo "$name was not asked for the command" >&2
exit 99
`

interface Ran {
  readonly status: number | null
  readonly output: string
  readonly folder: string
}

function run(script: string, variables: Readonly<Record<string, string>>, calls = 1): Ran {
  const folder = temporaryFolder('elsewhere')
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  for (const name of ['npx', 'docker']) writeFileSync(join(bin, name), STAND_IN, {mode: 0o755})
  cpSync('examples/match', join(folder, 'match'), {recursive: true})
  cpSync('examples/mismatch', join(folder, 'mismatch'), {recursive: true})
  cpSync(join(FOLDER, 'verify.sh'), join(folder, 'verify.sh'))
  const {status, stdout, stderr} = spawnSync('sh', ['-euc', script], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...{PATH: `${bin}:/usr/bin:/bin`, HOME: folder, WORKSPACE: folder, CALLS: join(folder, 'calls')},
      ...{NODE: process.execPath, CLI: join(ROOT, 'dist/cli.mjs'), ...variables},
    },
  })
  expect(
    existsSync(join(folder, 'calls')) ? readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') : [],
  ).toHaveLength(calls)
  return {status, output: stdout + stderr, folder}
}

const component = parseAllDocuments(read('gitlab/templates/verify-image-arch.yml')).map(document => document.toJS())
const azure = parse(read('azure-pipelines.yml'))
const circle = parse(read('circleci.yml'))
const task = parse(read('tekton/task.yaml'))
const [, jenkins = ''] = /sh '''(.*?)'''/s.exec(read('Jenkinsfile')) ?? []

/**
 * Groovy takes the backslash and the end of line that it stands before as they are in `'''`; /out is in the container.
 */
const SCRIPTS: Readonly<Record<string, string>> = {
  GitLab: component[1]['verify-image-arch'].script.join('\n'),
  'Azure Pipelines': azure.steps.find(({script}: {script?: string}) => script !== undefined).script,
  CircleCI: `mkdir -p reports/verify-image-arch; printf %s "$IMAGE" > image.txt; ${circle.jobs['verify-image-arch'].steps.find(({run}: {run?: unknown}) => run !== undefined).run.command}`,
  Jenkins: jenkins
    .replace('junit=/out/', 'junit=')
    .replaceAll('--platforms linux/amd64,linux/arm64', '--platforms "$PLATFORMS"'),
  shell: './verify.sh "$IMAGE" "$PLATFORMS"',
  Tekton: `docker run ${task.spec.steps[0].image} ${task.spec.steps[0].args.join(' ').replace('$(params.image)', '"$IMAGE"').replace('$(params.platforms)', '"$PLATFORMS"')}`,
}
const variables = {PLATFORMS: 'linux/amd64,linux/arm64', VERSION: '1'}

describe.each(Object.entries(SCRIPTS))('%s', (_, script) => {
  test('a right image goes through', () => {
    const {status, output} = run(script, {...variables, IMAGE: 'oci:match'})
    expect([status, output]).toEqual([0, expect.stringContaining('verified: 2 of 2 platforms match')])
  })

  test('a wrong one does not', () => {
    const {status, output} = run(script, {...variables, IMAGE: 'oci:mismatch'})
    expect([status, output]).toEqual([1, expect.stringContaining('linux/arm64 would not start')])
  })

  test('one that is not there neither', () => {
    expect(run(script, {...variables, IMAGE: 'oci:nothing'}).status).toBe(3)
  })
})

test('what each keeps of the run is there afterwards', () => {
  const {folder} = run(SCRIPTS.GitLab ?? '', {...variables, IMAGE: 'oci:mismatch'})
  for (const report of Object.values(component[1]['verify-image-arch'].artifacts.reports)) {
    expect(existsSync(join(folder, String(report)))).toBe(true)
  }
  const after = run(SCRIPTS.CircleCI ?? '', {...variables, IMAGE: 'oci:mismatch'})
  expect(readdirSync(join(after.folder, 'reports/verify-image-arch'))).toEqual(['junit.xml'])
})

test('every input of the component is used, and has what it needs', () => {
  const inputs = Object.keys(component[0].spec.inputs)
  const used = [...JSON.stringify(component[1]).matchAll(/\$\[\[ inputs\.([\w-]+) \]\]/g)].map(([, name]) => name)
  expect(new Set(used)).toEqual(new Set(inputs))
})

test('the hook of pre-commit finds what is wrong in Dockerfiles', () => {
  const [hook] = parse(readFileSync('.pre-commit-hooks.yaml', 'utf8'))
  const pattern = new RegExp(hook.files)
  expect(['Dockerfile', 'a/b/Dockerfile.dev'].every(path => pattern.test(path))).toBe(true)
  expect(['a/MyDockerfile', 'Dockerfile/x'].some(path => pattern.test(path))).toBe(false)
  const quoted = hook.args.map((argument: string) => `'${argument}'`).join(' ')
  const dockerfile = `printf 'FROM scratch\\nARG TARGETARCH=amd64\\nCOPY $TARGETARCH /app\\n' > Dockerfile\n`
  const {status, output} = run(`${dockerfile}docker run --rm ${hook.entry} ${quoted}`, {})
  expect([status, output]).toEqual([1, expect.stringContaining('platform-arg-default')])
})
