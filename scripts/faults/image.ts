import {buildElf} from '../../__tests__/support/elf-builder.ts'
import {type BuiltImage, buildImage, type LayerFiles} from '../../__tests__/support/image-builder.ts'
import {seededRandom} from '../kernel/random.ts'

const EM = {amd64: 62, arm64: 183} as const
type Architecture = keyof typeof EM

/** The files of one platform, layer by layer: what starts is a link to a program on top of a base. */
export function layersFor(architecture: Architecture, program: Architecture = architecture): readonly LayerFiles[] {
  const base: LayerFiles = {
    'bin/': '',
    'bin/sh': {content: buildElf({machine: EM[architecture]}), mode: 0o755},
    'etc/': '',
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    'etc/group': 'root:x:0:\n',
    'usr/': '',
    'usr/bin/': '',
    // So large that it comes in several pieces.
    'usr/data': noise(150_000),
  }
  return [
    base,
    {
      app: {link: 'usr/bin/app'},
      'usr/bin/app': {content: Buffer.concat([buildElf({machine: EM[program]}), noise(5_000)]), mode: 0o755},
    },
  ]
}

export const PLATFORMS = ['amd64', 'arm64'] as const

/** An index of two platforms that both start. */
export const GOOD_IMAGE: BuiltImage = imageOf(platform => layersFor(platform))
/** The same, but linux/arm64 starts an amd64 program: the program asks for more, to say where that came from. */
export const WRONG_IMAGE: BuiltImage = imageOf(platform => layersFor(platform, 'amd64'))

function imageOf(layers: (platform: Architecture) => readonly LayerFiles[]): BuiltImage {
  return buildImage(
    PLATFORMS.map(architecture => ({
      platform: {os: 'linux', architecture},
      // A user by name: the base has to be asked who that is.
      process: {Entrypoint: ['/app'], User: 'root'},
      layers: layers(architecture),
    })),
  )
}

function noise(size: number): Uint8Array {
  const random = seededRandom(size)
  return Uint8Array.from({length: size}, () => random.below(256))
}
