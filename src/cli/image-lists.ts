import {messageOf, UsageError} from '../errors.ts'
import type {LayerSizes} from '../inventory/index.ts'

/** Reads a file that a flag names; `-` is standard input. */
export type ReadFile = (path: string) => Promise<string>

/** What the files of --images-from name. */
export interface ImageLists {
  readonly images: readonly string[]
  /** What looks like an image and is not one to check: `k8s.yaml:12:3: spec.image of …`. */
  readonly leftOut: readonly string[]
  /** Of images in a plan that was made with sizes. */
  readonly sizes: ReadonlyMap<string, LayerSizes>
}

/**
 * Reads the files, one after the other (`-` is standard input). Throws a UsageError that has all that is wrong in them,
 * each with its file, line and column.
 */
export async function readImageLists(files: readonly string[], readFile: ReadFile): Promise<ImageLists> {
  if (files.length === 0) return {images: [], leftOut: [], sizes: new Map()}
  // Only this flag needs a reader of YAML.
  const {parseInventory} = await import('../inventory/index.ts')
  const images: string[] = []
  const leftOut: string[] = []
  const problems: string[] = []
  const sizes = new Map<string, LayerSizes>()
  for (const file of files) {
    const name = file === '-' ? 'standard input' : file
    const at = (text: string): string => (/^\d/.test(text) ? `${name}:${text}` : `${name}: ${text}`)
    const inventory = parseInventory(await readText(file, name, readFile))
    if (!inventory.ok) {
      problems.push(...inventory.problem.split('\n').map(at))
      continue
    }
    images.push(...inventory.value.images.map(({text}) => text))
    for (const image of inventory.value.images) if (image.sizes) sizes.set(image.text, image.sizes)
    leftOut.push(...inventory.value.leftOut.map(({place, what}) => at(`${place}: ${what}`)))
  }
  if (problems.length > 0) throw new UsageError(problems.map(problem => `--images-from: ${problem}`).join('\n'))
  return {images, leftOut, sizes}
}

async function readText(file: string, name: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(file)
  } catch (thrown) {
    throw new UsageError(`--images-from: ${name} cannot be read: ${messageOf(thrown)}`, {cause: thrown})
  }
}
