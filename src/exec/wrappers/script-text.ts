import {OverBudget} from '../budget.ts'
import {mayRead} from '../permission.ts'
import {type Process, resolve} from '../resolved-path.ts'
import type {WorldView} from '../world/view.ts'

/** What a shell reads of a script, line by line. */
export interface ScriptText {
  readonly text: string
  /** Why what stands behind that text is not read. */
  readonly rest?: string
}

/**
 * The text of a script up to the line with its first NUL, and to the limit of its size: an archive that unpacks itself
 * has a shell script in front, which ends before the archive begins. `passesNuls`: of NULs in the first line it is
 * known that the shell passes over them. Undefined where it is missing, unreadable, or no text from its first line on.
 */
export async function readScript(
  view: WorldView,
  process: Process,
  path: string,
  passesNuls: boolean,
): Promise<ScriptText | undefined> {
  const {node} = await resolve(view, process, path)
  if (node?.kind !== 'file' || !mayRead(node, process.user)) return undefined
  const most = view.world.budget?.mostOf('bytes') ?? node.size
  const file = await view.open(node)
  const read = await file.read(0, Math.min(node.size, most))
  const bytes = passesNuls ? withoutNulsInFirstLine(read) : read
  const nul = bytes.indexOf(0)
  if (nul < 0 && node.size <= most) return {text: new TextDecoder().decode(bytes)}
  const end = bytes.subarray(0, nul < 0 ? bytes.length : nul).lastIndexOf(0x0a) + 1
  if (end === 0) return undefined
  const text = new TextDecoder().decode(bytes.subarray(0, end))
  const rest = nul < 0 ? new OverBudget('bytes', most).message : `is not text from line ${text.split('\n').length} on`
  return {text, rest}
}

function withoutNulsInFirstLine(bytes: Uint8Array): Uint8Array {
  const newline = bytes.indexOf(0x0a)
  const end = newline < 0 ? bytes.length : newline
  const line = bytes.subarray(0, end)
  return line.includes(0) ? Buffer.concat([line.filter(byte => byte !== 0), bytes.subarray(end)]) : bytes
}
