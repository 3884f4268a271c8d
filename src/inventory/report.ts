import {isObject} from '../lib/is-object.ts'
import {readJsonLine} from '../lib/json-line.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import type {Inventory} from './inventory.ts'

/** Whether a mapping is a JSON report of this program (docs/schema/report-v1.schema.json). */
export function isReport(value: Readonly<Record<string, unknown>>): boolean {
  return typeof value.schemaVersion === 'number' && isObject(value.tool) && Array.isArray(value.images)
}

/** The references of a report, those that could not be checked among them. */
export function readReport({images}: Readonly<Record<string, unknown>>): Inventory {
  return inventoryOf((Array.isArray(images) ? images : []).map(referenceOf))
}

/** Whether a text begins as a report in JSON Lines does: with an object whose `type` is `report`. */
export function isReportLine(text: string): boolean {
  return /^\{ *"type": *"report"/.test(text.trimStart())
}

/** The references of a report in JSON Lines; the problem has the line that cannot be parsed. */
export function readReportLines(text: string): Result<Inventory> {
  const references: (string | undefined)[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const value = readJsonLine(line)
    if (value === undefined) return fail(`${index + 1}: cannot be parsed as JSON`)
    if (isObject(value) && value.type === 'image') references.push(referenceOf(value))
  }
  return ok(inventoryOf(references))
}

function inventoryOf(references: readonly (string | undefined)[]): Inventory {
  return {
    images: references.flatMap(text => (text === undefined ? [] : [{text, place: ''}])),
    leftOut: [],
  }
}

function referenceOf(image: unknown): string | undefined {
  return isObject(image) && typeof image.reference === 'string' ? image.reference : undefined
}
