import {beforeAll, describe, expect, test} from '@jest/globals'
import {identify} from '../../src/binary/index.ts'
import {messageOf, SourceError} from '../../src/errors.ts'
import type {ImageFacts} from '../../src/facts/facts.ts'
import type {Inspection, RootFs, Surveyed} from '../../src/image/rootfs.ts'
import type {ImageSource} from '../../src/image/source.ts'
import {createLimiter} from '../../src/lib/concurrency.ts'
import {renderJson} from '../../src/report/json.ts'
import {RULES} from '../../src/rules/index.ts'
import {runAllRules} from '../../src/rules/run.ts'
import {blobImageSource} from '../../src/source/blobs/blob-image.ts'
import {CONTRACT_IMAGES} from './contract-images.ts'
import {gatherImage} from './gather-image.ts'
import type {BuiltImage} from './image-builder.ts'
import {surveyByOpening} from './survey-by-opening.ts'
import {testReport} from './test-report.ts'

/** How a source comes by an image that was built in memory. */
export interface ContractSource {
  /** Puts the image where the source finds it, and opens it there. `number` tells the images apart. */
  open(image: BuiltImage, number: number): Promise<ImageSource>
  /** What the source cannot know, whatever the image is: left out of the comparison. */
  readonly lacks?: readonly Lack[]
  /** It holds one platform at a time: each is put there by itself, or the first alone. */
  readonly onePlatform?: 'each' | 'first'
  /** Of which images, by their titles, where one speaks for many; all, where nothing is said. */
  readonly only?: readonly (keyof typeof CONTRACT_IMAGES)[]
  /** Images, by title, that cannot be had this way at all, and how that is said. */
  readonly refuses?: Readonly<Record<string, RegExp>>
}

/**
 * `manifests`: media types and digests of documents; `layers`: which layer a file is from, and what made it;
 * `mount-points`: whether directories that every container has are the image's own.
 */
export type Lack = 'manifests' | 'layers' | 'mount-points'

const MOUNT_POINTS = ['/dev', '/etc', '/proc', '/sys']

/**
 * The contract of every source: the same images give the same facts and the same report, byte for byte but for the
 * reference. What they are compared with is read out of memory.
 */
export function describeSource(name: string, source: ContractSource): void {
  describe(`${name}: the contract of every source`, () => {
    const chosen = Object.entries(CONTRACT_IMAGES).filter(([title]) => source.only?.some(one => one === title) ?? true)
    const images = chosen.flatMap(([title, image]) =>
      source.onePlatform
        ? platformsOf(title, image).slice(0, source.onePlatform === 'first' ? 1 : undefined)
        : [{title, image}],
    )
    const refusalOf = (title: string): RegExp | undefined =>
      Object.entries(source.refuses ?? {}).find(([refused]) => title.startsWith(refused))?.[1]
    const read = <T>(what: (opened: ImageSource) => Promise<T>, first: number) =>
      readAhead(
        images.map(
          ({image}, at) =>
            async () =>
              what(await source.open(image, first + at)),
        ),
      )
    const [facts, surveys] = [read(readAll, 0), read(surveyAll, images.length)]
    const lacks = source.lacks ?? []
    test.each(images.map((row, at) => ({...row, at})))('$title', async ({title, image, at}) => {
      const refusal = refusalOf(title)
      if (refusal) {
        expect(await refusedBy(() => facts(at))).toMatch(refusal)
        return
      }
      const [expected, got] = [await factsOf(title, image), await facts(at)]
      expect(comparable(got, lacks)).toEqual(comparable(expected, lacks))
      expect(reportOf(got, lacks)).toBe(reportOf(expected, lacks))
    })
    test.each(images.map((row, at) => ({...row, at})))('$title, as a whole', async ({title, image, at}) => {
      const refusal = refusalOf(title)
      if (refusal) {
        await expect(surveys(at)).rejects.toThrow(refusal)
        return
      }
      const [expected, got] = [await surveyOf(title, image), await surveys(at)]
      const told = (files: readonly (readonly Surveyed<unknown>[])[]) =>
        lacks.includes('mount-points')
          ? files.map(platform => platform.filter(({node}) => !MOUNT_POINTS.includes(node.path)))
          : files
      expect(comparable(told(got), lacks)).toEqual(comparable(told(expected), lacks))
    })
  })
}

/**
 * Reads all before the first test, some at once, as an engine mostly waits; gives what tells what was read, by its
 * number. What fails is told by the test that asks for it.
 */
function readAhead<T>(reads: readonly (() => Promise<T>)[]): (at: number) => Promise<T> {
  const ended: PromiseSettledResult<T>[] = []
  beforeAll(async () => {
    const limit = createLimiter(4)
    ended.push(...(await Promise.allSettled(reads.map(read => limit(read)))))
  }, 900_000)
  return async at => {
    const end = ended[at]
    if (end?.status === 'fulfilled') return end.value
    throw end?.reason
  }
}

/** What each source is compared with, read out of memory once for all of them. */
const factsOf = onceEach(image => readAll(memorySource(image)))
const surveyOf = onceEach(image => surveyAll(memorySource(image)))

/** Titles are those of `CONTRACT_IMAGES`, each with the number of its platform where that is all there is. */
function onceEach<T>(read: (image: BuiltImage) => Promise<T>): (title: string, image: BuiltImage) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (title, image) => {
    const found = known.get(title) ?? read(image)
    known.set(title, found)
    return found
  }
}

function platformsOf(title: string, image: BuiltImage): {readonly title: string; readonly image: BuiltImage}[] {
  return image.platforms.map((platform, at) => {
    const {platform: _, ...root} = platform.manifest
    return {title: `${title}, platform ${at}`, image: {...image, root, platforms: [platform]}}
  })
}

/** What is said of an image that an engine does not take: it is a finding, unless nothing of it can be opened. */
async function refusedBy(read: () => Promise<ImageFacts>): Promise<string> {
  try {
    const {platforms, unreadable} = await read()
    expect(platforms).toEqual([])
    return unreadable.map(({message}) => message).join('\n')
  } catch (thrown) {
    return messageOf(thrown)
  }
}

async function readAll(source: ImageSource): Promise<ImageFacts> {
  try {
    return await gatherImage(source, {required: undefined, scope: 'essential'}, createLimiter(4))
  } finally {
    await source.close()
  }
}

/** Looks at the start of every file, and through all of each program. */
const INSPECTION: Inspection<{readonly kind: string; readonly start: string; readonly end: string}> = {
  id: 'contract/1',
  inspect: async ({mode}, content) => {
    const {kind} = await identify(content)
    const start = Buffer.from(await content.read(0, 4096)).toString('base64')
    const end = mode & 0o111 ? Buffer.from(await content.read(content.size - 8, 8)).toString('hex') : ''
    return {kind, start, end}
  },
}

/**
 * What a survey sees on every platform: before anything else was asked, and again
 * after the files were opened one by one.
 */
async function surveyAll(source: ImageSource): Promise<readonly (readonly Surveyed<unknown>[])[]> {
  try {
    const {entries} = await source.root()
    const platforms: (readonly Surveyed<unknown>[])[] = []
    for (const entry of entries) {
      const image = await source.platformImage(entry)
      try {
        const surveyed = await collect(image.rootfs.survey(INSPECTION))
        expect(surveyed).toEqual(await collect(surveyByOpening(image.rootfs, INSPECTION)))
        expect(surveyed).toEqual(await collect(image.rootfs.survey(INSPECTION)))
        await expectLists(image.rootfs, surveyed)
        platforms.push(surveyed)
      } finally {
        await image.close()
      }
    }
    return platforms
  } finally {
    await source.close()
  }
}

/** Each directory has the names that the walk gives below it, and no more. */
async function expectLists(rootfs: RootFs, files: readonly Surveyed<unknown>[]): Promise<void> {
  const root = {path: '/', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0} as const
  for (const directory of [root, ...files.map(({node}) => node)]) {
    if (directory.kind !== 'directory') continue
    const start = directory.path === '/' ? '/' : `${directory.path}/`
    const below = files.filter(({node: {path}}) => path.startsWith(start) && path.length > start.length)
    const names = below.map(({node: {path}}) => path.slice(start.length)).filter(name => !name.includes('/'))
    expect(await rootfs.list(directory)).toEqual(names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))))
  }
}

async function collect(files: ReturnType<RootFs['survey']>): Promise<readonly Surveyed<unknown>[]> {
  const found: Surveyed<unknown>[] = []
  for await (const file of files) found.push(file)
  return found
}

/** The image as it was built. */
export function memorySource({root, blobs}: BuiltImage): ImageSource {
  return blobImageSource({
    reference: 'memory',
    name: undefined,
    root: {mediaType: root.mediaType, digest: root.digest, size: root.size, annotations: {}},
    store: {
      async *stream({digest}) {
        const blob = blobs.get(digest)
        if (!blob) throw new SourceError('blob-missing', `blob ${digest} is not there`)
        yield blob.bytes
      },
      probe: async ({digest}) => {
        if (!blobs.has(digest)) throw new SourceError('blob-missing', `blob ${digest} is not there`)
      },
      close: async () => {},
    },
  })
}

/** The facts without what only tells where they are from; `annotations` are a layout's own. */
function comparable(facts: object, lacks: readonly Lack[]): unknown {
  const dropped = new Set([
    'annotations',
    ...(lacks.includes('manifests') ? ['descriptor'] : []),
    ...(lacks.includes('layers') ? ['layer', 'layers', 'history'] : []),
  ])
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip)
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
    const kept = Object.entries(value).filter(([key, one]) => !dropped.has(key) && one !== undefined)
    const isLayer = lacks.includes('manifests') && 'createdBy' in value && 'digest' in value
    return Object.fromEntries(
      kept.filter(([key]) => !(isLayer && key === 'digest')).map(([key, one]) => [key, strip(one)]),
    )
  }
  return Array.isArray(facts) ? strip(facts) : strip({...facts, reference: '', name: undefined})
}

/** The report, its reference and name taken out, and with them what the source cannot know. */
function reportOf(facts: ImageFacts, lacks: readonly Lack[]): string {
  const plain = {...facts, reference: 'image', name: undefined}
  const all = {images: [plain]}
  const text = renderJson(testReport(all, runAllRules(RULES, all, new Map())))
  const without = lacks.includes('manifests') ? text.replace(/"(digest|mediaType)": ?"[^"]*",?/g, '') : text
  return lacks.includes('layers') ? without.replace(/,?\s*"layer": ?\{[^}]*\}/g, '') : without
}
