import {messageOf, UsageError} from '../errors.ts'
import type {LayerSizes, ListedImages, RegistryListing} from '../inventory/index.ts'

/** Reads a file that a flag names; `-` is standard input. */
export type ReadFile = (path: string) => Promise<string>

/** Asks a registry what it has. */
export type ListRegistry = (listing: RegistryListing, insecureRegistries: readonly string[]) => Promise<ListedImages>

/** How images are found that --images-from names. */
export interface ImageFinders {
  readonly readFile: ReadFile
  /** Without it no registry can be named. */
  readonly listRegistry?: ListRegistry | undefined
  readonly insecureRegistries?: readonly string[]
}

/** What the files of --images-from name. */
export interface ImageLists {
  readonly images: readonly string[]
  /** What looks like an image and is not one to check: `k8s.yaml:12:3: spec.image of …`. */
  readonly leftOut: readonly string[]
  /** Of images in a plan that was made with sizes. */
  readonly sizes: ReadonlyMap<string, LayerSizes>
}

/**
 * Reads the files (`-` is standard input) and lists the registries (`registry:…`), one after the other. Throws a
 * UsageError that has all that is wrong in them, each with its file, line and column.
 */
export async function readImageLists(
  files: readonly string[],
  {readFile, listRegistry, insecureRegistries = []}: ImageFinders,
): Promise<ImageLists> {
  if (files.length === 0) return {images: [], leftOut: [], sizes: new Map()}
  // Only this flag needs a reader of YAML.
  const {isRegistryListing, parseInventory, parseRegistryListing} = await import('../inventory/index.ts')
  const images: string[] = []
  const leftOut: string[] = []
  const problems: string[] = []
  const sizes = new Map<string, LayerSizes>()
  const list = async (listing: RegistryListing): Promise<ListedImages> => {
    if (listRegistry === undefined)
      throw new UsageError(`--images-from: ${listing.text}: no registry can be listed here`)
    return listRegistry(listing, insecureRegistries)
  }
  for (const file of files) {
    if (isRegistryListing(file)) {
      const listing = parseRegistryListing(file)
      if (!listing.ok) {
        problems.push(listing.problem)
        continue
      }
      const listed = await list(listing.value)
      if (listed.images.length === 0) problems.push(nothingIn(file, listed))
      images.push(...listed.images)
      leftOut.push(...listed.leftOut)
      continue
    }
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

function nothingIn(text: string, {leftOut}: ListedImages): string {
  return `${text} names no image: ${leftOut[0] ?? 'the registry has no repository and no tag like that'}`
}

async function readText(file: string, name: string, readFile: ReadFile): Promise<string> {
  try {
    return await readFile(file)
  } catch (thrown) {
    throw new UsageError(`--images-from: ${name} cannot be read: ${messageOf(thrown)}`, {cause: thrown})
  }
}
