import {describe, expect, test} from '@jest/globals'
import {SourceError} from '../../src/errors.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import type {ImageSource, PlatformEntry, Referrer} from '../../src/image/source.ts'
import {createLimiter} from '../../src/lib/concurrency.ts'
import {RULES} from '../../src/rules/index.ts'
import {runRules} from '../../src/rules/run.ts'
import {buildElf} from '../support/elf-builder.ts'
import {gatherImage} from '../support/gather-image.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, memoryRootfs} from '../support/memory-rootfs.ts'
import {testDigest, testEntry, testPlatform, testRoot} from '../support/memory-source.ts'

const CHART = 'a Helm chart (application/vnd.cncf.helm.config.v1+json)'
const NYDUS = 'an image for engines with "nydus.remoteimage.v1" only'

/** An entry of an index: an image, or what stands in its place. */
interface Entry {
  readonly platform: string
  readonly marked?: string
  /** The manifest is not an image's. */
  readonly artifact?: string
  readonly config?: Partial<ImageConfig>
}

const program = (platform: string) => executable(buildElf({machine: platform === 'linux/arm64' ? 183 : 62}))

async function findingsOf(
  list: readonly Entry[],
  options: {readonly referrers?: readonly Referrer[]; readonly required?: readonly string[]} = {},
) {
  const entries = list.map(({platform, marked}, index): PlatformEntry => {
    const entry = testEntry(platform, index + 1)
    return marked === undefined ? entry : {...entry, marked}
  })
  const source: ImageSource = {
    reference: 'app:1',
    name: 'app',
    root: async () => ({...testRoot([]), entries, referrers: options.referrers ?? []}),
    platformImage: async entry => {
      const {platform, artifact, config} = list[entries.indexOf(entry)] ?? {platform: ''}
      if (artifact !== undefined) throw new SourceError('not-an-image', artifact)
      return {
        entry,
        config: imageConfig({platform: entry.platform, entrypoint: ['/app'], ...config}),
        layers: [],
        rootfs: memoryRootfs({'/app': program(platform)}),
        close: async () => {},
      }
    },
    close: async () => {},
  }
  const required = options.required?.map(testPlatform)
  const image = await gatherImage(source, {required, scope: 'essential'}, createLimiter(2))
  return runRules(RULES, {images: [image]}, new Map()).map(({rule, level, platform, message}) => {
    return [rule, level, platform ?? '-', message] as const
  })
}

describe('an entry of an index', () => {
  test('that is not an image, behind the image: a note', async () => {
    const found = await findingsOf([{platform: 'linux/amd64'}, {platform: 'linux/amd64', artifact: CHART}])
    expect(found).toEqual([
      ['index-entry', 'note', '-', `an entry of the index for linux/amd64 is ${CHART}, and is ignored`],
    ])
  })

  test('that is not an image, before the image: engines never come to it', async () => {
    const found = await findingsOf([{platform: 'linux/amd64', artifact: CHART}, {platform: 'linux/amd64'}])
    expect(found).toEqual([
      ['index-entry', 'error', 'linux/amd64', expect.stringContaining(`the first entry for linux/amd64 is ${CHART}`)],
    ])
  })

  test('that is not an image, of a platform that has none: a note, and an error where that platform was asked for', async () => {
    const list = [{platform: 'linux/amd64'}, {platform: 'linux/arm64', artifact: CHART}]
    const aside = ['index-entry', 'note', '-', expect.stringContaining('is ignored')]
    expect(await findingsOf(list)).toEqual([aside])
    expect(await findingsOf(list, {required: ['linux/amd64']})).toEqual([])
    expect(await findingsOf(list, {required: ['linux/arm64']})).toEqual([
      ['platform-missing', 'error', 'linux/arm64', 'linux/arm64 is not in the index, which has linux/amd64'],
      aside,
    ])
  })

  test('where no entry is an image, nothing was verified', async () => {
    const found = await findingsOf([{platform: 'linux/amd64', artifact: CHART}])
    expect(found.map(([rule, level]) => [rule, level])).toEqual([
      ['platform-missing', 'error'],
      ['index-entry', 'note'],
    ])
  })

  test('that is marked as none, and that engines choose: it is checked, with a warning', async () => {
    const marked = {platform: 'linux/amd64', marked: 'an attestation'}
    expect(await findingsOf([marked])).toEqual([
      [
        'index-entry',
        'warning',
        'linux/amd64',
        'the first entry for linux/amd64 is marked as an attestation, and engines choose it all the same: it was checked as the image',
      ],
    ])
    const broken = await findingsOf([{...marked, config: {entrypoint: ['/none']}}, {platform: 'linux/amd64'}])
    expect(broken.map(([rule, level]) => [rule, level])).toEqual([
      ['missing-program', 'error'],
      ['index-entry', 'warning'],
      ['platform-duplicate', 'warning'],
    ])
  })

  test('that only other engines take', async () => {
    const referrer: Referrer = {
      descriptor: testEntry('linux/amd64', 9).descriptor,
      kind: 'artifact',
      claimed: testPlatform('linux/amd64'),
      what: NYDUS,
    }
    const found = await findingsOf([{platform: 'linux/amd64'}], {referrers: [referrer], required: ['linux/amd64']})
    expect(found).toEqual([
      ['index-entry', 'note', '-', `an entry of the index for linux/amd64 is ${NYDUS}, and is ignored`],
    ])
  })

  test('BuildKit’s attestations are nothing to tell', async () => {
    const {descriptor} = testEntry('linux/amd64', 9)
    expect(await findingsOf([{platform: 'linux/amd64'}], {referrers: [{descriptor, kind: 'attestation'}]})).toEqual([])
  })
})

describe('two manifests for one platform', () => {
  const config = {diffIds: [testDigest(7)]}
  const twin = {platform: 'linux/amd64', config}

  test.each<[string, readonly Entry[], 'note' | 'warning']>([
    ['the same files and config in two compressions', [twin, {...twin, config: {...config, created: '2026'}}], 'note'],
    ['another command', [twin, {...twin, config: {...config, cmd: ['x']}}], 'warning'],
    ['other files', [twin, {...twin, config: {diffIds: [testDigest(8)]}}], 'warning'],
    ['nothing known of the files', [{platform: 'linux/amd64'}, {platform: 'linux/amd64'}], 'warning'],
  ])('%s: %s', async (_, list, level) => {
    expect((await findingsOf(list)).map(([rule, found]) => [rule, found])).toEqual([['platform-duplicate', level]])
  })
})

describe('a platform of another system', () => {
  test.each<[string, readonly string[], readonly string[] | undefined, 'note' | 'warning']>([
    ['beside linux', ['linux/amd64', 'windows/amd64'], undefined, 'note'],
    ['beside linux', ['linux/amd64', 'wasi/wasm'], undefined, 'note'],
    ['that was asked for', ['linux/amd64', 'windows/amd64'], ['linux/amd64', 'windows/amd64'], 'warning'],
    ['alone', ['windows/amd64'], undefined, 'warning'],
  ])('%s: %j', async (_, platforms, required, level) => {
    const list = platforms.map(platform => ({platform}))
    const found = await findingsOf(list, required ? {required} : {})
    expect(found.map(([rule, one, platform]) => [rule, one, platform])).toEqual([
      ['undetermined', level, platforms.at(-1)],
    ])
  })
})
