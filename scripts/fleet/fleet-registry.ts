import {buildElf} from '../../__tests__/support/elf-builder.ts'
import {type BuiltImage, buildImage} from '../../__tests__/support/image-builder.ts'
import {type Fault, type RegistryServer, startRegistryServer} from '../../__tests__/support/registry-server.ts'

/** What is wrong with an image of the fleet, or with the way to it. */
export const KINDS = ['right', 'wrong', 'no layer', 'no manifest', 'gone', 'denied', 'limited', 'slow'] as const
export type Kind = (typeof KINDS)[number]

/** Whether an image of this kind could be checked, and passes. */
export const OUTCOMES: Readonly<Record<Kind, 'passed' | 'failed' | 'unchecked'>> = {
  right: 'passed',
  limited: 'passed',
  slow: 'passed',
  wrong: 'failed',
  'no layer': 'failed',
  'no manifest': 'failed',
  gone: 'unchecked',
  denied: 'unchecked',
}

export interface FleetRegistry {
  readonly server: RegistryServer
  /** In the order of the inventory. */
  readonly images: readonly {readonly name: string; readonly kind: Kind}[]
}

/** How many bases the images stand on. */
const BASES = 60
const REPOSITORIES = 40

/** A registry with so many images of two platforms: most are right, and some are wrong in every way. */
export async function startFleetRegistry(count: number): Promise<FleetRegistry> {
  const faults = new Map<string, Kind>()
  const server = await startRegistryServer({
    fault: ({url}, asked) => faultOf(faults.get(url.replace(/^\/v2\/(.*)\/manifests\//, '$1:')), asked),
  })
  const images = Array.from({length: count}, (_, at) => {
    const kind = kindOf(at)
    const name = `team${at % 7}/app${at % REPOSITORIES}`
    const tag = `v${at}`
    if (kind !== 'gone') server.push(name, imageOf(at, kind, server), tag)
    if (kind === 'denied' || kind === 'limited' || kind === 'slow') {
      faults.set(`${name}:${tag}`, kind)
    }
    return {name: `${server.host}/${name}:${tag}`, kind}
  })
  return {server, images}
}

/** By numbers that have no divisor in common, so that kinds fall into all parts. */
function kindOf(at: number): Kind {
  if (at % 17 === 3) return 'wrong'
  if (at % 29 === 11) return 'limited'
  if (at % 37 === 13) return 'slow'
  if (at % 41 === 5) return 'no layer'
  // The program asks for a digest for 15 seconds, because it may just have been pushed: a few are enough.
  if (at % 331 === 330) return 'no manifest'
  if (at % 53 === 7) return 'gone'
  return at % 59 === 19 ? 'denied' : 'right'
}

/**
 * What happens to the request for the tag. Nothing is limited for good: a registry that refuses once more after every
 * wait is asked no more by a run, so that what it reads depends on when.
 */
function faultOf(kind: Kind | undefined, asked: number): Fault | undefined {
  switch (kind) {
    case 'denied':
      return {kind: 'status', status: 403, body: '{"errors":[{"code":"DENIED","message":"not for you"}]}'}
    case 'limited':
      if (asked > 1) return undefined
      return {
        ...{kind: 'status', status: 429, headers: {'retry-after': '1'}},
        body: '{"errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}',
      }
    case 'slow':
      return {kind: 'drip', pause: 1}
    default:
      return undefined
  }
}

function imageOf(at: number, kind: Kind, server: RegistryServer): BuiltImage {
  const platform = (architecture: string, machine: number) => ({
    ...{platform: {os: 'linux', architecture}, process: {Entrypoint: ['/app']}},
    layers: [
      {[`usr/lib/base${at % BASES}`]: {content: `${architecture} ${at % BASES}`, mode: 0o644}},
      {app: {content: Buffer.concat([buildElf({machine, align: 0x10000}), Buffer.from(`${at}`)]), mode: 0o755}},
    ],
  })
  const image = buildImage([platform('amd64', 62), platform('arm64', kind === 'wrong' ? 62 : 183)])
  const arm64 = image.platforms[1]
  if (kind !== 'no layer' && kind !== 'no manifest') return image
  const lost = kind === 'no layer' ? arm64?.layers[1]?.digest : arm64?.manifest.digest
  // Never pushed: what else has the same digest stays.
  const blobs = new Map(image.blobs)
  if (lost !== undefined) {
    blobs.delete(lost)
    server.remove(lost)
  }
  return {...image, blobs}
}
