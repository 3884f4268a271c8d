import {type ExecLine, expandSpecifiers, hasOpenQuote, isUnknown, type Meanings, parseExec} from './exec-line.ts'
import {everyValueOf, lastOf, type UnitFile, valuesOf} from './unit-file.ts'

/** The settings whose lines are commands: a wrong one of any keeps the service from being loaded. */
const COMMANDS = [
  'ExecCondition',
  'ExecStartPre',
  'ExecStart',
  'ExecStartPost',
  'ExecReload',
  'ExecStop',
  'ExecStopPost',
]

/** Prefixes alone, an empty word, and `@PROGRAM` without what the program is to be called. */
const NO_PROGRAM = /^[@:+!|]+(?:\s|$)|^[@:+!|]*(?:""|'')(?:\s|$)|^[:+!|]*@[@:+!|]*[^\s"']+$/

/** Why systemd does not load a service, in words: systemd 257, config_parse_exec and service_verify. */
export function findLoadProblem(settings: UnitFile, specifier: Meanings['specifier']): string | undefined {
  const linesOf = (values: readonly string[]): readonly ExecLine[] =>
    values.flatMap(value => parseExec(value, {specifier, variable: () => ''}))
  for (const setting of COMMANDS) {
    // A line is read before another one takes it back.
    for (const value of everyValueOf(settings, `Service.${setting}`)) {
      const problem = findCommandProblem(setting, value, specifier)
      if (problem !== undefined) return problem
    }
  }
  const type = lastOf(settings, 'Service.Type') ?? 'simple'
  const count = linesOf(valuesOf(settings, 'Service.ExecStart')).length
  const passedOver = valuesOf(settings, 'Service.ExecStart').find(value => value !== '')
  if (count === 0 && !mayHaveNone(settings, type)) {
    return passedOver === undefined
      ? 'it has no ExecStart'
      : `it has no command: ExecStart is passed over for a quote that does not end: ${passedOver}`
  }
  if (type !== 'oneshot' && count > 1) return `ExecStart has ${count} commands, which only Type=oneshot may have`
  const directory = expandSpecifiers(lastOf(settings, 'Service.WorkingDirectory') ?? '', specifier)
  return /^(?:$|[/~-])/.test(directory) || isUnknown(directory)
    ? undefined
    : `WorkingDirectory names ${directory}, which is not a path from the root`
}

function findCommandProblem(setting: string, value: string, specifier: Meanings['specifier']): string | undefined {
  if (hasOpenQuote(value)) return `${setting} has a quote that does not end: ${value}`
  if (NO_PROGRAM.test(value)) return `${setting} names no program, or no argv[0] behind an @: ${value}`
  const wrong = parseExec(value, {specifier, variable: () => ''}).find(
    ({path, isTolerated}) => !isTolerated && !isUnknown(path) && !isProgram(path),
  )
  return wrong && `${setting} names ${wrong.path}, which is neither a path from the root nor the name of a program`
}

/**
 * A drop-in up to the line that would keep a service from being loaded if it were the unit's own: systemd reads no
 * further in that file, and loads the service. unit_load_dropin.
 */
export function upToProblem(settings: UnitFile): UnitFile {
  const end = settings.findIndex(([name, value]) => {
    const setting = name.replace(/^Service\./, '')
    if (setting === 'WorkingDirectory') return !/^(?:$|[/~%-])/.test(value)
    return COMMANDS.includes(setting) && findCommandProblem(setting, value, () => undefined) !== undefined
  })
  return end < 0 ? settings : settings.slice(0, end)
}

/** Without ExecStart a oneshot needs something else that it does. */
function mayHaveNone(settings: UnitFile, type: string): boolean {
  const others = ['Service.ExecStop', 'Unit.SuccessAction']
  return type === 'oneshot' && others.some(setting => valuesOf(settings, setting).length > 0)
}

function isProgram(path: string): boolean {
  return path.startsWith('/') ? !path.endsWith('/') : !path.includes('/') && path !== '.' && path !== '..'
}
