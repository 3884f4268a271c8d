import {baseName} from '../../../src/lib/paths.ts'

/** A service of which the manager has a start job, by its commands: `ExecStart`, then the words. */
export type StartedServices = ReadonlyMap<string, readonly string[]>

const KINDS = /^\s*→ (ExecStartPre|ExecStart|ExecStartPost):$/

/**
 * What `systemd --test --system` prints of its units: each that is loaded, with its commands, and its jobs. Its
 * commands are there before variables are put in.
 */
export function parseDump(text: string): StartedServices {
  const commands = new Map<string, string[]>()
  const started = new Set<string>()
  let unit = ''
  let kind = ''
  for (const line of text.split('\n')) {
    const name = /^\s*→ Unit (\S+):$/.exec(line)?.[1]
    if (name !== undefined) [unit, kind] = [name, '']
    if (/^\s*→ /.test(line)) kind = KINDS.exec(line)?.[1] ?? ''
    const command = /^\s*Command Line: (.*)$/.exec(line)?.[1]
    if (command !== undefined && kind !== '') {
      const [first = '', ...words] = dequote(command)
      // It tells argv[0] and not the program: behind an @ those are two, and made units call no other one "zero".
      const program = first === 'zero' ? 'daemon' : baseName(first)
      commands.set(unit, [...(commands.get(unit) ?? []), JSON.stringify([kind, program, ...words])])
    }
    const job = /^\s*Action: (\S+) -> start$/.exec(line)?.[1]
    if (job !== undefined) started.add(job)
  }
  return new Map([...started].filter(one => one.endsWith('.service')).map(one => [one, commands.get(one) ?? []]))
}

/** The words of a command as a shell would have to be given them. */
function dequote(command: string): readonly string[] {
  return [...command.matchAll(/\$'((?:\\.|[^\\'])*)'|"((?:\\.|[^\\"])*)"|(\S+)/gs)].map(([, ansi, quoted, plain]) => {
    const text = ansi ?? quoted
    return text?.replace(/\\(.)/gs, (_, one: string) => ({t: '\t', n: '\n'})[one] ?? one) ?? plain ?? ''
  })
}
