import {mkdir, symlink} from 'node:fs/promises'
import {join} from 'node:path'
import {exists} from '../ground/cache.ts'
import {downloadPackage} from '../ground/debian.ts'
import {type Engine, startEngine} from '../ground/engine.ts'
import {serverEnvironment} from '../ground/ground.ts'
import {machineArch} from '../ground/tools.ts'
import type {Stand} from './stand.ts'

/**
 * Starts an engine to build with that can take a RUN step: its runc is the machine's or Debian's, not the one of the
 * ground, which refuses. What it runs are commands of the tests' own Dockerfiles, in a busybox of Debian; no engine
 * that is tested with can run anything still. Whoever starts it stops it.
 */
export async function startRunningBuilder({folder, tools, builder}: Stand): Promise<Engine> {
  const own = join(folder, 'running-builder')
  const bin = join(own, 'bin')
  await mkdir(bin, {recursive: true})
  const {bin: _, ...programs} = tools
  await Promise.all(Object.entries(programs).map(([name, path]) => symlink(path, join(bin, name))))
  await symlink(await findRunc(), join(bin, 'runc'))
  const dockerConfig = builder.env().DOCKER_CONFIG
  return startEngine('containerd', own, {tools: {...tools, bin}, dockerConfig, env: serverEnvironment(folder)})
}

async function findRunc(): Promise<string> {
  for (const folder of ['/usr/sbin', '/usr/bin', '/usr/local/sbin', '/usr/local/bin']) {
    const path = join(folder, 'runc')
    if (await exists(path)) return path
  }
  const tree = await downloadPackage({name: 'runc', suite: 'bookworm', arch: machineArch()})
  return join(tree, 'usr/sbin/runc')
}
