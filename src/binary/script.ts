import {decodeText} from '../lib/byte-view.ts'
import {LIMITS} from '../lib/limits.ts'
import type {ScriptIdentity, Shebang} from './identity.ts'

/**
 * BINPRM_BUF_SIZE, include/uapi/linux/binfmts.h: the kernel looks at the first 256
 * bytes of a file, zero where it has fewer.
 */
export const BINPRM_BUF_SIZE = LIMITS['shebang-bytes'].most

const NUL = 0x00
const TAB = 0x09
const NEWLINE = 0x0a
const SPACE = 0x20

/** What a file that begins with `#!` is. `head`: its beginning, 256 bytes where it has as many. */
export function identifyScript(head: Uint8Array): ScriptIdentity {
  const buffer = new Uint8Array(BINPRM_BUF_SIZE)
  buffer.set(head.subarray(0, BINPRM_BUF_SIZE))
  const newline = buffer.indexOf(NEWLINE)
  const end = newline < 0 ? Math.min(head.length, BINPRM_BUF_SIZE) : newline
  return {kind: 'script', line: decodeText(buffer.subarray(0, end)), shebang: parseShebang(buffer)}
}

/**
 * Parses the `#!` line as fs/binfmt_script.c load_script does (the same from Linux 6.1 to 7.2). `buffer` is the
 * 256-byte zero-padded beginning of the file. One argument at most; quotes and variables are letters like any other.
 */
function parseShebang(buffer: Uint8Array): Shebang {
  const last = BINPRM_BUF_SIZE - 1
  let end = findNewline(buffer)
  if (end < 0) {
    // No newline: a path that may be cut short is not run. `next_terminator` finds space, tab or NUL.
    const path = skip(buffer, 2, last)
    if (path >= last) return refused('ENOEXEC', 'the first 256 bytes hold only blanks after #!')
    if (terminator(buffer, path, last + 1) > last) {
      return refused('ENOEXEC', 'the path after #! does not end within the first 256 bytes')
    }
    end = last
  }
  while (end > 2 && isBlank(buffer[end - 1])) end--
  const start = skip(buffer, 2, end)
  if (start >= end) return refused('ENOEXEC', 'nothing stands after #!')
  const pathEnd = terminator(buffer, start, end)
  if (pathEnd === start) return refused('EACCES', 'the path after #! is empty')
  const interpreter = decodeText(buffer.subarray(start, pathEnd))
  if (pathEnd >= end || buffer[pathEnd] === NUL) return {kind: 'runs', interpreter}
  const argumentStart = skip(buffer, pathEnd, end)
  const nul = buffer.indexOf(NUL, argumentStart)
  const argumentEnd = nul < 0 || nul > end ? end : nul
  if (argumentStart >= argumentEnd) return {kind: 'runs', interpreter}
  return {kind: 'runs', interpreter, argument: decodeText(buffer.subarray(argumentStart, argumentEnd))}
}

function refused(errno: 'ENOEXEC' | 'EACCES', reason: string): Shebang {
  return {kind: 'refused', errno, reason}
}

/** `strnchr`, which gives up at a NUL. */
function findNewline(buffer: Uint8Array): number {
  const newline = buffer.indexOf(NEWLINE)
  const nul = buffer.indexOf(NUL)
  return nul >= 0 && nul < newline ? -1 : newline
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || byte === TAB
}

/** The first byte from `from` that is not a blank; `end` where there is none. */
function skip(buffer: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && isBlank(buffer[at])) at++
  return at
}

/** The first space, tab or NUL from `from`; `end` where there is none. */
function terminator(buffer: Uint8Array, from: number, end: number): number {
  let at = from
  while (at < end && !isBlank(buffer[at]) && buffer[at] !== NUL) at++
  return at
}
