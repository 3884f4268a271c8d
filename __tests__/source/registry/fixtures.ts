import {parseReference} from '../../../src/image/reference.ts'
import {createLimiter} from '../../../src/lib/concurrency.ts'
import {openRegistry, type RegistryEnvironment} from '../../../src/source/registry/open-registry.ts'
import {buildElf} from '../../support/elf-builder.ts'
import {gatherImage} from '../../support/gather-image.ts'
import {type BuildPlatform, buildImage} from '../../support/image-builder.ts'
import {type RegistryServer, type RegistryServerOptions, startRegistryServer} from '../../support/registry-server.ts'
import {testClock} from '../../support/test-clock.ts'

const EM = {amd64: 62, arm64: 183} as const

/** A static program on top of a base of `baseSize` random bytes. */
export function smallOnLarge(architecture: keyof typeof EM, baseSize = 200_000): BuildPlatform {
  const noise = incompressible(baseSize)
  return {
    platform: {os: 'linux', architecture},
    // A user by name: the base has to be asked who that is.
    process: {Entrypoint: ['/app'], User: 'root'},
    layers: [
      {
        'etc/': '',
        'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
        'etc/group': 'root:x:0:\n',
        'usr/': '',
        'usr/data': noise,
      },
      {app: {content: buildElf({machine: EM[architecture]}), mode: 0o755}},
    ],
  }
}

export const TWO_PLATFORMS = buildImage([smallOnLarge('amd64'), smallOnLarge('arm64')])

/** The same bytes each time, as random as they need to be. */
function incompressible(size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let state = 1
  for (let at = 0; at < size; at += 1) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[at] = state
  }
  return bytes
}

/** Runs a test against a server that holds TWO_PLATFORMS as `org/app:1`. */
export async function withServer(
  options: RegistryServerOptions,
  body: (server: RegistryServer) => Promise<void>,
): Promise<void> {
  const server = await startRegistryServer(options)
  try {
    server.push('org/app', TWO_PLATFORMS, '1')
    await body(server)
  } finally {
    await server.stop()
  }
}

/** Nothing of the machine that the tests run on: no credentials, no proxies. */
export const NO_ENV = {HOME: '/nonexistent', XDG_RUNTIME_DIR: '/nonexistent', PATH: '/nonexistent'}

/** Opens a reference and reads all that a check reads of it. */
export async function readImage(text: string, surroundings: Partial<RegistryEnvironment> = {}) {
  const reference = parseReference(text)
  if (!reference.ok) throw new Error(reference.problem)
  const source = openRegistry(
    {text, reference: reference.value},
    {env: NO_ENV, signal: new AbortController().signal, clock: testClock(), idleLimit: 2000, ...surroundings},
  )
  try {
    return await gatherImage(source, {required: undefined, scope: 'entrypoint'}, createLimiter(2))
  } finally {
    await source.close()
  }
}

/** Why an image, or a platform of it, cannot be read. */
export async function failureOf(reading: ReturnType<typeof readImage>): Promise<unknown> {
  try {
    const facts = await reading
    return facts.unreadable[0]
  } catch (thrown) {
    return thrown
  }
}
