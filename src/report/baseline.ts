import type {Baseline, ImageFacts} from '../facts/facts.ts'
import type {PlatformEntry} from '../image/source.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatformFully, platformsEqual} from '../platform/index.ts'
import type {ReportBaseline} from './report.ts'

/** Which platforms changed against the baseline, and which did not, each once, in the order of the indexes. */
export function compareBaseline(images: readonly ImageFacts[], baseline: Baseline): ReportBaseline {
  const now = distinct(images.flatMap(({root}) => root.entries))
  const before = baseline.found ? distinct(baseline.root.entries) : []
  const digest = baseline.found ? baseline.root.descriptor?.digest : undefined
  const counterpart = (entry: PlatformEntry, entries: readonly PlatformEntry[]) =>
    entries.find(({platform}) => platformsEqual(platform, entry.platform))
  const isSame = (entry: PlatformEntry) => counterpart(entry, before)?.descriptor.digest === entry.descriptor.digest
  const common = now.filter(entry => counterpart(entry, before))
  return {
    reference: baseline.reference,
    ...defined({digest}),
    found: baseline.found,
    changed: names(common.filter(entry => !isSame(entry))),
    unchanged: names(common.filter(isSame)),
    lost: names(before.filter(entry => !counterpart(entry, now))),
    added: names(now.filter(entry => !counterpart(entry, before))),
  }
}

/** The comparison in one line, with the texts of the indexes as they are: escape it for the medium. */
export function describeBaseline({found, changed, unchanged, lost, added}: ReportBaseline): string {
  if (!found) return 'it does not exist, so there is nothing to compare'
  const parts = Object.entries({changed, unchanged, lost, added}).filter(([, list]) => list.length > 0)
  return parts.length === 0
    ? 'no platform on either side'
    : parts.map(([word, list]) => `${word} ${list.join(', ')}`).join('; ')
}

function names(entries: readonly PlatformEntry[]): string[] {
  return entries.map(({platform}) => formatPlatformFully(platform))
}

function distinct(entries: readonly PlatformEntry[]): PlatformEntry[] {
  return entries.filter(
    (entry, index) => entries.findIndex(({platform}) => platformsEqual(platform, entry.platform)) === index,
  )
}
