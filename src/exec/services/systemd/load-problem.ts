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
    const values = everyValueOf(settings, `Service.${setting}`)
    const open = values.find(hasOpenQuote)
    if (open !== undefined) return `${setting} has a quote that does not end: ${open}`
    const bare = values.find(value => NO_PROGRAM.test(value))
    if (bare !== undefined) return `${setting} names no program, or no argv[0] behind an @: ${bare}`
    const wrong = linesOf(values).find(({path, isTolerated}) => !isTolerated && !isUnknown(path) && !isProgram(path))
    if (wrong) return `${setting} names ${wrong.path}, which is neither a path from the root nor the name of a program`
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

/** Without ExecStart a oneshot needs something else that it does. */
function mayHaveNone(settings: UnitFile, type: string): boolean {
  const others = ['Service.ExecStop', 'Unit.SuccessAction']
  return type === 'oneshot' && others.some(setting => valuesOf(settings, setting).length > 0)
}

function isProgram(path: string): boolean {
  return path.startsWith('/') ? !path.endsWith('/') : !path.includes('/') && path !== '.' && path !== '..'
}
