import type {Instruction} from '../model.ts'
import {scriptOf} from '../script.ts'
import {architectureOf, findArchitectures, type NamedArchitecture} from './names.ts'

/**
 * How a shell finds out what it runs on or builds for. Who asks so much chooses: nothing that stands
 * in the same RUN is taken for constant.
 */
const ASKS =
  /TARGET(?:ARCH|PLATFORM|VARIANT)|BUILD(?:ARCH|PLATFORM)|\buname\b|--print-(?:foreign-)?arch|\$\(arch\)|`arch`|\brpm\s+(?:-E|--eval)|\bHOSTTYPE\b|\bMACHTYPE\b|platform\.machine|\$\{?[A-Za-z_]*(?:ARCH|arch|PLATFORM|platform|MACHINE)/

export const FOREIGN_SYSTEM = /\b(?:darwin|macos|osx|windows|win(?:32|64)?|freebsd|android|ios|wasm|js)\b/i

/**
 * Flags and variables that say what a compiler makes programs for; the word behind
 * is the architecture, or has it in it.
 */
export const COMPILED_FOR =
  /\b(?:GOARCH|CARGO_BUILD_TARGET)=["']?(?<value>[\w-]+)|\bcargo\s+(?:build|install)\b[^\n;&|]{0,400}?--target[= ]["']?(?<triple>[\w-]+)|\bdotnet\s+(?:publish|build|restore)\b[^\n;&|]{0,400}?\s(?:-r|--runtime)[= ]["']?(?<runtime>linux(?:-musl)?-[\w-]+)/g

/** Sources are for all machines, whatever their repository is called. */
const GIT = /\.git(?:[#?]|$)/

export const URL = /\bhttps?:\/\/[^\s"'`<>()\\;|]+/g

/** Whether a script chooses by the architecture, or names several of them. */
export function choosesArchitecture(text: string): boolean {
  return ASKS.test(text) || new Set(findArchitectures(text).map(({architecture}) => architecture)).size > 1
}

/**
 * Of the host's name nothing is read; a file for another system is not for this
 * image; what is for all machines is for all.
 */
export function architectureInUrl(url: string): NamedArchitecture | undefined {
  const start = /^https?:\/\/[^/]*/.exec(url)?.[0].length ?? 0
  const path = url.slice(start)
  if (GIT.test(path)) return undefined
  if (/\$[({]?[A-Za-z_]*(?:arch|ARCH|platform|PLATFORM|machine|MACHINE)/.test(path) || FOREIGN_SYSTEM.test(path))
    return undefined
  if (
    /(?:_all|[-_.]noarch)\.(?:deb|rpm|apk)$|\.(?:asc|sig|minisig|sha(?:1|256|512)(?:sums?)?|md5|json|txt)$/i.test(path)
  )
    return undefined
  return theOnly(findArchitectures(path), start)
}

export function architectureInPath(path: string): NamedArchitecture | undefined {
  return FOREIGN_SYSTEM.test(path) ? undefined : theOnly(findArchitectures(path), 0)
}

function theOnly(named: readonly NamedArchitecture[], start: number): NamedArchitecture | undefined {
  const [first] = named
  if (first === undefined || named.some(({architecture}) => architecture !== first.architecture)) return undefined
  return {...first, offset: first.offset + start}
}

/** The architecture that a match of COMPILED_FOR names. */
export function compiledArchitecture({groups}: RegExpMatchArray): string | undefined {
  const word = groups?.value ?? groups?.triple ?? groups?.runtime ?? ''
  return architectureOf(word) ?? findArchitectures(word)[0]?.architecture
}

/** What an instruction says; of RUN, what its shell gets. */
export function textOf(instruction: Instruction): string {
  return instruction.kind === 'run' ? withoutComments(scriptOf(instruction).text) : instruction.text
}

/** Lines of a heredoc that are comments of the shell; they keep their length, so that offsets stay. */
export function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#[^\n]*/gm, comment => ' '.repeat(comment.length))
}
