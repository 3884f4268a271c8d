import {isAscii} from 'node:buffer'
import {decodeText, startsWith} from '../lib/byte-view.ts'
import {defined} from '../lib/defined.ts'
import type {Identity, TextEncoding} from './identity.ts'

/** The longest first line that is kept, in characters. */
const FIRST_LINE_LIMIT = 120

const UTF8_BOM = [0xef, 0xbb, 0xbf]
const UTF16LE_BOM = [0xff, 0xfe]
const UTF16BE_BOM = [0xfe, 0xff]

/**
 * What a file without a magic is, if it is text: a Git-LFS pointer, a page, JSON, or
 * plain. `head`: the file's first KiBs.
 */
export function identifyText(head: Uint8Array): Identity | undefined {
  const decoded = decodeAnyText(head)
  if (!decoded) return undefined
  const {text, encoding, bom} = decoded
  const trimmed = text.trimStart()
  return (
    identifyLfsPointer(text) ??
    identifyMarkup(trimmed) ??
    identifyJson(trimmed) ?? {
      kind: 'text',
      encoding,
      bom,
      hiddenShebang: trimmed.startsWith('#!'),
      firstLine: (trimmed.split(/[\r\n]/, 1)[0] ?? '').slice(0, FIRST_LINE_LIMIT),
      ...(isServerError(trimmed) ? {isError: true as const} : {}),
    }
  )
}

/**
 * A first line that is not empty and is text, whatever stands behind it, and but for NULs, which shells pass over:
 * `nul` is where the first of them is. `isAll`: the file has no more bytes.
 */
export function readFirstLine(head: Uint8Array, isAll: boolean): {readonly nul?: number} | undefined {
  const newline = head.indexOf(0x0a)
  if (newline < 0 && !isAll) return undefined
  const line = head.subarray(0, newline < 0 ? head.length : newline)
  const decoded = decodeAnyText(line.filter(byte => byte !== 0))
  if (!decoded || decoded.text === '' || decoded.encoding.startsWith('utf-16')) return undefined
  const nul = line.indexOf(0)
  return nul < 0 ? {} : {nul}
}

interface Decoded {
  readonly text: string
  readonly encoding: TextEncoding
  readonly bom: boolean
}

function decodeAnyText(head: Uint8Array): Decoded | undefined {
  if (startsWith(head, UTF16LE_BOM)) return {text: decodeUtf16(head, 'utf-16le'), encoding: 'utf-16le', bom: true}
  if (startsWith(head, UTF16BE_BOM)) return {text: decodeUtf16(head, 'utf-16be'), encoding: 'utf-16be', bom: true}
  if (hasBinaryByte(head)) return undefined
  const bom = startsWith(head, UTF8_BOM)
  const text = decodeText(bom ? head.subarray(3) : head)
  if (/[\ufffd]/.test(text.slice(0, -3))) return undefined
  return {text, encoding: isAscii(head) ? 'ascii' : 'utf-8', bom}
}

function decodeUtf16(head: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string {
  return new TextDecoder(encoding).decode(head)
}

/** A loop, for every file of an image may come by here: a function called for each byte takes ten times as long. */
function hasBinaryByte(head: Uint8Array): boolean {
  for (const byte of head) if (isBinaryByte(byte)) return true
  return false
}

/** Control characters that no text has. Tab, line feed, form feed, carriage return and escape are in texts. */
function isBinaryByte(byte: number): boolean {
  return byte < 0x20 ? !(byte >= 0x07 && byte <= 0x0d) && byte !== 0x1b : byte === 0x7f
}

/** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
function identifyLfsPointer(text: string): Identity | undefined {
  if (!text.startsWith('version https://git-lfs')) return undefined
  const size = /^size (\d{1,15})$/m.exec(text)?.[1]
  return {
    kind: 'git-lfs-pointer',
    oid: /^oid (\w+:[0-9a-f]+)$/m.exec(text)?.[1],
    size: size === undefined ? undefined : Number(size),
  }
}

/** `<Error><Code>NoSuchKey</Code>` is how S3 and Google Cloud Storage say that there is no such object. */
function identifyMarkup(text: string): Identity | undefined {
  const language = /^<(?:!doctype\s+html|html|head|body)\b/i.test(text)
    ? 'html'
    : /^<(?:\?xml\b|[A-Za-z!])/.test(text)
      ? 'xml'
      : undefined
  if (!language) return undefined
  const html = language === 'html' || /^(?:<\?xml[^>]*>)?\s*<(?:!doctype\s+html|html)\b/i.test(text)
  const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1]?.trim()
  const code = html ? undefined : /<Code>([\w.-]{1,64})<\/Code>/.exec(text)?.[1]
  return {
    kind: 'markup',
    language: html ? 'html' : 'xml',
    ...defined({title: title || undefined, code: code || undefined}),
  }
}

/** A script without `#!` that begins with a test: `[ "$1" = x ]`, `[ 1 -lt "$N" ]`, `[[ -n $X ]]`. */
const SHELL_TEST = /^\[(?:\[ |[ \t]+(?:"(?:[^"\\\n]|\\.)*"|\d+)[ \t]+(?:[^\s,\]}]|\][ \t]*(?:&&|\|\||;)))/

function identifyJson(text: string): Identity | undefined {
  if (!/^(?:\{\s*["}]|\[\s*[[{"\]\d])/.test(text) || SHELL_TEST.test(text)) return undefined
  const message = /"(?:message|error|detail)"\s*:\s*"((?:[^"\\]|\\.){1,200})"/.exec(text)?.[1]
  return {
    kind: 'json',
    ...defined({message: message || undefined}),
    ...(isJsonError(text) ? {isError: true as const} : {}),
  }
}

/**
 * GitHub, GitLab, npm and registries name what is wrong at the top of their answer. A document that is longer than the
 * first look is none.
 */
function isJsonError(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
    return ['message', 'error', 'errors', 'detail'].some(key => Object.hasOwn(value, key))
  } catch {
    return false
  }
}

/** Go's net/http says `404 page not found`, GitHub's raw files `404: Not Found`, Cloudflare `error code: 1015`. */
const SERVER_ERROR =
  /^(?:(?:HTTP\/[\d.]+ )?[45]\d\d(?::? [\w .'-]{1,60})?|(?:(?:page|file|object|resource|repository|package) )?not found\.?|not found: \S{1,200}|access denied\.?|forbidden\.?|unauthorized\.?|bad request\.?|bad gateway\.?|service unavailable\.?|gateway time-?out\.?|internal server error\.?|too many requests\.?|error code: \d{3,4})$/i

function isServerError(text: string): boolean {
  const only = text.trimEnd()
  return only.length <= 300 && SERVER_ERROR.test(only)
}
