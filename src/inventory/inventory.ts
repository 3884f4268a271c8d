/** The layers of an image's first platform, from the bottom, in bytes; and how many platforms it has. */
export interface LayerSizes {
  readonly platforms: number
  readonly layers: readonly (readonly [digest: string, size: number])[]
}

/** An image that a list or a document names, and where. */
export interface NamedImage {
  /** As it is written there: a reference, perhaps with a transport. */
  readonly text: string
  /** `3` of a list, `12:16` of a YAML document; empty where a document has no lines worth counting. */
  readonly place: string
  /** Of a plan that was made with sizes. */
  readonly sizes?: LayerSizes
}

/** What looks like an image and was not taken. */
export interface LeftOut {
  readonly place: string
  /** What it is, and why: `services.web has no image, only a build`. */
  readonly what: string
}

/** What one document holds. */
export interface Inventory {
  /** In the order in which they are written, with repetitions. */
  readonly images: readonly NamedImage[]
  readonly leftOut: readonly LeftOut[]
}

export const NOTHING: Inventory = {images: [], leftOut: []}

export function joinInventories(parts: readonly Inventory[]): Inventory {
  return {images: parts.flatMap(({images}) => images), leftOut: parts.flatMap(({leftOut}) => leftOut)}
}
