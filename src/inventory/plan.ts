import {isObject} from '../lib/is-object.ts'
import {readJsonLine} from '../lib/json-line.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import type {Inventory, LayerSizes, NamedImage} from './inventory.ts'

/** What is kept of a digest: enough to tell layers apart. */
const DIGITS = 16

/** One image of a plan, as a line of JSON. */
export function formatPlanLine(image: string, sizes: LayerSizes | undefined): string {
  const short = sizes?.layers.map(([digest, size]) => [digest.replace(/^.*:/, '').slice(0, DIGITS), size])
  return `${JSON.stringify({type: 'plan', image, platforms: sizes?.platforms, layers: short})}\n`
}

/** Whether a text begins as a plan does. */
export function isPlanLine(text: string): boolean {
  return /^\{ *"type": *"plan"/.test(text.trimStart())
}

/** The images of a plan, with what is known of their sizes; the problem has the line that is none of a plan. */
export function readPlanLines(text: string): Result<Inventory> {
  const images: NamedImage[] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const value = readJsonLine(line)
    const place = String(index + 1)
    if (!isObject(value) || value.type !== 'plan' || typeof value.image !== 'string') {
      return fail(`${place}: expected a line of a plan, {"type":"plan","image":…}`)
    }
    const {image, platforms, layers} = value
    if (platforms === undefined && layers === undefined) {
      images.push({text: image, place})
      continue
    }
    if (!isSize(platforms) || !Array.isArray(layers) || !layers.every(isLayer)) {
      return fail(`${place}: expected a number of platforms, and layers with a digest and a size each`)
    }
    images.push({text: image, place, sizes: {platforms, layers}})
  }
  return ok({images, leftOut: []})
}

function isLayer(value: unknown): value is readonly [string, number] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && isSize(value[1])
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}
