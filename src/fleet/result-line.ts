import {createHash} from 'node:crypto'
import {canonicalJson, type JsonValue} from '../lib/canonical-json.ts'
import {isObject} from '../lib/is-object.ts'
import {readJsonLine} from '../lib/json-line.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import {toLine} from '../report/json-lines.ts'
import type {Report} from '../report/report.ts'
import type {Unit} from './units.ts'

/** What was found of one unit of an inventory. */
export interface UnitResult {
  /** How many images the inventory has. */
  readonly total: number
  /** In the inventory, from 0: of the images of the report, in their order. */
  readonly places: readonly number[]
  /** What says whether the result still holds, beside the images' digests. */
  readonly key: string
  readonly report: Report
}

/** What a result is about, and may be kept for, without the report itself. */
export interface ResultIndex extends Pick<UnitResult, 'total' | 'places' | 'key'> {
  readonly images: readonly {readonly reference: string; readonly digest?: string; readonly isRead: boolean}[]
  readonly verdict: Report['verdict']
}

/** A version of the line: another is not read. */
const FORMAT = 1

/**
 * One line of JSON: `image` and `digest` of each image and the digest of the configuration for who reads it, and the
 * whole report of the unit with a checksum, so that a line that was cut or changed is not taken for a result.
 */
export function formatResult({total, places, key, report}: UnitResult): string {
  const images = report.images.map(({reference, digest, problem, configuration}) => ({
    ...{image: reference, digest, configuration: (configuration ?? report.configuration).digest},
    problem: problem?.message,
  }))
  const policy = report.policy?.digest
  const verdict = report.verdict
  return toLine({
    type: 'result',
    format: FORMAT,
    total,
    places,
    key,
    verdict,
    policy,
    images,
    sum: sumOf(report),
    report,
  })
}

/** What `formatResult` wrote; the problem says why another line is not that. */
export function parseResult(line: string): Result<UnitResult> {
  const value = readJsonLine(line)
  if (!isObject(value) || value.type !== 'result') return fail('is not a result of --stream')
  if (value.format !== FORMAT) return fail(`is a result of format ${JSON.stringify(value.format)}, expected ${FORMAT}`)
  const {total, places, key, report, sum} = value
  const isComplete = typeof total === 'number' && isPlaces(places) && typeof key === 'string' && isObject(report)
  if (!isComplete || sumOf(report) !== sum) return fail('is cut or was changed: its checksum is not that of its report')
  // The checksum says that a program of ours wrote it, in this format: who can forge it could as well forge a report.
  return ok({total, places, key, report: report as unknown as Report})
}

/** What is needed to know whether a result still holds. */
export function indexOf({total, places, key, report}: UnitResult): ResultIndex {
  const images = report.images.map(({reference, digest, problem}) => ({
    ...(digest === undefined ? {reference} : {reference, digest}),
    isRead: problem === undefined,
  }))
  return {total, places, key, images, verdict: report.verdict}
}

/** What a unit is known by: its images, in their order. */
export function nameOfUnit(references: readonly string[]): string {
  return JSON.stringify(references)
}

export function referencesOf({images}: Unit): readonly string[] {
  return images.map(({text}) => text)
}

function isPlaces(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every(place => Number.isSafeInteger(place) && place >= 0)
}

function sumOf(report: object): string {
  // A report is plain data; what is undefined in it is not written.
  const json = canonicalJson(report as JsonValue)
  return `sha256:${createHash('sha256').update(json).digest('hex')}`
}
