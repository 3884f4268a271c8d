import {gatherPlatform} from '../../src/facts/gather-platform.ts'
import type {Scope} from '../../src/facts/scope.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {RULES} from '../../src/rules/index.ts'
import {runRules} from '../../src/rules/run.ts'
import {testFacts} from './facts.ts'
import {imageConfig} from './image-config.ts'
import {type MemoryTree, memoryRootfs} from './memory-rootfs.ts'
import {testEntry, testPlatform} from './memory-source.ts'

/** An image of one platform, from literals. */
export interface TestImage {
  readonly files: MemoryTree
  readonly config?: Partial<ImageConfig>
  /** Default: `linux/amd64`. */
  readonly platform?: string
  /** Default: `essential`, as of the command. */
  readonly scope?: Scope
}

/** What all rules say of an image, from its files to its findings. */
export async function findingsOfImage({
  files,
  config = {},
  platform = 'linux/amd64',
  scope = 'essential',
}: TestImage): Promise<readonly Finding[]> {
  const image = {
    entry: testEntry(platform, 1),
    config: imageConfig({platform: testPlatform(platform), env: ['PATH=/bin:/usr/local/bin'], ...config}),
    layers: [],
    rootfs: memoryRootfs(files),
    layersOf: async () => ({layers: [], of: new Map()}),
    close: async () => {},
  }
  return runRules(RULES, testFacts([await gatherPlatform(image, {scope})]), new Map())
}

/** A line for each finding: `LEVEL RULE PATH`. */
export async function sayFindings(image: TestImage): Promise<readonly string[]> {
  return (await findingsOfImage(image)).map(({level, rule, path}) => `${level} ${rule} ${path ?? '-'}`)
}
