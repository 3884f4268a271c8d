import {baseName} from '../../lib/paths.ts'
import type {Reached, ShellHost} from '../shell/evaluator.ts'
import type {ShellState} from '../shell/state.ts'
import type {Outcome} from '../world/call.ts'
import {unknownEffect} from '../world/commands/index.ts'
import {viewWorld} from '../world/view.ts'
import {type Runner, refuse} from './handover.ts'

/** What the text must not have for the rest of the restrictions not to matter: bash(1), "Restricted Shell". */
const OTHER =
  /(^|[\s;&|({`])(cd|exec|command|enable|hash|set|source|\.|trap|history|eval)\s|>|\b(PATH|SHELL|ENV|BASH_ENV)=/

/**
 * Whether a bash is restricted: by `-r`, or by the name that it takes for its own (shell.c, maybe_make_restricted).
 */
export function isRestricted(name: string, file: string | undefined, argv: readonly string[]): boolean {
  if (file !== 'bash' && file !== 'rbash') return false
  if (baseName(name).replace(/^-/, '') === 'rbash') return true
  const end = argv.findIndex((word, at) => at > 0 && !/^[-+]/.test(word))
  const own = argv.slice(1, end < 0 ? undefined : end)
  return own.some(word => word === '--restricted' || /^-[A-Za-z]*r/.test(word))
}

/** Why a text cannot be followed under its restrictions, where they are more than the names of programs. */
export function findOtherRestriction(text: string): string | undefined {
  const word = OTHER.exec(` ${text.trim()}`)?.[0].trim()
  return word === undefined ? undefined : `it may not run what its text has: ${word}`
}

/** A restricted bash refuses a command whose name has a slash, and goes on. */
export function restrictHost(host: ShellHost, runner: Runner, name: string): ShellHost {
  const start = async (reached: Reached, state: ShellState): Promise<Outcome> => {
    const [program] = reached.argv
    if (!program?.includes('/')) return host.start(reached, state)
    if (reached.certainty !== 'certain' || reached.guarded) {
      return unknownEffect({view: viewWorld(runner.view.image, state.world), by: {kind: 'command', name}})
    }
    if (reached.reach === 'command' || reached.tolerated) return {world: state.world, status: 'failure', output: ''}
    const [refused] = refuse({name}, `it is restricted, and takes no slash in the name of a command: ${program}`)
    return refused ? runner.run(refused, state.world) : {world: state.world, status: 'failure', output: ''}
  }
  return {...host, start}
}
