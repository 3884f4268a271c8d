/** Words that are not a program, and for which Ruby asks a shell. */
const OF_SHELLS = new Set(
  (
    '! . : break case continue do done elif else esac eval exec exit export fi for if in readonly return set shift ' +
    'then times trap unset until while'
  ).split(' '),
)

/**
 * What Ruby's `Process.spawn` starts for a command line: its words themselves where no character means anything to a
 * shell, else `sh -c` (process.c, rb_exec_fillarg).
 */
export function rubyCommand(command: string): readonly string[] {
  const words = command.split(/[ \t]+/).filter(Boolean)
  const [first = ''] = words
  // A sign of equality counts up to a slash.
  const isAssigned = /^[^/]*=/.test(first)
  const isForShell = /[*?{}[\]<>()~&|\\$;'`"\n#]/.test(command) || isAssigned || OF_SHELLS.has(first)
  return isForShell || words.length === 0 ? ['/bin/sh', '-c', command] : words
}
