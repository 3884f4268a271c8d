import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {EntryFolder} from './layer-records.ts'

const TOOL = 'verify-image-arch-layers'
/**
 * Tool-cache takes a semantic version. That of an entry is in the entry; so is all else that says whether it is good.
 */
const VERSION = '1.0.0'
const FILE = 'layer'

/**
 * The runner's tool cache (RUNNER_TOOL_CACHE): one tool, each layer one of its "architectures". Where two
 * jobs write one entry at once, a reader may find half of it; that its checksum shows. `temporary` is a
 * folder for what is to be copied there.
 */
export function toolCacheFolder(temporary: string): EntryFolder {
  // Loaded only by who asks for a cache.
  const load = () => import('@actions/tool-cache')
  return {
    async read(name) {
      const {find} = await load()
      const folder = find(TOOL, VERSION, name)
      return folder === '' ? undefined : readFile(join(folder, FILE))
    },
    async write(name, bytes) {
      const {cacheFile} = await load()
      const draft = await mkdtemp(join(temporary, 'verify-image-arch-cache-'))
      try {
        await writeFile(join(draft, FILE), bytes)
        await cacheFile(join(draft, FILE), FILE, TOOL, VERSION, name)
      } finally {
        await rm(draft, {recursive: true, force: true})
      }
    },
  }
}
