import {readdir, readFile, readlink} from 'node:fs/promises'
import {setTimeout as wait} from 'node:timers/promises'
import {buildElf, type ElfOptions} from '../../__tests__/support/elf-builder.ts'
import {type BuildPlatform, buildImage} from '../../__tests__/support/image-builder.ts'
import {startRegistryServer} from '../../__tests__/support/registry-server.ts'
import type {Engine} from '../../e2e/ground/engine.ts'
import {engineLeftovers} from '../../e2e/ground/leftovers.ts'
import {seededRandom} from '../kernel/random.ts'
import {judgeProcesses} from './cancel-suite.ts'
import type {Complaint} from './judge.ts'
import {type ProgramEnd, runProgram, withRunFolder} from './program-run.ts'
import type {SuiteOptions, Trial} from './registry-suite.ts'

/** What a run uses at its peak. */
interface Usage {
  /** In bytes: resident memory, by the kernel's own high-water mark. */
  memory: number
  /** Open files, sockets among them. */
  files: number
  sockets: number
}

export interface LoadOptions {
  readonly images: number
  readonly concurrency: number
  /** The engine by which the images are read; without one they are read from the registry. */
  readonly engine?: Engine | undefined
}

/** Whatever the number of images: what a run may use at its peak. */
const BOUNDS: Usage = {memory: 320 * 2 ** 20, files: 80, sockets: 64}
/** The same by way of an engine: each docker command has two pipes. */
const ENGINE_BOUNDS = {memory: 320 * 2 ** 20, files: 120, sockets: 64}
/** In milliseconds: how often is looked. */
const EVERY = 10
const LIMIT = 3_600_000

const PLATFORMS: readonly (readonly [BuildPlatform['platform'], ElfOptions])[] = [
  [{os: 'linux', architecture: 'amd64'}, {machine: 62}],
  [
    {os: 'linux', architecture: 'arm64'},
    {machine: 183, align: 0x10000},
  ],
  [
    {os: 'linux', architecture: 'arm', variant: 'v7'},
    {machine: 40, class: 32, flags: 0x05000400},
  ],
  [{os: 'linux', architecture: 'riscv64'}, {machine: 243}],
]

/** Many images of four platforms against one registry, and one engine. What they used is told. */
export function loadTrial(load: LoadOptions, options: SuiteOptions, tell: (text: string) => void): Trial {
  const by = load.engine === undefined ? 'one registry' : `one engine (${load.engine.name})`
  return {
    name: `load: ${load.images} images of ${PLATFORMS.length} platforms, ${load.concurrency} at once, by ${by}`,
    run: () => withRunFolder(folder => tryLoad(folder, load, options, tell)),
  }
}

async function tryLoad(
  folder: string,
  {images, concurrency, engine}: LoadOptions,
  options: SuiteOptions,
  tell: (text: string) => void,
): Promise<Complaint[]> {
  let requests = 0
  const registry = await startRegistryServer({
    fault: () => {
      requests++
      return undefined
    },
  })
  try {
    for (let number = 0; number < images; number++) registry.push(`org/app${number}`, imageNumber(number), '1')
    const names = Array.from({length: images}, (_, number) => `${registry.host}/org/app${number}:1`)
    const before = engine && (await engineLeftovers(engine))
    const {end, peak, most} = await watchedRun(folder, names, {concurrency, engine}, options)
    const after = engine && (await engineLeftovers(engine))
    const matching = matchingPlatforms(end)
    tell(
      `${engine?.name ?? 'registry'}: ${matching} platforms in ${(end.milliseconds / 1000).toFixed(1)} s and ` +
        `${requests} requests: at most ${Math.round(peak.memory / 2 ** 20)} MiB of memory, ${peak.files} open files, ` +
        `${peak.sockets} sockets${engine ? `, ${most.containers} containers, ${most.images} images` : ''}`,
    )
    const bounds = engine === undefined ? BOUNDS : ENGINE_BOUNDS
    const over = (['memory', 'files', 'sockets'] as const).filter(what => peak[what] > bounds[what])
    return [
      ...(end.exitCode === 0 ? [] : [`ends with ${end.exitCode}: ${end.stderr}`]),
      ...(matching === images * PLATFORMS.length ? [] : [`${matching} platforms match`]),
      ...(peak.memory > 0 && peak.files > 0 ? [] : ['nothing was measured']),
      ...over.map(what => `${what}: ${peak[what]}, expected at most ${bounds[what]}`),
      ...(most.containers > concurrency ? [`${most.containers} containers, expected at most ${concurrency}`] : []),
      ...(JSON.stringify(before) === JSON.stringify(after) ? [] : [`left in the engine: ${JSON.stringify(after)}`]),
      ...(await judgeProcesses(folder)),
    ]
  } finally {
    await registry.stop()
  }
}

async function watchedRun(
  folder: string,
  [first = '', ...others]: readonly string[],
  {concurrency, engine}: Pick<LoadOptions, 'concurrency' | 'engine'>,
  {program}: SuiteOptions,
) {
  const peak: Usage = {memory: 0, files: 0, sockets: 0}
  const most = {containers: 0, images: 0}
  let watching: Promise<unknown> | undefined
  const end = await runProgram(folder, {
    ...{door: 'command', program, image: first, more: others, speed: 1, limit: LIMIT},
    options: {source: engine ? 'docker' : 'registry', concurrency: String(concurrency), timeout: '0'},
    ...(engine ? {env: engine.env()} : {}),
    started: (_, pid) => {
      watching = Promise.all([watch(pid, peak), engine && watchEngine(pid, engine, most)])
    },
  })
  await watching
  return {end, peak, most}
}

function matchingPlatforms({files}: ProgramEnd): number {
  const report = JSON.parse(files.get('work/report.json') ?? '{"images":[]}') as {
    readonly images: readonly {readonly platforms: readonly {readonly verdict: string}[]}[]
  }
  return report.images.flatMap(image => image.platforms).filter(({verdict}) => verdict === 'match').length
}

/** An image with a base that all have, and a program that no other has. */
function imageNumber(number: number) {
  return buildImage(
    PLATFORMS.map(([platform, elf]): BuildPlatform => {
      const random = seededRandom(number)
      const own = Uint8Array.from({length: 20_000}, () => random.below(256))
      return {
        platform,
        process: {Entrypoint: ['/app']},
        layers: [
          {'etc/': '', 'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n', 'etc/arch': platform.architecture},
          {app: {content: Buffer.concat([buildElf(elf), own]), mode: 0o755}},
        ],
      }
    }),
  )
}

/** Counts what an engine holds, until a process is gone. */
async function watchEngine(pid: number, engine: Engine, most: {containers: number; images: number}): Promise<void> {
  while ((await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')) !== '') {
    // An image that is removed while the engine lists it fails the listing.
    const held = await engineLeftovers(engine).catch(() => undefined)
    most.containers = Math.max(most.containers, held?.containers.length ?? 0)
    most.images = Math.max(most.images, held?.images.length ?? 0)
    await wait(10 * EVERY)
  }
}

/** Looks at a process until it is gone. https://www.kernel.org/doc/html/latest/filesystems/proc.html */
async function watch(pid: number, peak: Usage): Promise<void> {
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const kib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN)
    if (Number.isNaN(kib)) return
    const names = await readdir(`/proc/${pid}/fd`).catch(() => [])
    const targets = await Promise.all(names.map(name => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
    peak.memory = Math.max(peak.memory, kib * 1024)
    peak.files = Math.max(peak.files, names.length)
    peak.sockets = Math.max(peak.sockets, targets.filter(target => target.startsWith('socket:')).length)
    await wait(EVERY)
  }
}
