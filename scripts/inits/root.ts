import {chmod} from 'node:fs/promises'
import {join} from 'node:path'
import type {MemoryTree} from '../../__tests__/support/memory-rootfs.ts'
import {run} from '../../e2e/ground/run.ts'
import {fastDirectory} from '../kernel/fast-directory.ts'
import {writeTree} from '../kernel/tree.ts'
import {makeTemporaryFolder, removeTemporaryFolder} from '../support/temporary-folder.ts'
import {fetchDebs, unpackDebs} from '../systems/debian.ts'
import {labelsOf} from './labels.ts'

/** A release of Debian. */
export type Suite = 'bookworm' | 'trixie' | 'sid'

/** A root of Debian's packages, unpacked and with none of their scripts run, with files beside them. */
export interface InitRoot {
  readonly base: string
  /** `execline 2.9.3.0-1`, of each package that was asked for. */
  readonly versions: readonly string[]
  /** The stand-in at each path. */
  readonly labels: ReadonlyMap<string, string>
  readonly remove: () => Promise<void>
}

export async function makeInitRoot(
  suite: Suite,
  packages: readonly string[],
  files: MemoryTree,
  removed: readonly string[] = [],
): Promise<InitRoot> {
  const debs = await fetchDebs('amd64', packages, suite)
  const base = await makeTemporaryFolder('test-inits-base', await fastDirectory())
  const remove = () => removeTemporaryFolder(base)
  try {
    await chmod(base, 0o755)
    await unpackDebs(debs, 'amd64', base)
    const unused = ['usr/share/doc', 'usr/share/locale', 'usr/share/man', 'usr/include', 'var/lib']
    await run('rm', ['-rf', ...[...unused, ...removed].map(name => join(base, name))])
    await writeTree(base, {...DIRECTORIES, ...files})
    await run('mknod', ['-m', '666', join(base, 'dev/null'), 'c', '1', '3'])
    await run('chroot', [base, '/sbin/ldconfig'])
    const versions = debs
      .filter(({name}) => packages.includes(name))
      .map(({file}) => file.split('_').slice(0, 2).join(' ').replaceAll('%3a', ':'))
    return {base, versions, labels: labelsOf(files), remove}
  } catch (error) {
    await remove()
    throw error
  }
}

const DIRECTORIES: MemoryTree = {
  '/tmp': {kind: 'directory', mode: 0o1777},
  '/run': {kind: 'directory'},
  '/proc': {kind: 'directory', mode: 0o555},
  '/dev': {kind: 'directory'},
}
