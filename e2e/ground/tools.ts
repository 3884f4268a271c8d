import {mkdir, symlink, writeFile} from 'node:fs/promises'
import {arch} from 'node:os'
import {join} from 'node:path'
import {exists} from './cache.ts'
import {downloadPackage} from './debian.ts'
import {run, runAny} from './run.ts'

/**
 * The suite that the tools come from: it has docker 28, buildx 0.29, containerd 2, cosign 3 and crane, and their
 * programs, being Go, still run on the C library of bookworm (2.34 is all they ask for).
 */
const SUITE = 'forky'

const PACKAGES = [
  'docker.io',
  'docker-cli',
  'docker-buildx',
  'containerd',
  'docker-registry',
  'cosign',
  'crane',
] as const

/** What is needed to have an engine of one's own; used from the machine if it has all of them, and none otherwise. */
const ENGINE = ['dockerd', 'containerd', 'docker', 'docker-buildx'] as const

const OTHERS = ['docker-registry', 'cosign', 'crane'] as const

/** The name of a program that the ground works with. */
export type ToolName = (typeof ENGINE)[number] | (typeof OTHERS)[number]

/** Where the programs are: absolute paths by name, and one folder, meant for PATH, that holds them all. */
export interface Tools extends Readonly<Record<ToolName, string>> {
  readonly bin: string
}

// BuildKit wants a runc to be there, though an image that is only put together from files never needs one. This one
// refuses, so nothing on this ground can be started by an engine: a test that passes has run nothing of an image.
const RUNC = '#!/bin/sh\necho "this engine starts no containers" >&2\nexit 1\n'

/**
 * Gives the programs that the ground works with, gathered in the new folder `bin`: the engine of the machine if it is
 * complete, else Debian's, out of the cache; the rest always Debian's.
 */
export async function findTools(bin: string): Promise<Tools> {
  const own = await machineEngine()
  const found = {...(await debianTools(own === undefined ? [...ENGINE, ...OTHERS] : OTHERS)), ...own}
  await mkdir(bin, {recursive: true})
  await Promise.all(Object.entries(found).map(([name, path]) => symlink(path, join(bin, name))))
  await writeFile(join(bin, 'runc'), RUNC, {mode: 0o755})
  const at = (name: ToolName): string => join(bin, name)
  return {
    bin,
    dockerd: at('dockerd'),
    containerd: at('containerd'),
    docker: at('docker'),
    'docker-buildx': at('docker-buildx'),
    'docker-registry': at('docker-registry'),
    cosign: at('cosign'),
    crane: at('crane'),
  }
}

/** The architecture of this machine as Debian spells it. */
export function machineArch(): string {
  const names: Readonly<Record<string, string>> = {x64: 'amd64', ia32: 'i386', arm: 'armhf', ppc64: 'ppc64el'}
  return names[arch()] ?? arch()
}

async function debianTools(names: readonly ToolName[]): Promise<Readonly<Record<string, string>>> {
  const trees = await Promise.all(PACKAGES.map(name => downloadPackage({name, suite: SUITE, arch: machineArch()})))
  const found = await Promise.all(names.map(async name => [name, await programIn(trees, name)] as const))
  return Object.fromEntries(found)
}

async function programIn(trees: readonly string[], name: string): Promise<string> {
  for (const tree of trees) {
    for (const folder of ['usr/bin', 'usr/sbin', 'usr/libexec/docker/cli-plugins']) {
      const path = join(tree, folder, name)
      if (await exists(path)) return checkedLibraries(path)
    }
  }
  throw new Error(`none of ${PACKAGES.join(', ')} of Debian ${SUITE} has a program ${name}`)
}

/** Says at once, and by name, which library or version of it this machine lacks for a program. */
async function checkedLibraries(path: string): Promise<string> {
  const {stdout, stderr} = await runAny('ldd', [path])
  const missing = `${stdout.toString()}\n${stderr}`.split('\n').filter(line => line.includes('not found'))
  if (missing.length > 0) throw new Error(`${path} cannot run on this machine: ${missing.join('; ').trim()}`)
  return path
}

/** The engine that the machine has installed, if it is complete and new enough for images of several platforms. */
async function machineEngine(): Promise<Readonly<Record<(typeof ENGINE)[number], string>> | undefined> {
  const [dockerd, containerd, docker] = await Promise.all(['dockerd', 'containerd', 'docker'].map(onPath))
  if (dockerd === undefined || containerd === undefined || docker === undefined) return undefined
  const version = /version (\d+)/.exec(await run(dockerd, ['--version']))?.[1]
  const buildx = await machineBuildx()
  if (buildx === undefined || Number(version ?? 0) < 28) return undefined
  return {dockerd, containerd, docker, 'docker-buildx': buildx}
}

async function machineBuildx(): Promise<string | undefined> {
  const folders = ['/usr/libexec', '/usr/lib', '/usr/local/libexec', '/usr/local/lib'].map(
    name => `${name}/docker/cli-plugins`,
  )
  for (const folder of folders) {
    const path = join(folder, 'docker-buildx')
    if (await exists(path)) return path
  }
  return undefined
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(':')) {
    if (folder !== '' && (await exists(join(folder, name)))) return join(folder, name)
  }
  return undefined
}
