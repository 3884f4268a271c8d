import {readdir} from 'node:fs/promises'
import {surveyByOpening} from '../../__tests__/support/survey-by-opening.ts'
import type {FileNode, RootFs} from '../../src/image/rootfs.ts'
import {resolvePath} from '../../src/rootfs/index.ts'
import {diskRootfs, nodeAt} from '../kernel/disk-rootfs.ts'

/** A directory of this machine as a root filesystem whose files are all scanned. */
export function scannedRootfs(root: string): RootFs {
  const disk = diskRootfs(root)
  const rootfs: RootFs = {
    ...disk,
    lookup: path => resolvePath(path, at => nodeAt(root, at)),
    files: () => walk(root, '/'),
    survey: inspection => surveyByOpening(rootfs, inspection),
  }
  return rootfs
}

async function* walk(root: string, directory: string): AsyncGenerator<FileNode> {
  const names = await readdir(`${root}${directory}`)
  for (const name of names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) {
    const node = await nodeAt(root, `${directory === '/' ? '' : directory}/${name}`)
    if (node === undefined) continue
    yield node
    if (node.kind === 'directory') yield* walk(root, node.path)
  }
}
