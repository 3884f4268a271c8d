import {cp, link, mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {downloadPackage} from '../../e2e/ground/debian.ts'
import {run, runAny} from '../../e2e/ground/run.ts'
import {machineArch} from '../../e2e/ground/tools.ts'
import {fetchDebs, unpackDebs} from '../systems/debian.ts'
import type {NpmTarget} from './node-trees.ts'

/** A Node that runs here, by itself or in QEMU's emulation. */
export interface NodeGround {
  readonly cpu: NpmTarget['cpu']
  /** GOARCH. */
  readonly arch: 'amd64' | 'arm64'
  /** Its program, for the image. */
  readonly program: string
  readonly version: string
  /** `process.versions.modules` */
  readonly modules: string
  /** Runs it; what it says of what goes wrong is given, or undefined where it ends well. */
  attempt(args: readonly string[], cwd: string): Promise<string | undefined>
}

/** The Node that runs this script. */
export async function ownNode(): Promise<NodeGround> {
  if (machineArch() !== 'amd64') throw new Error('it is tried on amd64 only')
  return groundOf('x64', process.execPath, [process.execPath])
}

/** Debian's Node for arm64, in QEMU. */
export async function emulatedNode(): Promise<NodeGround> {
  const qemu = join(
    await downloadPackage({name: 'qemu-user', suite: 'trixie', arch: machineArch()}),
    'usr/bin/qemu-aarch64',
  )
  const debs = await fetchDebs('arm64', ['nodejs'], 'trixie')
  const root = await cachedFolder(join(cacheFolder(), 'addons', 'root-arm64-nodejs'), folder =>
    unpackDebs(debs, 'arm64', folder),
  )
  const program = join(root, 'usr/bin/node')
  return groundOf('arm64', program, [qemu, '-L', root, program])
}

async function groundOf(cpu: NodeGround['cpu'], program: string, command: readonly string[]): Promise<NodeGround> {
  const [first = '', ...rest] = command
  const env = {HOME: '/nonexistent', PATH: '/usr/bin:/bin'}
  const said = await run(first, [...rest, '-p', 'process.version + " " + process.versions.modules'], {env})
  const [version = '', modules = ''] = said.trim().split(' ')
  return {
    cpu,
    arch: cpu === 'x64' ? 'amd64' : 'arm64',
    program,
    version,
    modules,
    attempt: async (args, cwd) => {
      const {code, signal, stderr} = await runAny(first, [...rest, ...args], {cwd, env, timeoutMs: 120_000})
      if (code === 0) return undefined
      const [line = stderr] = stderr.split('\n').filter(text => /Error|rror:/.test(text))
      return `${code ?? signal}: ${line.trim().slice(0, 160)}`
    },
  }
}

/** Makes a root with a Node of the ground and a copy of a tree in /app. */
export async function makeRoot(root: string, ground: NodeGround, tree: string): Promise<string> {
  const app = join(root, 'app')
  await mkdir(join(root, 'usr/local/bin'), {recursive: true})
  await mkdir(join(root, 'usr/local/include/node'), {recursive: true})
  const program = join(root, 'usr/local/bin/node')
  await link(ground.program, program).catch(() => cp(ground.program, program))
  await writeFile(
    join(root, 'usr/local/include/node/node_version.h'),
    `#define NODE_MODULE_VERSION ${ground.modules}\n`,
  )
  await run('cp', ['-al', tree, app])
  return app
}
