import type {FileWrite} from '../shell/evaluator.ts'
import {absolutePath, type Call, ends, type Outcome} from './call.ts'
import {doubtfulWord} from './files.ts'
import {writeText} from './text.ts'

/** A file that a redirection opens, and what the command writes to it, XCU 2.7. */
export async function redirect(call: Call, {path, text, appends}: FileWrite): Promise<Outcome> {
  if (path === '') return ends(call, 'failure')
  const absolute = absolutePath(call, path)
  return absolute === undefined ? doubtfulWord(call, path) : writeText(call, absolute, text, appends)
}
