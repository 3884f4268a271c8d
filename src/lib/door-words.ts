/** Who asks: the action names its inputs, the command its flags. */
export type Door = 'action' | 'command'

/** `source: registry (--source registry)`: an input with its value, and the same as a flag. */
const BOTH = /\b([a-z][a-z-]*(?:: [^\s()]+)?) \((--[a-z][a-z-]*(?: [^\s()]+)?)\)/g

/** The one that both have under the same name. */
const LIMITS = /\bwith limits: (?=[a-z])/g

/** Advice that names a setting in both ways, in the words of one of them: `--source registry`. */
export function inWordsOf(door: Door, advice: string): string {
  if (door === 'action') return advice.replace(BOTH, '$1')
  return advice.replace(BOTH, '$2').replace(LIMITS, 'with --limits ')
}
