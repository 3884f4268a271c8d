import {mkdtemp, readdir, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {exists} from './cache.ts'
import {mountsBelow} from './leftovers.ts'
import {run} from './run.ts'

const PREFIX = 'via-ground-'

/** Makes the folder of a ground, and removes those of grounds whose process was killed before it could. */
export async function makeGroundFolder(): Promise<string> {
  const base = groundBase()
  const stale = (await readdir(base)).filter(name => name.startsWith(PREFIX))
  for (const name of stale) {
    const owner = name.slice(PREFIX.length).split('-')[0] ?? ''
    if (/^\d+$/.test(owner) && !(await exists(join('/proc', owner)))) await removeGroundFolder(join(base, name))
  }
  return mkdtemp(join(base, `${PREFIX}${process.pid}-`))
}

/**
 * The system's folder for such things, unless the names of sockets in it get too long, or the servers cannot see it.
 */
function groundBase(): string {
  const base = tmpdir()
  return base.length > 50 || base.startsWith('/run/') ? '/tmp' : base
}

/** Removes the folder of a ground, and before that what may still be mounted in it. */
export async function removeGroundFolder(folder: string): Promise<void> {
  for (const point of (await mountsBelow(folder)).toReversed()) await run('umount', ['--lazy', point])
  await rm(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 100})
}
