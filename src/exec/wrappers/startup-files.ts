import type {Environment} from '../command.ts'
import type {Dialect} from '../shell/dialect.ts'

/** Options of a shell's command line that decide which files it reads before its own text. */
export interface StartupOptions {
  /** `-l`, `--login`, or a name that begins with a dash. */
  readonly login: boolean
  readonly interactive: boolean
  /** `--posix`, `-o posix`. */
  readonly posix: boolean
  /** `-p`. */
  readonly privileged: boolean
  readonly noProfile: boolean
  readonly noRc: boolean
  /** `--rcfile FILE`. */
  readonly rcFile?: string
}

/**
 * The system's file for interactive shells, where a build of bash has one: Debian's and Arch's, Alpine's and Gentoo's.
 */
const SYSTEM_BASHRC = ['/etc/bash.bashrc', '/etc/bash/bashrc']

/**
 * The files that a shell reads before its own text, as text of that shell; empty where there are none. bash(1),
 * "Invocation", and shell.c run_startup_files(); dash and busybox read /etc/profile and ~/.profile. Measured with bash
 * 5.2, dash 0.5.12 and busybox 1.35: a file that is missing is passed over, and `exit` in one ends the shell.
 */
export function startupText(options: StartupOptions, dialect: Dialect | undefined, env: Environment): string {
  return groupsOf(options, dialect, env).map(readFirst).join('')
}

/** Of each list of words the first that names a readable file is read. */
function groupsOf(
  {login, interactive, posix, privileged, noProfile, noRc, rcFile}: StartupOptions,
  dialect: Dialect | undefined,
  env: Environment,
): readonly (readonly string[])[] {
  const isBash = dialect === 'bash'
  if ((isBash || dialect === 'posix') && (posix || env.has('POSIXLY_CORRECT'))) return []
  const own = isBash ? ['~/.bash_profile', '~/.bash_login', '~/.profile'] : ['~/.profile']
  const ofLogin = login && !noProfile ? [['/etc/profile'], own] : []
  if (interactive) {
    if (!isBash) return [...ofLogin, ...namedBy('ENV', env)]
    return login || noRc ? ofLogin : [SYSTEM_BASHRC, [rcFile === undefined ? '~/.bashrc' : quoted(rcFile)]]
  }
  return [...ofLogin, ...(isBash && !privileged ? namedBy('BASH_ENV', env) : [])]
}

/** The file that a variable names, once its value is expanded; PATH is not searched for it. */
function namedBy(variable: string, env: Environment): readonly (readonly string[])[] {
  const value = env.get(variable)
  return value === undefined || value === '' ? [] : [[quoted(value)]]
}

/** Expanded as in double quotes, behind a tilde. A name without a slash stands in the working directory. */
function quoted(value: string): string {
  const [, tilde = '', rest = ''] = /^(~\/)?(.*)$/s.exec(value) ?? []
  const text = rest.replaceAll('"', '\\"')
  return `${tilde}"${tilde !== '' || /^[/$`]/.test(text) ? '' : './'}${text}"`
}

function readFirst(words: readonly string[]): string {
  const ways = words.map(word => `if [ -r ${word} ] && [ ! -d ${word} ]; then . ${word}\n`)
  return `${ways.join('el')}fi\n`
}
