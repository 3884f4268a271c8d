import {setFlagsFromString} from 'node:v8'

/**
 * Has garbage collected in one go, never in steps beside the work. zlib gives each piece of a layer in a buffer of its
 * own; V8 counts them all, and begins to mark every 20 MB. What is to be marked is a few MB, done in milliseconds; in
 * steps, and in threads that take the processor from zlib, it takes a third of the time that a large image takes. Only
 * the moment and the way of collecting change. https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function collectAtOnce(): void {
  setFlagsFromString('--no-incremental-marking')
}
