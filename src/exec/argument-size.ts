import {normalisePlatform, type Platform} from '../platform/index.ts'
import type {Environment} from './command.ts'
import type {Certainty, Obstacle} from './steps.ts'

/** Pages in MAX_ARG_STRLEN: include/uapi/linux/binfmts.h. */
const STRING_PAGES = 32
const KIB = 1024
const MIB = 1024 * KIB
/** In bytes: what stacks of any size leave, three quarters of _STK_LIM. fs/exec.c bprm_stack_limits(). */
const MOST = 6 * MIB
/** In bytes: what a stack of 8 MiB leaves, as engines start containers with unless an option says otherwise. */
const USUAL = 2 * MIB
/** In bytes, of a pointer: each word and each variable has one. */
const POINTER = 8

/** The architectures whose pages have 4 KiB on every kernel. */
const SMALL_PAGES = new Set(['amd64', '386', 'arm', 's390x', 'riscv64'])

export interface TooLarge {
  readonly obstacle: Obstacle
  readonly certainty: Certainty
}

/**
 * Why execve(2) refuses a command line and an environment as too large (E2BIG): one string of more than 32 pages, or
 * all of them together more than the stack leaves. Undefined where it takes them.
 */
export function findTooLarge(argv: readonly string[], env: Environment, platform: Platform): TooLarge | undefined {
  const page = SMALL_PAGES.has(normalisePlatform(platform).architecture) ? 4 * KIB : 64 * KIB
  const strings = [...argv, ...Array.from(env, ([name, value]) => `${name}=${value}`)]
  // Each with its NUL.
  const sizes = strings.map(text => Buffer.byteLength(text) + 1)
  const longest = sizes.reduce((a, b) => Math.max(a, b), 0)
  const most = STRING_PAGES * page
  if (longest > most) {
    const which = sizes.indexOf(longest) < argv.length ? 'a word of the command' : 'a variable of the environment'
    return refuse(`${which} has ${longest - 1} bytes, and no string may have more than ${most - 1}`, 'certain')
  }
  const total = sizes.reduce((a, b) => a + b + POINTER, 0)
  if (total <= USUAL) return undefined
  const all = `the command and the environment take ${total} bytes`
  return total > MOST
    ? refuse(`${all}, and no stack leaves more than ${MOST}`, 'certain')
    : refuse(`${all}, and the usual stack of 8 MiB leaves ${USUAL}`, 'likely')
}

function refuse(reason: string, certainty: Certainty): TooLarge {
  const fix = 'Put what is so large into a file of the image.'
  return {obstacle: {kind: 'refused-arguments', reason: `execve refuses it (E2BIG): ${reason}`, fix}, certainty}
}
