import {baseName} from '../lib/paths.ts'

/** The words behind a program in a command, which its entrypoint may hand on; undefined where it is not in it. */
export function optionsBehind(command: readonly string[], program: RegExp): readonly string[] | undefined {
  const at = command.findIndex(word => program.test(baseName(word)))
  return at < 0 ? undefined : command.slice(at + 1)
}

/** The value of an option of one letter: `-c FILE` or `-cFILE`; the last one where there are several. */
export function optionValue(options: readonly string[], letter: string): string | undefined {
  let value: string | undefined
  for (const [at, word] of options.entries()) {
    if (word === `-${letter}`) value = options[at + 1] ?? value
    else if (word.startsWith(`-${letter}`) && !word.startsWith('--')) value = word.slice(2)
  }
  return value
}
