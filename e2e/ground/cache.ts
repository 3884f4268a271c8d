import {randomBytes} from 'node:crypto'
import {mkdir, rename, rm, stat} from 'node:fs/promises'
import {dirname, join, resolve} from 'node:path'

const REPOSITORY = resolve(import.meta.dirname, '..', '..')

/**
 * Where downloads are kept between runs: `VERIFY_IMAGE_ARCH_CACHE`, else the git-ignored `.cache` of the repository.
 */
export function cacheFolder(): string {
  const named = process.env.VERIFY_IMAGE_ARCH_CACHE
  return named === undefined || named === '' ? join(REPOSITORY, '.cache') : resolve(named)
}

/**
 * Answers `target` from the cache, or lets `fill` make it in an empty folder beside it and moves that into place
 * in one step: no reader ever sees half a folder, and of two processes that fill at once the first one wins.
 */
export async function cachedFolder(target: string, fill: (folder: string) => Promise<void>): Promise<string> {
  if (await exists(target)) return target
  const draft = `${target}.${process.pid}-${randomBytes(4).toString('hex')}`
  await mkdir(dirname(target), {recursive: true})
  await mkdir(draft)
  try {
    await fill(draft)
    await rename(draft, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error
    })
  } finally {
    await rm(draft, {recursive: true, force: true})
  }
  return target
}

/** Whether there is anything at `path`. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
