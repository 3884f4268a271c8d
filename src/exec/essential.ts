import {type Identity, identify, judge, judgeMachine, type Verdict} from '../binary/index.ts'
import type {FileNode, Hop, RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import {fixedBound, tellLimit} from '../lib/over-limit.ts'
import {normalisePlatform, type Platform} from '../platform/index.ts'
import {readBuiltInDirectories} from './loader/directories.ts'
import {loaderNames, muslLoader} from './loader/names.ts'

/** A file that any program or shell in the image stands on. */
export interface EssentialFile {
  readonly role: 'shell' | 'loader' | 'libc'
  /** Where it is looked for. */
  readonly path: string
  readonly hops: readonly Hop[]
  readonly node: FileNode
  readonly identity: Identity
  /**
   * Of the shell what the platform's kernel makes of it; of a loader or a library whether it is of the right machine.
   */
  readonly verdict: Verdict
  /** Of glibc's loader: why it may look for libc in other directories than those that were found in it. */
  readonly beyond?: string
}

/** How much of a loader is read for the directories that are built into it. */
const LARGEST = fixedBound('loader-bytes')

/** A foreign base image shows by its own loader, which stands beside or instead of the right one. */
const COMMON_ARCHITECTURES = ['amd64', 'arm64'] as const

/**
 * `/bin/sh`, the loaders and the C libraries of an image, as far as they are there; one that is missing is nothing
 * wrong in itself. Empty for all but linux.
 */
export async function readEssentialFiles(rootfs: RootFs, platform: Platform): Promise<readonly EssentialFile[]> {
  const {os, architecture} = normalisePlatform(platform)
  if (os !== 'linux') return []
  const files: EssentialFile[] = []
  const read = async (
    role: EssentialFile['role'],
    path: string,
    libc?: 'glibc',
  ): Promise<EssentialFile | undefined> => {
    const found = await rootfs.lookup(path)
    if (found.outcome !== 'found' || found.node.kind !== 'file') return undefined
    const known = files.some(file => file.node.path === found.node.path)
    const identity = await identify(await rootfs.open(found.node))
    const isLibrary = role !== 'shell' && identity.kind === 'elf'
    const verdict = isLibrary ? judgeMachine(identity, platform) : judge(identity, platform)
    const isTooLarge = libc === 'glibc' && identity.kind === 'elf' && found.node.size > LARGEST.most
    const beyond = isTooLarge ? tellLimit(LARGEST, most => `${path} has more than ${most}`) : undefined
    const file = {role, path, hops: found.hops, node: found.node, identity, verdict, ...defined({beyond})}
    if (!known) files.push(file)
    return file
  }
  const readGlibc = async (path: string): Promise<void> => {
    const loader = await read('loader', path, 'glibc')
    if (loader?.identity.kind !== 'elf') return
    const start = await (await rootfs.open(loader.node)).read(0, LARGEST.most)
    // glibc's libc stands in the first of the loader's own directories that has one.
    const {directories} = readBuiltInDirectories(start, loader.identity.header.class === 64)
    for (const directory of directories) if (await read('libc', `${directory}/libc.so.6`)) return
  }
  await read('shell', '/bin/sh')
  for (const name of new Set([architecture, ...COMMON_ARCHITECTURES])) {
    const names = loaderNames({os, architecture: name, variant: ''})
    for (const arch of names?.musl ?? []) await read('loader', muslLoader(arch))
    for (const path of names?.glibc ?? []) await readGlibc(path)
  }
  return files
}
