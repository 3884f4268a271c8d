/**
 * `npm run bench -- held`: images that an engine has already, of two and of ten platforms, looked at by our docker
 * source in both image stores, and by our registry source beside them; medians. Needs root, as e2e/ground does.
 *
 * `--rounds N`: 5.
 */
import {parseArgs} from 'node:util'
import {buildImage} from '../__tests__/support/image-builder.ts'
import {STORES} from '../e2e/ground/engine.ts'
import {type Ground, startGround} from '../e2e/ground/ground.ts'
import {Repository} from '../e2e/ground/registry-api.ts'
import {run} from '../e2e/ground/run.ts'
import {type Figure, type Figures, figure} from './report/figures.ts'
import {bundle, runNode} from './support/children.ts'
import {measureInTurns, type Taken, type Way} from './support/in-turns.ts'
import {PLATFORM_PROGRAMS} from './support/platform-programs.ts'

const COUNTS = [2, 10] as const

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({args: [...args], options: {rounds: {type: 'string', default: '5'}}})
  const rounds = Number(values.rounds)
  const ground = await startGround()
  try {
    const reader = await bundle('read-image', ground.scratch)
    const figures: Figure[] = []
    const lines = []
    for (const count of COUNTS) {
      const reference = await pushAndHold(ground, count)
      const engines = STORES.map((store): Way => {
        const env = {...process.env, ...ground.engines[store].env()}
        return {name: `docker, ${store} store`, run: () => runNode(reader, [reference, 'docker:entrypoint'], env)}
      })
      const registry: Way = {name: 'registry', run: () => runNode(reader, [reference, 'entrypoint'])}
      const taken = await measureInTurns([...engines, registry], rounds)
      lines.push({platforms: count, ...Object.fromEntries(taken.map(({name, seconds}) => [name, seconds.toFixed(2)]))})
      const [slowest] = taken.slice(0, engines.length).toSorted((a, b) => b.seconds - a.seconds)
      if (slowest) figures.push(figure(`docker-held-${count}`, slowest.seconds, rounds, detailOf(slowest, taken)))
    }
    return {
      figures,
      tables: [{title: `seconds for the entrypoints of an image that the engine has; medians of ${rounds}`, lines}],
    }
  } finally {
    await ground.stop()
  }
}

function detailOf(slowest: Taken, taken: readonly Taken[]): string {
  return `the slower of the two stores (${slowest.name}); ${taken.at(-1)?.seconds.toFixed(2)} s by registry`
}

/** Pushes an image of so many platforms, and has both engines pull each of them. Gives its reference. */
async function pushAndHold(ground: Ground, count: number): Promise<string> {
  const repository = new Repository(ground.registry, `bench/held-${count}`)
  const image = buildImage(
    PLATFORM_PROGRAMS.slice(0, count).map(({platform, program}) => ({
      platform,
      process: {Entrypoint: ['/usr/bin/app']},
      layers: [
        {'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', 'etc/platform': JSON.stringify(platform)},
        {'usr/bin/': '', 'usr/bin/app': {link: '../lib/app'}, 'usr/lib/app': {content: program, mode: 0o755}},
      ],
    })),
  )
  const blobs = [...image.blobs]
  const isDocument = (mediaType: string): boolean => /manifest|index/.test(mediaType)
  for (const [, {mediaType, bytes}] of blobs) if (!isDocument(mediaType)) await repository.pushBlob(bytes)
  // The index comes last, as it names the manifests.
  for (const [digest, {mediaType, bytes}] of blobs.filter(([, blob]) => isDocument(blob.mediaType))) {
    await repository.pushManifest(bytes, mediaType, digest === image.root.digest ? '1' : undefined)
  }
  for (const store of STORES) {
    const env = {...process.env, ...ground.engines[store].env()}
    for (const {manifest} of image.platforms)
      await run('docker', ['pull', '--quiet', `${repository.name}@${manifest.digest}`], {env})
  }
  return `${repository.name}:1`
}
