import {dir, file, gone, hard, link, opaque, rootFsOf, type TestLayer} from '../../../__tests__/support/layers.ts'
import {all} from '../../../__tests__/support/streams.ts'
import {SourceError} from '../../../src/errors.ts'
import type {FileNode, RootFs} from '../../../src/image/rootfs.ts'
import type {LayoutFile} from '../../support/layout-builder.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

/*
 * A stack of layers, an entry a line, the lowest first, `---` between two of them:
 *
 *   d PATH   a directory          f PATH   a file             l PATH TARGET   a symlink
 *   w PATH   a whiteout           o PATH   an opaque mark     h PATH TARGET   a hard link
 */

/** In lines, and in files that are asked for one by one: each may be hundreds of directories deep. */
const MOST_ENTRIES = 60

/** Layers as one tree, whatever is in them and in which order. */
export const target: FuzzTarget = {
  name: 'layers',
  seeds: () =>
    texts(
      'd bin\nf bin/app\nl bin/link app\nh bin/hard bin/app\n---\nw bin/app\nd etc\nf etc/a',
      'd a\nf a/b\nf a/c\n---\no a\nf a/d\n---\nf a\n---\nd a\nf a/e',
      'l usr /lib\nd lib\nf usr/x\n---\nf usr/y\nl lib/up ../..\nf lib/up/z',
      'f .wh.\nf a/.wh..wh..opq\nf ../../etc/passwd\nl loop loop\nf loop/x\nw a\nd /',
      'd lib\nf lib/a\nl lib64 lib\n---\nw lib64\nd lib64\nf lib64/b\nh lib64/c lib/a',
    ),
  limit: 1200,
  millisecondsPerKiB: 400,
  words: ['\n---\n', 'f ', 'd ', 'l ', 'h ', 'w ', 'o ', '../', '/', '.', '..', '.wh.', '.wh..wh..opq', 'a/b/c'],
  run: async input => {
    const layers = parseLayers(Buffer.from(input).toString('latin1'))
    const rootfs = rootFsOf(layers)
    try {
      return await lookThrough(rootfs)
    } catch (thrown) {
      if (!(thrown instanceof SourceError)) throw thrown
      return `${thrown.code}: ${thrown.message}`
    } finally {
      rootfs.close()
    }
  },
}

function parseLayers(text: string): readonly TestLayer[] {
  const lines = text.split('\n').slice(0, MOST_ENTRIES).join('\n')
  return lines.split('\n---\n').map(layer => ({files: layer.split('\n').flatMap(parseEntry), compression: 'none'}))
}

function parseEntry(line: string): LayoutFile[] {
  const [kind, path = '', to = ''] = line.split(' ')
  if (path === '') return []
  switch (kind) {
    case 'd':
      return [dir(path)]
    case 'f':
      return [file(path)]
    case 'l':
      return [link(path, to)]
    case 'h':
      return [hard(path, to)]
    case 'w':
      return [gone(path)]
    case 'o':
      return [opaque(path)]
    default:
      return []
  }
}

async function lookThrough(rootfs: RootFs): Promise<unknown> {
  const nodes = await all(rootfs.files())
  const paths = nodes.map(({path}) => path)
  const order = paths.map(path => Buffer.from(path, 'utf8'))
  holds(
    order.every((path, at) => at === 0 || Buffer.compare(order[at - 1] ?? path, path) < 0),
    'files in their order',
  )
  for (const node of nodes.slice(0, MOST_ENTRIES)) await lookAt(rootfs, node)
  const surveyed = await all(rootfs.survey({id: 'fuzz/1', inspect: async ({size}) => size}))
  holds(surveyed.length === nodes.length, 'a survey of all files')
  return nodes
}

/** What the list has is found, by its own name and by a name that goes round. */
async function lookAt(rootfs: RootFs, node: FileNode): Promise<void> {
  const found = await rootfs.lookup(node.path)
  if (node.kind === 'symlink') return
  holds(found.outcome === 'found' && found.node.path === node.path, `${JSON.stringify(node.path)} is found`)
  const round = await rootfs.lookup(`/.//${node.path}/${node.kind === 'directory' ? '.' : '../'}`)
  holds(node.kind !== 'directory' || round.outcome === 'found', `${JSON.stringify(node.path)} is found by another name`)
  holds(node.kind === 'directory' || round.outcome === 'not-a-directory', 'a file is not a directory')
  if (node.kind !== 'file') return
  const content = await rootfs.open(node)
  holds(content.size === node.size && (await content.read(0, node.size)).length === node.size, 'a file has its size')
}
