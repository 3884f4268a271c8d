import {type Caller, type Handover, passOn} from './handover.ts'
import {parseOptions} from './options.ts'

const REPLICATE = {
  single: true,
  long: [
    'config=',
    'exec=',
    'no-expand-env',
    'restore-if-db-not-exists',
    'once',
    'force-snapshot',
    'enforce-retention',
  ],
} as const

/**
 * benbjohnson/litestream cmd/litestream/replicate.go: with `-exec COMMAND`, or `exec` in its configuration, it starts
 * the command, which go-shellwords splits, and ends with it. Undefined of its other commands.
 */
export async function litestream(caller: Caller): Promise<readonly Handover[] | undefined> {
  const [, verb, ...words] = caller.process.argv
  if (verb !== 'replicate') return undefined
  const {options, unknown} = parseOptions(['replicate', ...words], REPLICATE)
  if (unknown !== undefined) return [{kind: 'unknown', reason: `the option ${unknown} of litestream is not understood`}]
  const value = (name: string) => options.findLast(([option]) => option === name)?.[1]
  const file = value('config') ?? '/etc/litestream.yml'
  const command = value('exec') ?? (await commandOf(caller, file))
  if (command === undefined || command.trim() === '') return []
  if (/["'\\$`;&|<>()*?[\]#]/.test(command)) {
    return [{kind: 'unknown', reason: `litestream starts ${JSON.stringify(command)}, whose words are not split`}]
  }
  return passOn(caller, command.trim().split(/\s+/), {search: 'go', runsText: false, via: 'command of litestream'})
}

/** A plain scalar on a line of its own, which no indentation sets into something else. */
async function commandOf({readText}: Caller, file: string): Promise<string | undefined> {
  return /^exec:[ \t]+(\S.*)$/m.exec((await readText(file)) ?? '')?.[1]
}
