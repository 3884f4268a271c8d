import {LIMITS} from '../budget.ts'
import type {FileWrite} from '../shell/evaluator.ts'
import {absolutePath, type Call, type Outcome} from './call.ts'
import {doubtful, NEW_FILE, writeFile} from './files.ts'

/** A file that a redirection opens, and what the command writes to it, XCU 2.7. */
export async function redirect(call: Call, {path, text, appends}: FileWrite): Promise<Outcome> {
  const absolute = absolutePath(call, path)
  if (absolute === undefined) return doubtful(call, undefined)
  const place = await call.view.place(absolute)
  const before = !appends || !place.node ? '' : place.content?.kind === 'text' ? place.content.text : undefined
  if (appends && text === '' && place.node) return {world: call.view.world, status: place.maybe ? 'unknown' : 'success'}
  const whole = before === undefined || text === undefined ? undefined : before + text
  return whole === undefined || whole.length > LIMITS.value.most
    ? writeFile(call, absolute, {kind: 'unknown'}, NEW_FILE)
    : writeFile(call, absolute, {kind: 'text', text: whole}, NEW_FILE)
}
