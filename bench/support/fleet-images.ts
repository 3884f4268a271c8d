import {buildElf} from '../../__tests__/support/elf-builder.ts'
import {
  type BuildPlatform,
  type BuiltImage,
  buildImage,
  type LayerFiles,
} from '../../__tests__/support/image-builder.ts'

/** Images of a fleet, and the names under which each is pushed: `team-3/app-12:1.4.2`. */
export interface FleetImage {
  readonly image: BuiltImage
  readonly repository: string
  readonly tags: readonly string[]
}

/**
 * `own`: every image has a repository of its own, and nothing in common with another but its base. `releases`: a
 * repository has one release under the four tags that docker/metadata-action makes of a version (`1.4.2`, `1.4`, `1`,
 * `latest`), and each of them is an image of the inventory.
 */
export const SHAPES = ['own', 'releases'] as const
export type Shape = (typeof SHAPES)[number]

const TAGS: Readonly<Record<Shape, readonly string[]>> = {own: ['1.4.2'], releases: ['1.4.2', '1.4', '1', 'latest']}
const BASES = 60
const TEAMS = 12
/** One image in so many is wrong: its arm64 has the program of amd64. */
const WRONG = 20
const PLATFORMS = [
  {architecture: 'amd64', machine: 62, align: 0x1000},
  {architecture: 'arm64', machine: 183, align: 0x10000},
] as const

/** So many images (names of the inventory) of two platforms, on 60 distinct bases. */
export function* fleetImages(count: number, shape: Shape): Generator<FleetImage> {
  const tags = TAGS[shape]
  const bases = Array.from({length: BASES}, (_, base) => PLATFORMS.map(platform => baseLayer(base, platform)))
  for (let at = 0; at * tags.length < count; at += 1) {
    const platforms = PLATFORMS.map(({architecture, machine, align}, which): BuildPlatform => {
      const isWrong = at % WRONG === WRONG - 1 && architecture === 'arm64'
      const program = buildElf(isWrong ? {machine: 62} : {machine, align})
      return {
        platform: {os: 'linux', architecture},
        process: {Entrypoint: ['/app'], Labels: {number: String(at)}},
        layers: [
          bases[at % BASES]?.[which] ?? {},
          {app: {content: Buffer.concat([program, Buffer.from(`${at} ${architecture}`)]), mode: 0o755}},
        ],
      }
    })
    yield {
      image: buildImage(platforms),
      repository: `team-${at % TEAMS}/app-${at}`,
      tags: tags.slice(0, count - at * tags.length),
    }
  }
}

/** Two hundred files, twenty of them programs, about as many as a small base has. */
function baseLayer(base: number, {machine, align, architecture}: (typeof PLATFORMS)[number]): LayerFiles {
  const program = buildElf({machine, align})
  const files: Record<string, LayerFiles[string]> = {
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    'etc/release': `base ${base} ${architecture}`,
  }
  for (let at = 0; at < 20; at += 1) files[`usr/bin/tool-${at}`] = {content: program, mode: 0o755}
  for (let at = 0; at < 180; at += 1)
    files[`usr/share/doc-${Math.floor(at / 20)}/text-${at}`] = `${base} ${at}\n`.repeat(40)
  return files
}
