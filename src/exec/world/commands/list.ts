import {absolutePath, type Call, ends, type Outcome} from '../call.ts'
import {knownWords, printed} from './print.ts'

/** What stands before a symlink's name: no locale, no version and no date has them all. */
const LIKES = [
  'lrwxrwxrwx 1 root root 7 Jan  1 00:00 ',
  'lrwxrwxrwx. 12 1000 users 1234 2026-11-30 02:38 ',
  'lrwxrwxrwx    1 a        b               31 Dec 31  1999 ',
]

/**
 * `ls -ld LINK`: its name and where it leads stand at the end of the line, XCU ls, STDOUT; what is before them only the
 * run knows.
 */
export async function list(call: Call): Promise<Outcome> {
  const words = knownWords(call) ?? []
  const end = words.indexOf('--')
  const first = end < 0 ? words.findIndex(word => !word.startsWith('-')) : end
  const [operand, ...others] = words.slice(end < 0 ? first : first + 1)
  const isLong = /^(-[dl1]+ )*-[dl1]*l[dl1]*( -[dl1]+)*$/.test(words.slice(0, first).join(' '))
  // Other letters may be printed as question marks, and a slash at the end leads through the link.
  const isPlain = operand !== undefined && /^[!-~]*[!-.0-~]$/.test(operand) && others.length === 0
  const path = isLong && isPlain ? absolutePath(call, operand) : undefined
  if (path === undefined) return ends(call, 'unknown')
  const {node, maybe} = await call.view.place(path, {followLast: false})
  if (node?.kind !== 'symlink' || maybe || !/^[!-~]+$/.test(node.target ?? '')) return ends(call, 'unknown')
  return printed(call, {unknown: '$(…)', likes: LIKES.map(before => `${before}${operand} -> ${node.target}\n`)})
}
