import {nearestName} from '../lib/nearest.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import {parseReference, type Reference} from './reference.ts'

/** Where an image is, spelled with skopeo's transports (containers-transports(5)). */
export type Location =
  /** A bare reference: the docker engine reads it, or the registry is read, as the user chooses. */
  | {readonly transport: 'docker'; readonly text: string; readonly reference: Reference}
  /** `docker://REF`: the registry is read, without an engine. */
  | {readonly transport: 'registry'; readonly text: string; readonly reference: Reference}
  /** `docker-daemon:REF`: only what the engine already holds. */
  | {readonly transport: 'docker-daemon'; readonly text: string; readonly reference: Reference}
  /** `oci:DIR[:TAG]` */
  | {readonly transport: 'oci'; readonly text: string; readonly path: string; readonly tag: string | undefined}
  /** `oci-archive:FILE[:TAG]` */
  | {readonly transport: 'oci-archive'; readonly text: string; readonly path: string; readonly tag: string | undefined}
  /** `docker-archive:FILE[:NAME:TAG|@N]` */
  | {
      readonly transport: 'docker-archive'
      readonly text: string
      readonly path: string
      readonly image: string | undefined
    }

/** How a user spells each transport; a bare reference has none. */
const FORMS = {
  registry: 'docker://REF',
  'docker-daemon': 'docker-daemon:REF',
  oci: 'oci:DIR[:TAG]',
  'oci-archive': 'oci-archive:FILE[:TAG]',
  'docker-archive': 'docker-archive:FILE[:REF]',
} as const
type Prefixed = keyof typeof FORMS

const PREFIXES: readonly (readonly [prefix: string, transport: Prefixed])[] = [
  ['docker://', 'registry'],
  ['docker-daemon:', 'docker-daemon'],
  ['oci-archive:', 'oci-archive'],
  ['docker-archive:', 'docker-archive'],
  ['oci:', 'oci'],
]

/** skopeo's other transports, and addresses of web pages: no image names, whatever their letters say. */
const FOREIGN = /^(?:([a-z][a-z0-9+.-]*):\/\/|(dir|containers-storage|ostree|sif|tarball):)/

/** What is meant by the transports of others, where it is plain. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['https', 'docker://REF, without https://'],
  ['http', 'docker://REF, without http://'],
  ['registry', 'docker://REF'],
  ['file', 'oci-archive:FILE or docker-archive:FILE'],
  ['tarball', 'oci-archive:FILE or docker-archive:FILE'],
  ['dir', 'oci:DIR, which skopeo copy … oci:DIR makes'],
  ['docker-image', 'docker://REF'],
])

/**
 * `oci-archve:image.tar`: a word that is nearly a transport, before a path. A host with a port and a tag are none, and
 * `docker` is an image, too.
 */
function refuseMisspelt(text: string): Result<never> | undefined {
  const [, word = '', rest = ''] = /^([a-z]+-[a-z]+):(.+)$/s.exec(text) ?? []
  if (word === '' || /^\d+\//.test(rest) || !(rest.includes('/') || rest.endsWith('.tar'))) return undefined
  const meant = nearestName(word, ['oci-archive', 'docker-archive', 'docker-daemon'], 2)
  return meant === undefined
    ? undefined
    : fail(`${JSON.stringify(text)}: there is no transport ${word}; did you mean ${meant}:${rest}?`)
}

/** `ghcr.io/org/app@`: what a workflow makes of a step without an output. */
function refuseEmptyDigest(text: string): Result<never> | undefined {
  return /[^@]@(?:sha256:?)?$/.test(text)
    ? fail(
        `${JSON.stringify(text)} has no digest behind @: the output that it is taken from is empty (is the id of the step right, and does it push?)`,
      )
    : undefined
}

/** Parses one image as a user writes it. */
export function parseLocation(text: string): Result<Location> {
  const [prefix, transport] = PREFIXES.find(([start]) => text.startsWith(start)) ?? ['', undefined]
  const rest = text.slice(prefix.length)
  switch (transport) {
    case undefined:
      return refuseForeign(text) ?? refuseMisspelt(text) ?? withReference(text, text, 'docker')
    case 'registry':
    case 'docker-daemon':
      return withReference(text, rest, transport)
    case 'oci':
    case 'oci-archive': {
      const split = splitPath(text, rest, transport)
      return split.ok ? ok({transport, text, path: split.value.path, tag: split.value.name}) : split
    }
    case 'docker-archive': {
      const split = splitArchive(text, rest)
      return split.ok ? ok({transport, text, path: split.value.path, image: split.value.name}) : split
    }
  }
}

function refuseForeign(text: string): Result<never> | undefined {
  const foreign = FOREIGN.exec(text)
  if (!foreign) return undefined
  const known = ['NAME[:TAG][@DIGEST]', ...Object.values(FORMS)].join(', ')
  const meant = MEANT.get(foreign[1] ?? foreign[2] ?? '')
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return fail(
    `${JSON.stringify(text)} has the transport ${foreign[1] ?? foreign[2]}, which is not supported: expected ${known}${hint}`,
  )
}

function withReference(
  text: string,
  name: string,
  transport: 'docker' | 'registry' | 'docker-daemon',
): Result<Location> {
  const empty = refuseEmptyDigest(text)
  if (empty) return empty
  const reference = parseReference(name)
  return reference.ok ? ok({transport, text, reference: reference.value}) : reference
}

interface Split {
  readonly path: string
  readonly name: string | undefined
}

/** The tag starts at the last colon that has no slash after it: `oci:C:/layouts/app` is a directory on Windows. */
function splitPath(text: string, rest: string, transport: Prefixed): Result<Split> {
  const colon = rest.lastIndexOf(':')
  const hasTag = colon > 0 && !/[/\\]/.test(rest.slice(colon + 1))
  return checkSplit(
    text,
    transport,
    hasTag ? {path: rest.slice(0, colon), name: rest.slice(colon + 1)} : {path: rest, name: undefined},
  )
}

/**
 * Here a whole reference may follow, with slashes and colons of its own: the file ends at the
 * first colon, a drive's letter left out.
 */
function splitArchive(text: string, rest: string): Result<Split> {
  const colon = rest.indexOf(':', /^[A-Za-z]:[/\\]/.test(rest) ? 2 : 0)
  return checkSplit(
    text,
    'docker-archive',
    colon < 0 ? {path: rest, name: undefined} : {path: rest.slice(0, colon), name: rest.slice(colon + 1)},
  )
}

function checkSplit(text: string, transport: Prefixed, split: Split): Result<Split> {
  if (split.path === '')
    return fail(
      `${JSON.stringify(text)} names no ${transport === 'oci' ? 'directory' : 'file'}: expected ${FORMS[transport]}`,
    )
  if (split.name === '') return fail(`${JSON.stringify(text)} ends in a colon: expected ${FORMS[transport]}`)
  return ok(split)
}
