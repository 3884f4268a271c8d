import {isObject} from '../lib/is-object.ts'
import {type Decoder, INVALID, object, optional, parseJson, recordOf, string} from '../lib/json.ts'
import {fail, ok, type Result} from '../lib/result.ts'

/**
 * What a build says it made: one target's part of the `metadata` output of
 * docker/build-push-action or docker/bake-action.
 */
interface Target {
  /** Comma-separated tags. */
  readonly 'image.name': string | undefined
  /** Of the index or manifest; with `load: true` in the classic store that of the config. */
  readonly 'containerimage.digest': string | undefined
  readonly 'containerimage.config.digest': string | undefined
  readonly 'containerimage.descriptor': unknown
}

const anything: Decoder<unknown> = value => value

const target: Decoder<Target> = object<Target>({
  'image.name': optional(string),
  'containerimage.digest': optional(string),
  'containerimage.config.digest': optional(string),
  'containerimage.descriptor': optional(anything),
})

/** The keys that a build's own metadata has; bake has them one level down, by target. */
const BUILD_KEYS = ['image.name', 'containerimage.digest', 'containerimage.config.digest', 'containerimage.descriptor']

/**
 * The images that a `metadata` output names, as a user would write them: `name@digest` of what was pushed (each
 * repository once), `docker-daemon:name` of what was only loaded. The problem says which key is missing or wrong.
 */
export function parseMetadata(text: string): Result<readonly string[]> {
  const bytes = new TextEncoder().encode(text)
  const outer = parseJson(bytes, recordOf(anything))
  if (!outer.ok) return fail(`is not metadata of docker/build-push-action or docker/bake-action: ${outer.problem}`)
  if (BUILD_KEYS.some(key => Object.hasOwn(outer.value, key))) return imagesOf(outer.value, '')
  // Bake adds keys of its own beside the targets: buildx.build.ref, buildx.build.warnings.
  const targets = Object.entries(outer.value).filter(([name, value]) => !name.startsWith('buildx.') && isObject(value))
  if (targets.length === 0) {
    return fail(
      `names no image: expected the key ${JSON.stringify(BUILD_KEYS[0])}, or targets that have it, got ${keysOf(outer.value)}`,
    )
  }
  const images: string[] = []
  for (const [name, value] of targets) {
    const found = imagesOf(value, `${JSON.stringify(name)}: `)
    if (!found.ok) return found
    images.push(...found.value)
  }
  return ok([...new Set(images)])
}

function imagesOf(value: unknown, where: string): Result<readonly string[]> {
  const problems: string[] = []
  const decoded = target(value, '$', problems)
  if (decoded === INVALID) return fail(`${where}${problems.join('; ')}`)
  const {'image.name': names, 'containerimage.digest': digest} = decoded
  if (names === undefined || names.trim() === '') {
    return fail(`${where}has no key "image.name": the build was given no tags, and nothing can be named`)
  }
  const list = names
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
  if (isLoaded(decoded)) return ok(list.map(name => `docker-daemon:${name}`))
  if (digest === undefined) return fail(`${where}has no key "containerimage.digest"`)
  return ok([...new Set(list.map(name => `${repositoryOf(name)}@${digest}`))])
}

/** `load: true` into the classic store: what is called the digest is the image ID, which no registry knows. */
function isLoaded(decoded: Target): boolean {
  const {
    'containerimage.digest': digest,
    'containerimage.config.digest': config,
    'containerimage.descriptor': descriptor,
  } = decoded
  return descriptor === undefined && (digest === undefined ? config !== undefined : digest === config)
}

/** `ghcr.io:443/org/app:1` -> `ghcr.io:443/org/app` */
function repositoryOf(name: string): string {
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1)
  return colon < 0 ? name : name.slice(0, colon)
}

function keysOf(value: object): string {
  const keys = Object.keys(value)
  return keys.length === 0 ? 'no key at all' : keys.map(key => JSON.stringify(key)).join(', ')
}
