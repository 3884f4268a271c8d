/**
 * Runs every workflow of examples/workflows step by step, against a real registry and a real engine: once with an image
 * that is right, which must go through, and once with one that is wrong, which must be stopped before anything is
 * tagged or signed. `npm run test:examples [-- NAME…]`.
 */
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs'
import {join, resolve} from 'node:path'
import {startGitHubServer} from '../__tests__/support/github-server.ts'
import {buildImage} from '../e2e/ground/buildx.ts'
import {isSigned, type KeyPair} from '../e2e/ground/cosign.ts'
import {type Ground, startGround} from '../e2e/ground/ground.ts'
import {runAny} from '../e2e/ground/run.ts'
import {createTally} from './package/tally.ts'
import {type RanWorkflow, runWorkflow} from './workflows/run-workflow.ts'
import {
  CHANGED_FILES,
  contextsOf,
  type Kind,
  payloadOf,
  RUN_ELSEWHERE,
  SCENARIOS,
  type Scenario,
  workspaceFiles,
} from './workflows/scenarios.ts'
import {parseWorkflow} from './workflows/workflow.ts'
import {makeKeys, makeWorld} from './workflows/world.ts'

const FOLDER = resolve(import.meta.dirname, '../examples/workflows')
/** In the example workflows; here the registry of the ground stands for it. */
const REGISTRY = 'ghcr.io'
const PLATFORMS = ['linux/amd64', 'linux/arm64']

const wanted = process.argv.slice(2)
const all = readdirSync(FOLDER).filter(name => RUN_ELSEWHERE[name] === undefined)
const names = all.filter(name => wanted.length === 0 || wanted.some(one => name.includes(one)))
const tally = createTally('test:examples')
const ground = await startGround()
try {
  const keys = await makeKeys(ground)
  for (const name of names) {
    const scenario = SCENARIOS[name]
    if (scenario === undefined) {
      tally.tell(name, 'nothing says how to try it (scripts/workflows/scenarios.ts)')
      continue
    }
    for (const kind of ['right', 'wrong'] as const) await tryWorkflow(ground, keys, name, scenario, kind)
  }
} finally {
  await ground.stop()
}
// Each workflow twice, and each with the steps that were run.
tally.end(names.length * 8)

async function tryWorkflow(on: Ground, keys: KeyPair, name: string, scenario: Scenario, kind: Kind): Promise<void> {
  const folder = join(on.scratch, `${name}-${kind}`)
  mkdirSync(folder)
  // Each run has a repository of its own: nothing is left of the one before.
  const repository = `org/app`
  const registry = `${on.registry.address}/${name.replace('.yml', '')}-${kind}`
  const image = `${registry}/${repository}`
  const eventPath = join(folder, 'event.json')
  writeFileSync(eventPath, JSON.stringify(payloadOf(scenario.event)))
  const github = await startGitHubServer({files: CHANGED_FILES})
  try {
    const world = makeWorld(
      {
        ...{ground: on, keys, folder, dist: resolve('dist'), files: workspaceFiles(kind)},
        env: {
          ...{GITHUB_REPOSITORY: repository, GITHUB_EVENT_NAME: scenario.event, GITHUB_EVENT_PATH: eventPath},
          ...{
            GITHUB_API_URL: github.url,
            GITHUB_SERVER_URL: github.url,
            GITHUB_TOKEN: 'a-token',
            GITHUB_WORKFLOW: name,
          },
          ...{
            GITHUB_GRAPHQL_URL: `${github.url}/graphql`,
            GITHUB_JOB: 'job',
            GITHUB_RUN_ID: '1',
            GITHUB_ACTION: 'step',
          },
        },
      },
      () => {},
    )
    const inputs = await prepare(on, folder, scenario, kind, image)
    const workflow = parseWorkflow(readFileSync(join(FOLDER, name), 'utf8').replaceAll(REGISTRY, registry))
    const ran = await runWorkflow(world, workflow, contextsOf(scenario.event, inputs, world.temporary))
    const label = `${name}, ${kind}`
    tellSteps(label, ran, kind === 'wrong' && scenario.fails)
    if (scenario.makes !== undefined) {
      const made = await isThere(on, `${image}${scenario.makes}`)
      tally.tell(
        `${label}: ${kind === 'right' ? 'the tag is there' : 'there is no tag'}`,
        made === (kind === 'right') ? undefined : `${image}${scenario.makes} is ${made ? '' : 'not '}there`,
      )
    }
    if (scenario.signs && kind === 'right') {
      const signed = await isSigned(on, keys, `${image}${scenario.makes}`).catch(() => false)
      tally.tell(`${label}: it is signed`, signed ? undefined : 'it is not')
    }
    if (scenario.event === 'pull_request') {
      const said = github.comments.length === (kind === 'wrong' ? 1 : 0)
      tally.tell(
        `${label}: a comment says what is wrong, and only then`,
        said ? undefined : JSON.stringify(github.comments),
      )
    }
  } finally {
    await github.stop()
  }
}

/** Pushes what is there before, and gives the inputs of the workflow. */
async function prepare(
  on: Ground,
  folder: string,
  {before = [], inputs = []}: Scenario,
  kind: Kind,
  image: string,
): Promise<Readonly<Record<string, string>>> {
  const digests: string[] = []
  for (const [at, one] of before.entries()) {
    const context = join(folder, `before-${at}`)
    for (const [file, content] of Object.entries(workspaceFiles(one.kind ?? kind))) {
      mkdirSync(join(context, file, '..'), {recursive: true})
      writeFileSync(join(context, file), content, {mode: 0o755})
    }
    const tag = `${image}${one.name}:${one.tag}`
    digests.push((await buildImage(on.builder, {context, tag, platforms: PLATFORMS})).digest)
  }
  const values = {digest: digests[0] ?? '', image: `${image}${before[0]?.name ?? ''}@${digests[0]}`}
  const defaults = inputs.includes('image') ? {platforms: PLATFORMS.join(',')} : {}
  return {...defaults, ...Object.fromEntries(inputs.map(input => [input, values[input]]))}
}

/** Each step that was run is one that passed; of a wrong image the action is what fails, and nothing follows it. */
function tellSteps(label: string, {steps, jobs}: RanWorkflow, mustFail: boolean): void {
  const failed = steps.filter(({conclusion}) => conclusion === 'failure')
  for (const {job, name, kind, conclusion, log} of steps) {
    if (conclusion === 'skipped') continue
    const isMeant = mustFail && kind === 'own' && conclusion === 'failure' && failed.length === 1
    const said = isMeant && !log.includes('would not start') ? `it fails for another reason:\n${log}` : undefined
    tally.tell(
      `${label}: ${job}: ${name} (${kind}${isMeant ? ', stops it' : ''})`,
      conclusion === 'success' || isMeant ? said : log || 'it failed',
    )
  }
  const ended = Object.values(jobs).every(conclusion => conclusion === 'success')
  tally.tell(`${label}: ${mustFail ? 'fails' : 'goes through'}`, ended === !mustFail ? undefined : JSON.stringify(jobs))
  if (!mustFail) return
  const at = steps.findIndex(({conclusion}) => conclusion === 'failure')
  const after = steps
    .slice(at + 1)
    .filter(({script, conclusion}) => conclusion === 'success' && /cosign|imagetools create/.test(script))
  tally.tell(
    `${label}: nothing is tagged or signed after it`,
    at >= 0 && after.length === 0 ? undefined : JSON.stringify(after),
  )
}

async function isThere(on: Ground, image: string): Promise<boolean> {
  const env = {...process.env, ...on.builder.env()}
  const {code} = await runAny('docker', ['buildx', 'imagetools', 'inspect', '--raw', image], {env})
  return code === 0
}
