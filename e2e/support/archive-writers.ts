import {mkdir, readFile, realpath, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {gunzipSync, gzipSync, zstdCompressSync} from 'node:zlib'
import {createLimiter} from '../../src/lib/concurrency.ts'
import {PLATFORMS} from '../ground/buildx.ts'
import type {Store} from '../ground/engine.ts'
import {run} from '../ground/run.ts'
import {findSystem, type System} from '../ground/system.ts'
import {buildNamed} from './images.ts'
import {namesOf, type Stand} from './stand.ts'

/** The image that writers write, and the same with amd64's program in linux/arm64. */
export type Sample = 'right-symlink' | 'wrong-symlink'

/** A way in which a tool writes an image. */
export interface Writer {
  /** With its version. */
  readonly tool: string
  readonly what: string
  /** The platforms that are in what it writes. */
  readonly platforms: readonly string[]
  /** Writes to the path, or whatever comes of it, and gives the location as our users write it. */
  write(sample: Sample, path: string): Promise<string>
}

const ONE = ['linux/arm64']

/** All writers that can be had here, the tools' versions asked. */
export async function findWriters(stand: Stand): Promise<readonly Writer[]> {
  const systems = await Promise.all(
    ['bookworm', 'forky'].map(suite => findSystem(suite, ['podman', 'skopeo'], stand.folder)),
  )
  const others = await Promise.all(
    systems.flatMap(system => [skopeoWriters(stand, system), podmanWriters(stand, system)]),
  )
  return [
    ...(await buildxWriters(stand)),
    ...(await dockerWriters(stand)),
    ...(await craneWriters(stand)),
    ...others.flat(),
  ]
}

async function buildxWriters(stand: Stand): Promise<readonly Writer[]> {
  const version = /v?(\d+[.\d]*)/.exec(await run(stand.tools['docker-buildx'], ['version']))?.[1]
  // Each packs the same layers anew: at once they only wait for one another.
  const inTurn = createLimiter(1)
  const build = (sample: Sample, options: Parameters<typeof buildNamed>[2]) =>
    inTurn(() => buildNamed(stand, sample, options))
  const builds = (what: string, output: (path: string) => string, location: (path: string) => string): Writer => ({
    tool: `buildx ${version}`,
    what,
    platforms: PLATFORMS,
    write: async (sample, path) => {
      await build(sample, {output: output(path)})
      return location(path)
    },
  })
  const pushes = (compression: string): Writer => ({
    tool: `buildx ${version}`,
    what: `pushed, ${compression}`,
    platforms: PLATFORMS,
    write: async sample => {
      const tag = `${stand.registry.address}/pushed/buildx-${compression}-${sample}:1`
      const output = `type=image,push=true,compression=${compression},force-compression=true,oci-mediatypes=true`
      await build(sample, {tag, output})
      return `docker://${tag}`
    },
  })
  const packed = (compression: string): Writer =>
    builds(
      `type=oci, ${compression}`,
      path => `type=oci,dest=${path},compression=${compression},force-compression=true,oci-mediatypes=true`,
      path => `oci-archive:${path}`,
    )
  return [
    // Not estargz: Debian's engine 28.5 dies of it ("panic: footer buffer = 48, not 51"); the odd
    // layers have one of our own making.
    ...['gzip', 'zstd', 'uncompressed'].map(packed),
    builds(
      'type=oci, a folder',
      path => `type=oci,dest=${path},tar=false`,
      path => `oci:${path}`,
    ),
    {
      tool: `buildx ${version}`,
      what: 'type=docker',
      platforms: ONE,
      write: async (sample, path) => {
        const output = `type=docker,dest=${path}`
        await build(sample, {output, platforms: ONE, provenance: 'false', tag: 'example.test/app:1'})
        return `docker-archive:${path}`
      },
    },
    ...['zstd', 'uncompressed'].map(pushes),
  ]
}

async function dockerWriters(stand: Stand): Promise<readonly Writer[]> {
  const version = /\d+[.\d]*/.exec(await run(stand.tools.docker, ['--version']))?.[0]
  // All save under the same names.
  const inTurn = {classic: createLimiter(1), containerd: createLimiter(1)}
  const saves = (
    store: Store,
    platforms: readonly string[],
    what: string,
    pack?: (bytes: Uint8Array) => Uint8Array,
  ): Writer => ({
    tool: `docker save ${version}`,
    what: `${store} store, ${what}`,
    platforms,
    write: async (sample, path) => {
      const {tagged} = namesOf(stand, sample)
      const options = {env: {...process.env, ...stand.engines[store].env()}}
      await inTurn[store](async () => {
        for (const platform of platforms) {
          await run('docker', ['pull', '--quiet', '--platform', platform, tagged], options)
        }
        // Without it, this store would save the whole index, of which it has a part.
        const choice = store === 'containerd' && platforms === ONE ? ['--platform', ...ONE] : []
        await run('docker', ['save', ...choice, '--output', path, tagged], options)
        await run('docker', ['image', 'rm', tagged], options)
      })
      if (pack) await writeFile(path, pack(await readFile(path)))
      return `docker-archive:${path}`
    },
  })
  return [
    saves('classic', ONE, 'one platform'),
    saves('classic', ONE, 'one platform, through gzip', bytes => gzipSync(bytes)),
    saves('containerd', PLATFORMS, 'all platforms'),
    saves('containerd', PLATFORMS, 'all platforms, through zstd', bytes => zstdCompressSync(bytes)),
    saves('containerd', ONE, 'one platform of an index'),
  ]
}

async function craneWriters(stand: Stand): Promise<readonly Writer[]> {
  // Debian's crane does not know its own version; its package does.
  const log = join(dirname(await realpath(stand.tools.crane)), '..', 'share', 'doc', 'crane', 'changelog.Debian.gz')
  const version = /\(([^)]*)\)/.exec(gunzipSync(await readFile(log)).toString())?.[1]
  const crane = (...args: readonly string[]) =>
    run(stand.tools.crane, args, {env: {...process.env, HOME: stand.scratch}})
  const pulls = (format: string, transport: string): Writer => ({
    tool: `crane ${version}`,
    what: `pull --format=${format}`,
    platforms: format === 'oci' ? PLATFORMS : ONE,
    write: async (sample, path) => {
      const platform = format === 'oci' ? [] : ['--platform', ...ONE]
      await crane('pull', ...platform, `--format=${format}`, namesOf(stand, sample).tagged, path)
      return `${transport}:${path}`
    },
  })
  return [
    pulls('tarball', 'docker-archive'),
    pulls('legacy', 'docker-archive'),
    pulls('oci', 'oci'),
    {
      tool: `crane ${version}`,
      what: 'copy',
      platforms: PLATFORMS,
      write: async sample => {
        const copy = `${stand.registry.address}/pushed/crane-${sample}:1`
        await crane('copy', namesOf(stand, sample).tagged, copy)
        return `docker://${copy}`
      },
    },
  ]
}

async function skopeoWriters(stand: Stand, system: System): Promise<readonly Writer[]> {
  const version = /\d+[.\d]*/.exec(await system.run(['skopeo', '--version']))?.[0]
  const copies = (
    what: string,
    transport: string,
    args: readonly string[],
    platforms = PLATFORMS as readonly string[],
  ): Writer => ({
    tool: `skopeo ${version}`,
    what,
    platforms,
    write: async (sample, path) => {
      const pushed = `docker://${stand.registry.address}/pushed/skopeo-${version}-${args.join('-').replaceAll(/[^a-z0-9]+/g, '')}-${sample}:1`
      const to = transport === 'docker' ? pushed : `${transport}:${path}`
      const choice = platforms === PLATFORMS ? ['--all'] : []
      const global = platforms === PLATFORMS ? [] : ['--override-arch', 'arm64']
      const insecure = ['--src-tls-verify=false', ...(transport === 'docker' ? ['--dest-tls-verify=false'] : [])]
      const from = `docker://${namesOf(stand, sample).tagged}`
      await system.run(['skopeo', ...global, 'copy', ...choice, ...insecure, ...args, from, to])
      return to
    },
  })
  // Since 1.13 what is compressed already is left as it is unless one insists; before, it never is.
  const insist = (await system.run(['skopeo', 'copy', '--help'])).includes('--dest-force-compress-format')
  const force = insist ? ['--dest-force-compress-format'] : []
  return [
    copies('oci-archive', 'oci-archive', []),
    copies('oci-archive, zstd', 'oci-archive', ['--dest-compress-format=zstd', ...force]),
    copies('oci', 'oci', []),
    copies('docker-archive', 'docker-archive', [], ONE),
    // Not all: attestations have no form there, and it gives up.
    copies('pushed, manifests of Docker’s', 'docker', ['--format=v2s2'], ONE),
    copies('pushed, zstd:chunked', 'docker', ['--dest-compress-format=zstd:chunked', ...force]),
  ]
}

async function podmanWriters(stand: Stand, system: System): Promise<readonly Writer[]> {
  const version = /\d+[.\d]*/.exec(await system.run(['podman', '--version']))?.[0]
  const folder = join(stand.scratch, `podman-${system.suite}`)
  await mkdir(folder, {recursive: true})
  // Its storage is in the ground; what it keeps while it runs, under a short name, is gone with each command.
  const state = ['--root', join(folder, 'root'), '--runroot', '/run/podman', '--tmpdir', '/run/libpod']
  const podman = (...args: readonly string[]) =>
    system.run(['podman', ...state, '--storage-driver', 'vfs', '--events-backend', 'none', ...args])
  // Its locks are in its own /run, where no other sees them.
  const inTurn = createLimiter(1)
  const pulled = (sample: Sample) =>
    podman('pull', '--quiet', '--tls-verify=false', '--arch', 'arm64', namesOf(stand, sample).tagged)
  const saves = (format: string, transport: string): Writer => ({
    tool: `podman ${version}`,
    what: `save --format ${format}`,
    platforms: ONE,
    write: (sample, path) =>
      inTurn(async () => {
        await pulled(sample)
        await podman('save', '--quiet', '--format', format, '--output', path, namesOf(stand, sample).tagged)
        return `${transport}:${path}`
      }),
  })
  return [
    saves('oci-archive', 'oci-archive'),
    saves('docker-archive', 'docker-archive'),
    saves('oci-dir', 'oci'),
    {
      tool: `podman ${version}`,
      what: 'push, zstd:chunked',
      platforms: ONE,
      write: sample =>
        inTurn(async () => {
          const to = `docker://${stand.registry.address}/pushed/podman-${version}-${sample}:1`
          await pulled(sample)
          const format = ['--compression-format', 'zstd:chunked']
          await podman('push', '--quiet', '--tls-verify=false', ...format, namesOf(stand, sample).tagged, to)
          return to
        }),
    },
  ]
}
