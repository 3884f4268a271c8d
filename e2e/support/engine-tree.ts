import {createHash} from 'node:crypto'
import type {Stats} from 'node:fs'
import {lstat, mkdir, readdir, readFile, readlink, rm} from 'node:fs/promises'
import type {FileNode, RootFs} from '../../src/image/rootfs.ts'
import {decodeName} from '../../src/lib/tar-name.ts'
import type {Engine} from '../ground/engine.ts'
import {mustCallEngine, pullImage} from '../ground/engine-api.ts'
import {run} from '../ground/run.ts'

/** A root filesystem in words: path -> kind, permissions, owner and what it holds. */
export type Tree = Readonly<Record<string, string>>

/** What an engine puts into a container that it creates: files of its own, of which some may hide the image's. */
const OWN = ['.dockerenv', 'dev', 'etc', 'proc', 'sys']

/**
 * The root filesystem as an engine unpacks it, told by what it exports and GNU tar; or
 * why the engine does not take the image.
 */
export async function engineTree(
  engine: Engine,
  image: string,
  folder: string,
): Promise<Tree | {readonly refused: string}> {
  const refused = await pullImage(engine, image)
  if (refused !== undefined) return {refused}
  const path = `/images/${encodeURIComponent(image)}`
  let container: string | undefined
  try {
    const created = await mustCallEngine(engine, 'POST', '/containers/create', {
      Image: image,
      Cmd: ['/never'],
      HostConfig: {NetworkMode: 'none'},
    })
    container = String(Object(JSON.parse(created.toString())).Id)
    const archive = await mustCallEngine(engine, 'GET', `/containers/${container}/export`)
    await mkdir(folder)
    await run('tar', ['--extract', '--directory', folder, '--same-permissions', '--numeric-owner'], {input: archive})
    return Object.fromEntries(await readTree(Buffer.from(folder), ''))
  } finally {
    if (container !== undefined) await mustCallEngine(engine, 'DELETE', `/containers/${container}?force=1&v=1`)
    await mustCallEngine(engine, 'DELETE', path)
    await rm(folder, {recursive: true, force: true})
  }
}

/** The same words for what a source of ours shows. */
export async function sourceTree(rootfs: RootFs): Promise<Tree> {
  const tree: Record<string, string> = {}
  for await (const node of rootfs.files()) {
    if (OWN.includes(node.path.split('/')[1] ?? '')) continue
    tree[node.path] = await wordsOf(node, async () => {
      const file = await rootfs.open(node)
      return file.read(0, file.size)
    })
  }
  return tree
}

async function readTree(folder: Buffer, path: string): Promise<[string, string][]> {
  const found: [string, string][] = []
  for (const name of await readdir(folder, {encoding: 'buffer'})) {
    const child = `${path}/${decodeName(name)}`
    if (OWN.includes(child.slice(1))) continue
    const at = Buffer.concat([folder, Buffer.from('/'), name])
    const stats = await lstat(at)
    const kind = kindOf(stats)
    const target = kind === 'symlink' ? decodeName(await readlink(at, {encoding: 'buffer'})) : ''
    const node = {kind, mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid, target}
    found.push([child, await wordsOf(node, () => readFile(at))])
    if (kind === 'directory') found.push(...(await readTree(at, child)))
  }
  return found
}

async function wordsOf(
  {kind, mode, uid, gid, target}: Pick<FileNode, 'kind' | 'mode' | 'uid' | 'gid' | 'target'>,
  content: () => Promise<Uint8Array>,
): Promise<string> {
  if (kind === 'symlink') return `-> ${target}`
  const bits = `${kind} ${mode.toString(8).padStart(4, '0')} ${uid}:${gid}`
  return kind === 'file' ? `${bits} ${shown(await content())}` : bits
}

/** A short text as it is, anything else by its digest. */
function shown(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1')
  return /^[ -~]{0,60}$/.test(text) ? JSON.stringify(text) : createHash('sha256').update(bytes).digest('hex')
}

function kindOf(stats: Stats): FileNode['kind'] {
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'directory'
  if (stats.isSymbolicLink()) return 'symlink'
  if (stats.isCharacterDevice()) return 'character-device'
  if (stats.isBlockDevice()) return 'block-device'
  return stats.isFIFO() ? 'fifo' : 'socket'
}
