import type {PlatformFacts} from '../facts/facts.ts'
import type {ReportImage, ReportScan} from './report.ts'
import {plural} from './tally.ts'

/** What the report keeps of a scan: numbers, and what was left aside and why. What is wrong is in the findings. */
export function reportScan({scan}: PlatformFacts): {readonly scan?: ReportScan} {
  if (scan === undefined) return {}
  const {files, machines, foreign, notPrograms, libraries, suppressed, ignored} = scan
  return {
    scan: {
      files,
      machines,
      foreign: foreign.length,
      notPrograms: notPrograms.length,
      linked: libraries.programs,
      suppressed,
      ignored,
    },
  }
}

/** Entries of `ignore` that covered nothing on any platform; undefined where nothing was scanned. */
export function unusedIgnores(images: readonly ReportImage[]): readonly string[] | undefined {
  const entries = images.flatMap(({platforms}) => platforms.flatMap(({scan}) => scan?.ignored ?? []))
  const globs = [...new Set(entries.map(({glob}) => glob))]
  const used = new Set(entries.flatMap(({glob, count}) => (count > 0 ? [glob] : [])))
  return globs.length === 0 ? undefined : globs.filter(glob => !used.has(glob))
}

/** Machines that the one line names; of more it says how many. */
const NAMED = 4

/**
 * `scanned 12,345 files: 812 aarch64, 3 x86-64; 3 foreign files are meant to be there (2 named-directory, 1 firmware)`
 */
export function describeScan({files, machines, foreign, suppressed, ignored}: ReportScan): string {
  const named = machines.slice(0, NAMED).map(({machine, count}) => `${formatNumber(count)} ${machine}`)
  const more = machines.length > NAMED ? [`${machines.length - NAMED} machines more`] : []
  const meant = total(suppressed)
  const reasons = suppressed.map(({reason, count}) => `${formatNumber(count)} ${reason}`).join(', ')
  const left = total(ignored)
  return [
    `scanned ${formatNumber(files)} ${files === 1 ? 'file' : 'files'}: ${[...named, ...more].join(', ') || 'no program'}`,
    ...(foreign === 0 ? [] : [`${formatNumber(foreign)} foreign`]),
    ...(meant === 0
      ? []
      : [`${formatNumber(meant)} foreign ${meant === 1 ? 'file is' : 'files are'} meant to be there (${reasons})`]),
    ...(left === 0 ? [] : [`${formatNumber(left)} ignored`]),
  ].join('; ')
}

/** `2 entries of ignore match nothing: /a, /b` */
export function describeUnused(globs: readonly string[]): string {
  return `${plural(globs.length, 'entry').replace(/ys$/, 'ies')} of ignore ${globs.length === 1 ? 'matches' : 'match'} nothing: ${globs.join(', ')}`
}

function total(lists: readonly {readonly count: number}[]): number {
  return lists.reduce((sum, {count}) => sum + count, 0)
}

/** With commas, whatever the locale. */
function formatNumber(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}
