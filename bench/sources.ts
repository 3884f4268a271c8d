/**
 * `npm run bench -- sources`: what it takes to look at the entrypoint of both platforms of a 900 MB image on a loopback
 * registry, cold each time: as a shell step does it, as crane does, and as our sources do. All in one run, taken in
 * turns, medians; bytes are counted at the registry's door in runs of their own. Needs root, as e2e/ground does.
 * `--rounds N`: 3; `--only NAME`: one of the rows.
 */
import {mkdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {startGround} from '../e2e/ground/ground.ts'
import {run} from '../e2e/ground/run.ts'
import {SCOPES} from '../src/facts/gather.ts'
import {bundle, median, runNode, type Took} from './support/children.ts'
import {type CountingProxy, startCountingProxy} from './support/counting-proxy.ts'
import {type LargeImage, pushLargeImage} from './support/large-image.ts'

const {values} = parseArgs({
  allowPositionals: true,
  options: {rounds: {type: 'string', default: '3'}, only: {type: 'string', multiple: true}},
})
const rounds = Number(values.rounds)

/** One way to do it. `reference` is of the registry, or of the door that counts. */
interface Way {
  readonly name: string
  /** Not timed: forgets what an earlier run left. */
  prepare?(reference: string): Promise<unknown>
  run(reference: string): Promise<Took>
  /** Nothing goes through the registry. */
  readonly local?: true
}

const ground = await startGround()
try {
  const image = await pushLargeImage(ground.registry.address, ground.scratch)
  const proxy = await startCountingProxy(ground.registry.address)
  const ways = (await allWays(image)).filter(
    ({name}) => values.only === undefined || values.only.some(only => name.includes(only)),
  )
  const rows = await measure(ways, image, proxy)
  await proxy.stop()
  print(rows, image)
} finally {
  await ground.stop()
}

interface Row {
  readonly name: string
  readonly seconds: number
  readonly memory: number | undefined
  readonly bytes: number | undefined
  readonly requests: number | undefined
}

async function measure(ways: readonly Way[], image: LargeImage, proxy: CountingProxy): Promise<readonly Row[]> {
  const taken = new Map<string, {seconds: number; memory: number | undefined}[]>()
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ways) {
      await way.prepare?.(image.reference)
      const since = performance.now()
      const {memory} = await way.run(image.reference)
      const seconds = (performance.now() - since) / 1000
      taken.set(way.name, [...(taken.get(way.name) ?? []), {seconds, memory}])
      console.error(`round ${round + 1}: ${way.name}: ${seconds.toFixed(2)} s`)
    }
  }
  const rows: Row[] = []
  for (const way of ways) {
    const runs = taken.get(way.name) ?? []
    const memories = runs.flatMap(({memory}) => (memory === undefined ? [] : [memory]))
    const seconds = median(runs.map(one => one.seconds))
    const memory = memories.length === 0 ? undefined : Math.max(...memories)
    const counted = image.reference.replace(/^[^/]+/, proxy.address)
    await way.prepare?.(counted)
    proxy.reset()
    if (!way.local) await way.run(counted)
    await way.prepare?.(counted)
    const [bytes, requests] = way.local ? [undefined, undefined] : [proxy.bytes(), proxy.requests()]
    rows.push({name: way.name, seconds, memory, bytes, requests})
  }
  return rows
}

async function allWays(image: LargeImage): Promise<readonly Way[]> {
  const reader = await bundle('read-image', ground.scratch)
  const gunzip = await bundle('gunzip', ground.scratch)
  const env = {...process.env, ...ground.engines.classic.env()}
  const node = (script: string, ...args: string[]): Promise<Took> => runNode(script, args, env)
  const forget = (reference: string) =>
    run(
      'bash',
      [
        '-c',
        `docker image rm --force $(docker image ls --quiet --no-trunc) >/dev/null 2>&1; docker system prune --all --force >/dev/null; docker image rm ${reference} 2>/dev/null; true`,
      ],
      {env},
    )
  /** Not timed: has the engine hold every platform before. */
  const hold = async (reference: string): Promise<void> => {
    for (const digest of image.platforms.map(one => one.digest)) {
      await run('docker', ['pull', '--quiet', `${reference.replace(/:[^:/]*$/, '')}@${digest}`], {env})
    }
  }
  const platforms = image.platforms.map(({platform}) => platform)
  const shellStep =
    (wanted: readonly string[]) =>
    async (reference: string): Promise<Took> => {
      const out = join(ground.scratch, 'shell-step')
      await rm(out, {recursive: true, force: true})
      await mkdir(out)
      const script = wanted.map(
        platform => `
      id=$(docker create --quiet --platform ${platform} ${reference})
      docker cp $id:/app ${out}/app >/dev/null 2>&1
      file ${out}/app
      docker rm $id >/dev/null`,
      )
      await run('bash', ['-ec', script.join('\n')], {env})
      return {}
    }
  const crane = async (reference: string): Promise<Took> => {
    const script = platforms.map(
      platform =>
        `crane export --platform ${platform} ${reference} - | tar --extract --to-stdout app > ${ground.scratch}/crane-app; file ${ground.scratch}/crane-app`,
    )
    await run('bash', ['-ec', script.join('\n')], {env})
    return {}
  }
  return [
    {
      name: 'shell step: docker create, docker cp, file; one platform',
      prepare: forget,
      run: shellStep(platforms.slice(0, 1)),
    },
    {name: 'shell step: docker create, docker cp, file', prepare: forget, run: shellStep(platforms)},
    {name: 'crane export | tar, file', run: crane},
    {
      name: 'our docker source, scope entrypoint; one platform',
      prepare: forget,
      run: reference => node(reader, reference, 'docker:entrypoint', platforms[0] ?? ''),
    },
    ...SCOPES.map(scope => ({
      name: `our docker source, scope ${scope}`,
      prepare: forget,
      run: (reference: string) => node(reader, reference, `docker:${scope}`),
    })),
    ...SCOPES.map(scope => ({
      name: `our docker source, scope ${scope}; nothing to pull`,
      prepare: hold,
      run: (reference: string) => node(reader, reference, `docker:${scope}`),
    })),
    {name: 'our registry source, scope entrypoint', run: reference => node(reader, reference, 'entrypoint')},
    {name: 'our registry source, scope essential', run: reference => node(reader, reference, 'essential')},
    {name: 'our registry source, scope image', run: reference => node(reader, reference, 'image')},
    {
      name: "node's own gunzip of all layers",
      local: true,
      run: () => node(gunzip, ...image.platforms.flatMap(({base, program}) => [base.path, program.path])),
    },
  ]
}

function print(rows: readonly Row[], {platforms}: LargeImage): void {
  const total = platforms.reduce((sum, {base, program}) => sum + base.size + program.size, 0)
  const time = (name: string): number | undefined => rows.find(row => row.name === name)?.seconds
  const shell = time('shell step: docker create, docker cp, file')
  const crane = time('crane export | tar, file')
  const gunzip = time("node's own gunzip of all layers")
  const against = (seconds: number, other: number | undefined): string =>
    other === undefined ? '' : `${(other / seconds).toFixed(1)}×`
  console.log(`layers: ${(total / 1e6).toFixed(1)} MB compressed; medians of ${rounds}`)
  console.table(
    rows.map(({name, seconds, memory, bytes, requests}) => ({
      name,
      seconds: seconds.toFixed(2),
      'faster than the shell step': against(seconds, shell),
      'faster than crane': against(seconds, crane),
      'time of gunzip': gunzip === undefined ? '' : `${(seconds / gunzip).toFixed(2)}×`,
      'MB asked for': bytes === undefined ? '' : (bytes / 1e6).toFixed(2),
      'of the layers': bytes === undefined ? '' : `${((100 * bytes) / total).toFixed(2)} %`,
      requests: requests ?? '',
      'MB of memory': memory === undefined ? '' : (memory / 1e6).toFixed(0),
    })),
  )
}
