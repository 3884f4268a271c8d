import type {BuiltImage, LayerFiles} from '../../__tests__/support/image-builder.ts'
import {ENGINE_FAULTS, type EngineFaultKind, mayLeave, outcomesOf} from './engine-kinds.ts'
import {createEngineModel, type EngineModel} from './engine-model.ts'
import {type CommandSite, type EngineStandIn, startEngineStandIn} from './engine-stand-in.ts'
import {GOOD_IMAGE, layersFor, PLATFORMS, WRONG_IMAGE} from './image.ts'
import {type Complaint, judge} from './judge.ts'
import {DOORS, type Door, type ProgramStart, runPost, runProgram, SLOW_MACHINE, withRunFolder} from './program-run.ts'
import type {SuiteOptions, Trial} from './registry-suite.ts'
import {makeSecret, secretsIn} from './secrets.ts'

/** In milliseconds, by the program's clock. */
const LIMIT = 120_000
const NAME = '127.0.0.1:5000/org/app'

/** Which image, how much of it is looked into, and by what: the docker client alone, or the engine's socket as well. */
export const SCENES = [
  'good',
  'good, whole',
  'wrong',
  'good, by socket',
  'good, whole, by socket',
  'wrong, by socket',
] as const
export type Scene = (typeof SCENES)[number]

const isWrong = (scene: Scene): boolean => scene.startsWith('wrong')
export const hasSocket = (scene: Scene): boolean => scene.endsWith('by socket')

/** Each docker command of a run, with each fault, through each door. */
export async function engineTrials(options: SuiteOptions): Promise<Trial[]> {
  const trials: Trial[] = []
  for (const scene of SCENES) {
    const sites = await cleanSites(scene, options)
    for (const site of sites) {
      for (const kind of ENGINE_FAULTS.filter(({only}) => only?.test(site.command) ?? true)) {
        for (const door of DOORS) {
          const name = `engine (${scene}), ${door}: ${kind.name}, of docker ${site.command} (${site.count})`
          trials.push({name, run: () => tryFault(options, scene, door, site, kind)})
        }
      }
    }
  }
  return trials
}

/** The commands of a run without a fault, which waits for nothing: time need not pass faster for it. */
export async function cleanSites(scene: Scene, options: SuiteOptions): Promise<readonly CommandSite[]> {
  return withRunFolder(async folder => {
    const model = modelOf(scene)
    const engine = await startEngineStandIn({folder, model, hasApi: hasSocket(scene)})
    try {
      const end = await runProgram(folder, startOf(scene, 'command', engine, {...options, speed: 1}))
      if (end.exitCode !== (isWrong(scene) ? 1 : 0)) throw new Error(`a run without a fault fails: ${end.stderr}`)
      return engine.sites
    } finally {
      await engine.stop()
    }
  })
}

async function tryFault(
  options: SuiteOptions,
  scene: Scene,
  door: Door,
  site: CommandSite,
  kind: EngineFaultKind,
): Promise<Complaint[]> {
  return withRunFolder(async folder => {
    const model = modelOf(scene)
    const isHit = ({command, count}: CommandSite): boolean =>
      command === site.command && (kind.times === 'once' ? count === site.count : count >= site.count)
    const hasApi = hasSocket(scene)
    const fault = (found: CommandSite) => (isHit(found) ? kind.fault : undefined)
    const engine = await startEngineStandIn({folder, model, hasApi, fault})
    try {
      // The proxy's, which docker is given, and GitHub's.
      const password = makeSecret('password')
      const secrets = [password, makeSecret('token')]
      const start = startOf(scene, door, engine, options, secrets)
      const end = await runProgram(folder, start)
      const expected = {
        secrets,
        given: [password],
        outcomes: outcomesOf(site.command, kind, isWrong(scene) ? 'findings' : 'verified', hasApi),
      }
      const complaints = [...judge(end, expected), ...judgeClients(engine)]
      if (!mayLeave(site.command)) complaints.push(...judgeEngine(model, 'before post'))
      if (door === 'action') {
        const post = await runPost(folder, start)
        if (post.exitCode !== 0 || !post.inTime) complaints.push(`post ends with ${post.exitCode}: ${post.stderr}`)
        if (!mayLeave(site.command) || kind.times === 'once') complaints.push(...judgeEngine(model, 'after post'))
      }
      const told = secretsIn(JSON.stringify(engine.asked), secrets)
      return [...complaints, ...told.map(what => `${what} is an argument of docker`)]
    } finally {
      await engine.stop()
    }
  })
}

export function modelOf(scene: Scene): EngineModel {
  const image: BuiltImage = isWrong(scene) ? WRONG_IMAGE : GOOD_IMAGE
  const layers = new Map<string, readonly LayerFiles[]>()
  for (const [at, {manifest}] of image.platforms.entries()) {
    const platform = PLATFORMS[at] ?? 'amd64'
    layers.set(manifest.digest, isWrong(scene) ? layersFor(platform, 'amd64') : layersFor(platform))
  }
  return createEngineModel({name: NAME, image, layers})
}

export function startOf(
  scene: Scene,
  door: Door,
  engine: EngineStandIn,
  {program, speed}: SuiteOptions,
  [password, token]: readonly {readonly text: string}[] = [],
): ProgramStart {
  return {
    ...{door, program, image: `${NAME}:1`, speed, limit: LIMIT / speed + SLOW_MACHINE},
    options: {
      source: 'docker',
      // What is read path by path, and what is read from one export.
      scope: scene.startsWith('good, whole') ? 'image' : 'essential',
      ...(token && door === 'action' ? {token: token.text} : {}),
    },
    env: {
      ...engine.env,
      ...(password ? {HTTPS_PROXY: `http://user:${encodeURIComponent(password.text)}@127.0.0.1:9`} : {}),
    },
  }
}

export function judgeClients(engine: EngineStandIn): Complaint[] {
  const running = engine.running()
  return running === 0 ? [] : [`${running} docker commands still run`]
}

/** What a run made in the engine is gone again. */
export function judgeEngine({images, containers}: EngineModel, when: string): Complaint[] {
  return [
    ...[...containers.keys()].map(id => `container ${id.slice(0, 12)} is left ${when}`),
    ...[...images].map(reference => `image ${reference} is left ${when}`),
  ]
}
