import {LIMITS} from '../../lib/limits.ts'
import {mayRead, mayWrite} from '../permission.ts'
import {type Call, ends, longestValue, type Outcome} from './call.ts'
import {doubtfulAt, FILE_MODE, masked, mayReach, writeFile} from './files.ts'
import type {Value} from './value.ts'
import type {Place, WorldView} from './view.ts'

/** A larger file of the image is not read for its text. */
const MAX_READ = LIMITS['script-read-bytes'].most

/** The text of a file; undefined where it is not known, not text, or too large. */
export async function textOf(view: WorldView, place: Place): Promise<string | undefined> {
  const text = await wholeTextOf(view, place)
  return place.content?.kind !== 'text' && text?.includes('\0') ? undefined : text
}

/** The same, of a file that may hold NULs. */
export async function wholeTextOf(view: WorldView, {node, content, maybe}: Place): Promise<string | undefined> {
  if (node?.kind !== 'file' || maybe || content?.kind === 'unknown') return undefined
  if (content?.kind === 'text') return content.isRough ? undefined : content.text
  if (node.size > MAX_READ) return undefined
  return decode(await (await view.open(node)).read(0, node.size))
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)
  } catch {
    return undefined
  }
}

/** Writes text to a file, or behind what is in it; `text` is undefined where only the run knows it. */
export async function writeText(call: Call, path: string, text: Value | undefined, appends: boolean): Promise<Outcome> {
  const place = await call.view.place(path)
  if (appends && text === '' && place.node?.kind === 'file') {
    const isWritable = mayReach(call.user, place) && mayWrite(place.node, call.user)
    if (place.maybe) return ends(call, 'unknown')
    return ends(call, isWritable ? 'success' : place.mode ? 'unknown' : 'failure')
  }
  if (place.maybe?.grade === 'replaced') return doubtfulAt(call, place.at)
  const before = !appends ? '' : place.node ? await textOf(call.view, place) : place.maybe ? undefined : ''
  const whole = before === undefined || typeof text !== 'string' ? undefined : before + text
  const content =
    whole === undefined || whole.length > longestValue(call)
      ? ({kind: 'unknown'} as const)
      : ({kind: 'text', text: whole} as const)
  return writeFile(call, path, content, masked(call, FILE_MODE))
}

/** Whether a process may read what is at a place. */
export function isOpenable({user}: Pick<Call, 'user'>, {node}: Place): boolean {
  return node !== undefined && mayRead(node, user)
}
