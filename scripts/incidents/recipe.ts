import type {LayoutFile, LayoutImage, LayoutPlatform} from '../support/layout-builder.ts'
import {isMachine, type MachineName} from './machines.ts'

/** What is checked in one run: images, and what the publisher asks of them. */
export interface Scene {
  readonly images: readonly LayoutImage[]
  /** The platforms that must be there; every platform of the index where nothing is said. */
  readonly platforms?: readonly string[]
  readonly baseline?: LayoutImage
  /** The index names manifests that are not there. */
  readonly lacksManifests?: boolean
}

/** The finding that must be there. */
export interface Expected {
  readonly rule: string
  readonly platform: string
  /** The file as the image names it; absent where the finding is about a whole platform. */
  readonly path?: string
  /** Where the path's links lead. */
  readonly resolved?: string
  /** What the message must name besides. */
  readonly says?: string
  /**
   * `warning`: an error is not asked for, only that it is told. Such a finding fails
   * a job with `fail-on: warning` only.
   */
  readonly level?: 'warning'
  /** Which of the scene's images; any where nothing is said. */
  readonly image?: number
}

/** An incident as images: what was published, which must fail as expected, and the same mended, which must pass. */
export interface Recipe {
  /** An incident's or a control's id. */
  readonly id: string
  /** Where one incident is told in several ways. */
  readonly way?: string
  readonly broken: Scene
  readonly repaired: Scene
  /** Empty where `unseen` says why, and there only. */
  readonly finds: readonly Expected[]
  /** Why nothing static can tell: it counts as missed, and the suite says so when that is no longer true. */
  readonly unseen?: string
}

/** The root filesystem of one platform, layer by layer, and the process part of its config. */
export interface Contents {
  readonly layers: readonly (readonly LayoutFile[])[]
  readonly process: Readonly<Record<string, unknown>>
}

export type Files = (machine: MachineName) => readonly LayoutFile[]

/** A fault in the contents of some platforms of an index whose other platforms are right. */
export interface Fault {
  readonly id: string
  readonly way?: string
  /** The platforms that are wrong; linux/arm64 where nothing is said. */
  readonly on?: string | readonly string[]
  /** The others of the index; linux/amd64 and linux/arm64 where nothing is said. */
  readonly beside?: readonly string[]
  readonly wrong: (machine: MachineName) => Contents
  readonly right: (machine: MachineName) => Contents
  /** On each of the platforms that are wrong. */
  readonly finds: readonly Omit<Expected, 'platform'>[]
  /** A tag of its own for the one platform: a manifest without an index. */
  readonly lone?: boolean
  readonly unseen?: string
}

/** The recipe of a fault in what platforms hold. */
export function faulty({on = 'linux/arm64', beside, wrong, right, finds, lone = false, ...more}: Fault): Recipe {
  const faults = typeof on === 'string' ? [on] : on
  const platforms = lone ? faults : [...new Set([...(beside ?? ['linux/amd64', 'linux/arm64']), ...faults])]
  const image = (isBroken: boolean): LayoutImage => ({
    platforms: platforms.map(platform =>
      platformOf(platform, (isBroken && faults.includes(platform) ? wrong : right)(machineOf(platform))),
    ),
    ...(lone ? {root: 'manifest' as const} : {}),
  })
  return {
    ...more,
    broken: {images: [image(true)]},
    repaired: {images: [image(false)]},
    finds: finds.flatMap(found => faults.map(platform => ({...found, platform}))),
  }
}

/** Programs that were built for, or downloaded for, the wrong machine. */
export interface Misbuild {
  readonly id: string
  readonly way?: string
  readonly on?: string | readonly string[]
  readonly beside?: readonly string[]
  readonly lone?: boolean
  /** What the wrong parts are programs of; amd64 where nothing is said. */
  readonly built?: MachineName
  /** Which parts are wrong: `base`, or those that `files` asks for. */
  readonly parts: readonly string[]
  readonly base?: Files
  readonly files: (of: (part: string) => MachineName) => readonly LayoutFile[]
  readonly process: Contents['process']
  readonly finds: readonly Partial<Expected>[]
}

/**
 * The recipe of programs of the wrong machine: the same files, with the named parts of one machine on every platform.
 */
export function misbuilt({built = 'amd64', parts, base, files, process, finds, ...fault}: Misbuild): Recipe {
  const contents = (of: (part: string) => MachineName): Contents => ({
    layers: [base?.(of('base')) ?? [], files(of)].filter(layer => layer.length > 0),
    process,
  })
  return faulty({
    ...fault,
    wrong: machine => contents(part => (parts.includes(part) ? built : machine)),
    right: machine => contents(() => machine),
    finds: finds.map(found => ({rule: 'wrong-machine', ...found})),
  })
}

/** One platform's manifest and config around its contents. */
export function platformOf(platform: string, {layers, process}: Contents): LayoutPlatform {
  return {platform, config: process, layers: layers.map(files => ({files}))}
}

/** `arm/v7` of `linux/arm/v7`, and of `linux/arm`. */
export function machineOf(platform: string): MachineName {
  const [, architecture = '', variant] = platform.split('/')
  const name = architecture === 'arm' ? `arm/${variant ?? 'v7'}` : architecture
  if (!isMachine(name)) throw new Error(`no programs for ${platform} here`)
  return name
}
