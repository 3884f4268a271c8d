import {fail, ok, type Result} from '../lib/result.ts'
import {parseReference, type Reference} from './reference.ts'

/** Where an image is, spelled with skopeo's transports (containers-transports(5)). */
export type Location =
  /** A bare reference: the docker engine reads it. */
  | {readonly transport: 'docker'; readonly text: string; readonly reference: Reference}
  /** `docker-daemon:REF`: only what the engine already holds. */
  | {readonly transport: 'docker-daemon'; readonly text: string; readonly reference: Reference}
  /** `oci:DIR[:TAG]` */
  | {readonly transport: 'oci'; readonly text: string; readonly directory: string; readonly tag: string | undefined}

const TRANSPORTS = ['oci', 'docker-daemon'] as const

/** Parses one image as a user writes it. */
export function parseLocation(text: string): Result<Location> {
  const transport = TRANSPORTS.find(name => text.startsWith(`${name}:`))
  switch (transport) {
    case 'oci':
      return parseLayout(text, text.slice('oci:'.length))
    case 'docker-daemon':
      return withReference(text, text.slice('docker-daemon:'.length), 'docker-daemon')
    case undefined: {
      const foreign = /^(?:([a-z-]+):\/\/|(docker-archive|oci-archive|dir|containers-storage|ostree):)/.exec(text)
      if (foreign) {
        return fail(
          `${JSON.stringify(text)} is with the transport ${foreign[1] ?? foreign[2]}, which is not read: expected NAME[:TAG][@DIGEST], ${TRANSPORTS.map(name => `${name}:…`).join(' or ')}`,
        )
      }
      return withReference(text, text, 'docker')
    }
  }
}

function withReference(text: string, name: string, transport: 'docker' | 'docker-daemon'): Result<Location> {
  const reference = parseReference(name)
  return reference.ok ? ok({transport, text, reference: reference.value}) : reference
}

/** The tag starts at the last colon that has no slash after it: `oci:C:/layouts/app` is a directory on Windows. */
function parseLayout(text: string, rest: string): Result<Location> {
  const colon = rest.lastIndexOf(':')
  const hasTag = colon > 0 && !/[/\\]/.test(rest.slice(colon + 1))
  const directory = hasTag ? rest.slice(0, colon) : rest
  const tag = hasTag ? rest.slice(colon + 1) : undefined
  if (directory === '') return fail(`${JSON.stringify(text)} names no directory: expected oci:DIR[:TAG]`)
  if (tag === '') return fail(`${JSON.stringify(text)} ends in a colon: expected oci:DIR[:TAG]`)
  return ok({transport: 'oci', text, directory, tag})
}
