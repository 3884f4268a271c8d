import type {FileNode} from '../../image/rootfs.ts'
import type {Credentials} from '../credentials.ts'
import {mayExecute, mayRead, mayWrite} from '../permission.ts'
import {joinPath, type Process, resolve} from '../resolved-path.ts'
import type {Status} from './value.ts'
import {mayBeBarred, type WorldView} from './view.ts'

/** `test -f PATH` and the like, XCU test, for a process; unknown for operators that the files do not decide. */
export async function testFile(view: WorldView, process: Process, operator: string, path: string): Promise<Status> {
  if (path === '') return 'failure'
  if (process.unknownCwd && !path.startsWith('/')) return 'unknown'
  const absolute = path.startsWith('/') ? path : joinPath(process.cwd, path)
  const isLinkTest = operator === '-h' || operator === '-L'
  const barred = (await resolve(view, process, absolute)).obstacle?.kind === 'not-executable'
  const place = await view.place(absolute, {followLast: !isLinkTest})
  const {node, maybe, content, mode} = place
  if (maybe) return 'unknown'
  if (!node) return 'failure'
  if (process.user.uid !== 0 && mayBeBarred(view, place)) return 'unknown'
  if (barred) return 'failure'
  if (mode && dependsOnMode(operator, node, process.user)) return 'unknown'
  const is = (holds: boolean): Status => (holds ? 'success' : 'failure')
  switch (operator) {
    case '-e':
      return 'success'
    case '-f':
      return is(node.kind === 'file')
    case '-d':
      return is(node.kind === 'directory')
    case '-h':
    case '-L':
      return is(node.kind === 'symlink')
    case '-r':
      return is(mayRead(node, process.user))
    case '-w':
      return is(mayWrite(node, process.user))
    case '-x':
      return is(mayExecute(node, process.user) || (node.kind === 'directory' && process.user.uid === 0))
    case '-s':
      return content?.kind === 'unknown' || node.kind !== 'file' ? 'unknown' : is(node.size > 0)
    case '-p':
      return is(node.kind === 'fifo')
    case '-S':
      return is(node.kind === 'socket')
    case '-b':
      return is(node.kind === 'block-device')
    case '-c':
      return is(node.kind === 'character-device')
    default:
      return 'unknown'
  }
}

/** Whether permissions or owner decide: root may read and write all, and look into every directory. */
function dependsOnMode(operator: string, {kind}: FileNode, {uid}: Credentials): boolean {
  if (['-O', '-G', '-u', '-g', '-k'].includes(operator)) return true
  if (operator === '-r' || operator === '-w') return uid !== 0
  return operator === '-x' && !(uid === 0 && kind === 'directory')
}
