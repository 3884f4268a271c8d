import {setFlagsFromString} from 'node:v8'

/**
 * Has garbage collected in one go, never in steps beside the work, and what is young collected often. zlib gives each
 * piece of a layer in a buffer of its own. V8 counts them all, and begins to mark every 20 MB, unless they went while
 * they were young: a young generation that stays small is collected every few milliseconds, in less than one, and a
 * large image takes a third less memory. What is left to be marked is a few MB; done in steps, and in threads that take
 * the processor from zlib, that takes a third of the time of a large image. Only the moment and the way of collecting
 * change. https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function collectAtOnce(): void {
  setFlagsFromString('--no-incremental-marking')
  setFlagsFromString('--semi-space-growth-factor=1')
}
