import picomatch from 'picomatch'
import {fail, ok, type Result} from '../lib/result.ts'
import {type Location, parseLocation} from './location.ts'

/** PATH_MAX of Linux, as other globs here; picomatch throws from 65,536 characters on. */
const LONGEST = 8192

/** A glob of images, as far as it can be wrong. */
export function parseImageGlob(text: string): Result<string> {
  if (text.trim() === '' || /\s/.test(text)) {
    return fail(`expected a glob of images such as ghcr.io/org/*, got ${JSON.stringify(text)}`)
  }
  return text.length > LONGEST ? fail(`expected a glob of at most ${LONGEST} characters, got ${text.length}`) : ok(text)
}

/**
 * Whether one of the globs covers an image: by its text as the user wrote it, or by its name without transport, tag and
 * digest. `*` stays within a component of a name, `**` does not; `nginx` is `docker.io/library/nginx`, too.
 */
export function imageMatcher(globs: readonly string[]): (reference: string) => boolean {
  const matches = picomatch([...globs], {dot: true, nonegate: true})
  return reference => {
    const location = parseLocation(reference)
    const names = location.ok ? namesOf(location.value) : [reference]
    return names.some(name => name !== '' && matches(name))
  }
}

/** What an image may be called, from its whole text to its name alone. */
function namesOf(location: Location): readonly string[] {
  const {text} = location
  if ('path' in location) return [text, `${location.transport}:${location.path}`, location.path]
  const {name, domain, path, tag, digest} = location.reference
  return [text, ...[name, `${domain}/${path}`].flatMap(one => [one, `${one}:${tag}`, `${one}@${digest}`])]
}
