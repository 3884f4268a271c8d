import type {Report} from '../report/report.ts'
import {type Finding, LEVELS, type Level, platformsOf} from '../rules/finding.ts'
import type {UnitResult} from './result-line.ts'

/** The rule that stands for an image that could not be checked. */
export const COULD_NOT_CHECK = 'could-not-check'

/** One finding on one platform of one image, or an image that could not be checked. */
export interface TrendItem {
  readonly image: string
  readonly rule: string
  readonly level: Level
  readonly platform?: string
  readonly path?: string
  readonly message: string
}

/** What is remembered of one image of a run. */
interface SeenImage {
  readonly isRead: boolean
  readonly found: Map<string, TrendItem>
  /** What rules that are off, or suppressions, keep from counting. */
  readonly setAside: Set<string>
}

/** What is remembered of a run: far less than its reports. */
export interface Seen {
  readonly version: string
  readonly configuration: string
  readonly policy: string | undefined
  /** By reference. */
  readonly images: Map<string, SeenImage>
}

/** How a run differs from an earlier one. */
export interface Trend {
  readonly new: readonly TrendItem[]
  readonly mended: readonly TrendItem[]
  readonly unchanged: readonly TrendItem[]
  /** Found earlier, and kept from counting now: a rule that is off, a suppression. */
  readonly setAside: readonly TrendItem[]
  /** Found earlier in images that could not be checked now. */
  readonly unknown: readonly TrendItem[]
  /** Found earlier in images that are not in the inventory any more. */
  readonly gone: readonly TrendItem[]
  readonly images: {
    readonly count: number
    readonly before: number
    readonly added: readonly string[]
    readonly removed: readonly string[]
  }
  /** What else is not what it was: with another version or policy, what is found may change though no image did. */
  readonly otherwise: readonly string[]
}

/** Collects what a trend needs of the results of a run; undefined where there is none. Of one image the last counts. */
export async function collectSeen(results: AsyncIterable<UnitResult>): Promise<Seen | undefined> {
  let seen: Seen | undefined
  for await (const {report} of results) {
    const {tool, configuration, policy} = report
    seen ??= {
      ...{version: tool.version, configuration: configuration.digest, policy: policy?.digest},
      images: new Map(),
    }
    for (const [reference, image] of imagesOf(report)) seen.images.set(reference, image)
  }
  return seen
}

/** What is new since an earlier run, what is mended and what is as it was. */
export function trendOf(before: Seen, now: Seen): Trend {
  const was = itemsOf(before)
  const is = itemsOf(now)
  const isThere = ({images}: Seen, key: string, {image}: TrendItem): boolean =>
    images.get(image)?.found.has(key) === true
  const left = was.filter(([key, item]) => !isThere(now, key, item))
  const of = (what: ReturnType<typeof whyGone>): readonly TrendItem[] =>
    gravestFirst(left.filter(([key, item]) => whyGone(now, key, item) === what))
  const added = [...now.images.keys()].filter(image => !before.images.has(image))
  const removed = [...before.images.keys()].filter(image => !now.images.has(image))
  return {
    new: gravestFirst(is.filter(([key, item]) => !isThere(before, key, item))),
    mended: of('mended'),
    unchanged: gravestFirst(is.filter(([key, item]) => isThere(before, key, item))),
    setAside: of('setAside'),
    unknown: of('unknown'),
    gone: of('gone'),
    images: {count: now.images.size, before: before.images.size, added, removed},
    otherwise: [
      ...differs('the version', before.version, now.version),
      ...differs('the configuration', before.configuration, now.configuration),
      ...differs('the policy file', before.policy, now.policy),
    ],
  }
}

/** Why something that was found is found no more. */
function whyGone(now: Seen, key: string, {image, rule}: TrendItem): 'gone' | 'unknown' | 'setAside' | 'mended' {
  const there = now.images.get(image)
  if (there === undefined) return 'gone'
  if (!there.isRead && rule !== COULD_NOT_CHECK) return 'unknown'
  return there.setAside.has(key) ? 'setAside' : 'mended'
}

function itemsOf({images}: Seen): readonly (readonly [string, TrendItem])[] {
  return Array.from(images.values(), ({found}) => [...found]).flat()
}

function imagesOf(report: Report): ReadonlyMap<string, SeenImage> {
  const images = new Map<string, SeenImage>()
  for (const {reference, problem} of report.images) {
    const image: SeenImage = {isRead: problem === undefined, found: new Map(), setAside: new Set()}
    images.set(reference, image)
    if (problem === undefined) continue
    const item = {image: reference, rule: COULD_NOT_CHECK, level: 'error', message: problem.message} as const
    image.found.set(keyOf(item, 1), item)
  }
  for (const [key, item] of keyed(report.findings)) images.get(item.image)?.found.set(key, item)
  for (const [key, item] of keyed(report.switchedOff)) images.get(item.image)?.setAside.add(key)
  return images
}

/**
 * Each finding on each of its platforms, by what stays the same from build to build: image, rule, platform and path; of
 * those that are alike in all of it by their number. The message is not asked: it may name digests and numbers.
 */
function keyed(findings: readonly Finding[]): readonly (readonly [string, TrendItem])[] {
  const counts = new Map<string, number>()
  return findings.flatMap(finding => {
    const platforms: readonly (string | undefined)[] = platformsOf(finding)
    return (platforms.length === 0 ? [undefined] : platforms).map(platform => {
      const {image = '', rule, level, path, message} = finding
      const item = {
        ...{image, rule, level, message},
        ...(platform === undefined ? {} : {platform}),
        ...(path === undefined ? {} : {path}),
      }
      const alike = keyOf(item, 0)
      const count = (counts.get(alike) ?? 0) + 1
      counts.set(alike, count)
      return [keyOf(item, count), item] as const
    })
  })
}

function keyOf({image, rule, platform = '', path = ''}: TrendItem, count: number): string {
  return JSON.stringify([image, rule, platform, path, count])
}

/** The gravest first, then in the order in which they were found. */
function gravestFirst(items: readonly (readonly [string, TrendItem])[]): readonly TrendItem[] {
  return items.map(([, item]) => item).toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level))
}

function differs(name: string, before: string | undefined, now: string | undefined): readonly string[] {
  return before === now ? [] : [`${name} was ${before ?? 'none'} and is ${now ?? 'none'}`]
}
