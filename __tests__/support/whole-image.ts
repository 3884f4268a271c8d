import {check} from '../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import type {Report} from '../../src/report/index.ts'
import {type MemoryImage, memoryImages} from './memory-source.ts'

/** The platforms of one image, as memoryImages takes them. */
type Platforms = MemoryImage['platforms']

/** What the whole check says of an image with `scope: image`, and nothing else that a user chose. */
export async function checkWholeImage(platforms: Platforms, ignore: readonly string[] = []): Promise<Report> {
  const {open} = memoryImages({'app:1': {platforms}})
  const lists = {platforms: [], dockerfile: [], rules: [], ignore}
  const options = parseOptions({...DEFAULTS, ...lists, image: ['app:1'], metadata: '', scope: 'image', baseline: ''})
  return check(options, open, {version: '1.0.0'})
}
