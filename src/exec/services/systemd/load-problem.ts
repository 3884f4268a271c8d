import {type ExecLine, isUnknown, type Meanings, parseExec} from './exec-line.ts'
import {lastOf, type UnitFile, valuesOf} from './unit-file.ts'

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

/** Why systemd does not load a service, in words: systemd 257, config_parse_exec and service_verify. */
export function findLoadProblem(settings: UnitFile, specifier: Meanings['specifier']): string | undefined {
  const linesOf = (setting: string): readonly ExecLine[] =>
    valuesOf(settings, `Service.${setting}`).flatMap(value => parseExec(value, {specifier, variable: () => ''}))
  for (const setting of COMMANDS) {
    const wrong = linesOf(setting).find(({path, isTolerated}) => !isTolerated && !isUnknown(path) && !isProgram(path))
    if (wrong) return `${setting} names ${wrong.path}, which is neither a path from the root nor the name of a program`
  }
  const type = lastOf(settings, 'Service.Type') ?? 'simple'
  const count = linesOf('ExecStart').length
  return type !== 'oneshot' && count > 1
    ? `ExecStart has ${count} commands, which only Type=oneshot may have`
    : undefined
}

function isProgram(path: string): boolean {
  return path.startsWith('/') ? !path.endsWith('/') : !path.includes('/') && path !== '.' && path !== '..'
}
