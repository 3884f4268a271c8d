import {readdir, readFile, readlink} from 'node:fs/promises'
import {setTimeout as wait} from 'node:timers/promises'
import {buildElf, type ElfOptions} from '../../__tests__/support/elf-builder.ts'
import {type BuildPlatform, buildImage} from '../../__tests__/support/image-builder.ts'
import {startRegistryServer} from '../../__tests__/support/registry-server.ts'
import {seededRandom} from '../kernel/random.ts'
import type {Complaint} from './judge.ts'
import {runProgram, withRunFolder} from './program-run.ts'
import type {SuiteOptions, Trial} from './registry-suite.ts'

/** What a run uses at its peak. */
export interface Usage {
  /** In bytes: resident memory, by the kernel's own high-water mark. */
  memory: number
  /** Open files, sockets among them. */
  files: number
  sockets: number
}

export interface LoadOptions {
  readonly images: number
  readonly concurrency: number
}

/** Whatever the number of images: what a run may use at its peak. */
const BOUNDS: Usage = {memory: 320 * 2 ** 20, files: 80, sockets: 64}
/** In milliseconds: how often is looked. */
const EVERY = 10
const LIMIT = 600_000

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

/** Many images of four platforms against one registry. What it used is told. */
export function loadTrial(load: LoadOptions, options: SuiteOptions, tell: (text: string) => void): Trial {
  return {
    name: `load: ${load.images} images of ${PLATFORMS.length} platforms, ${load.concurrency} at once`,
    run: () => withRunFolder(folder => tryLoad(folder, load, options, tell)),
  }
}

async function tryLoad(
  folder: string,
  {images, concurrency}: LoadOptions,
  options: SuiteOptions,
  tell: (text: string) => void,
): Promise<Complaint[]> {
  let connections = 0
  const registry = await startRegistryServer({
    fault: () => {
      connections++
      return undefined
    },
  })
  try {
    for (let number = 0; number < images; number++) registry.push(`org/app${number}`, imageNumber(number), '1')
    const names = Array.from({length: images}, (_, number) => `${registry.host}/org/app${number}:1`)
    const [first = '', ...others] = names
    const peak: Usage = {memory: 0, files: 0, sockets: 0}
    let watching: Promise<void> | undefined
    const end = await runProgram(folder, {
      ...{door: 'command', program: options.program, image: first, more: others, speed: 1, limit: LIMIT},
      options: {source: 'registry', concurrency: String(concurrency)},
      started: (_, pid) => {
        watching = watch(pid, peak)
      },
    })
    await watching
    const report = JSON.parse(end.files.get('work/report.json') ?? '{"images":[]}') as {
      readonly images: readonly {readonly platforms: readonly {readonly verdict: string}[]}[]
    }
    const matching = report.images.flatMap(image => image.platforms).filter(({verdict}) => verdict === 'match').length
    tell(
      `${matching} platforms in ${(end.milliseconds / 1000).toFixed(1)} s and ${connections} requests: ` +
        `at most ${Math.round(peak.memory / 2 ** 20)} MiB of memory, ${peak.files} open files, ${peak.sockets} sockets`,
    )
    const over = (['memory', 'files', 'sockets'] as const).filter(what => peak[what] > BOUNDS[what])
    return [
      ...(end.exitCode === 0 ? [] : [`ends with ${end.exitCode}: ${end.stderr}`]),
      ...(matching === images * PLATFORMS.length ? [] : [`${matching} platforms match`]),
      ...(peak.memory > 0 && peak.sockets > 0 ? [] : ['nothing was measured']),
      ...over.map(what => `${what}: ${peak[what]}, expected at most ${BOUNDS[what]}`),
    ]
  } finally {
    await registry.stop()
  }
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
