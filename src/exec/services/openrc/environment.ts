import type {Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {readText} from '../../wrappers/shells.ts'
import {readSettings} from './settings.ts'

/** What it keeps of the variables that it is started with: OpenRC src/shared/misc.c, env_allowlist. */
const ALLOWED = [
  ...['EERROR_QUIET', 'EINFO_QUIET', 'IN_BACKGROUND', 'IN_DRYRUN', 'IN_HOTPLUG', 'RC_DEBUG', 'RC_NODEPS'],
  ...['RC_USER_SERVICES', 'LANG', 'LC_MESSAGES', 'TERM', 'EINFO_COLOR', 'EINFO_VERBOSE'],
]

/** Variables that it sets to what only the run or its build knows. */
const UNKNOWN = [
  ...['RC_SYS', 'RC_PID', 'RC_OPENRC_PID', 'RC_VERSION', 'RC_CACHEDIR', 'RC_REEXPORT', 'RC_SCRIPTDIRS', 'RC_PATH'],
  ...['RC_CONF_PREFIX', 'EINFO_LOG', 'RC_DEFAULTLEVEL'],
]

/** Where it keeps what it knows of services while the system runs. */
export const STATE = '/run/openrc'

/** Where builds of it have their scripts. */
const LIBRARIES = ['/lib/rc', '/usr/lib/rc', '/usr/libexec/rc', '/libexec/rc']

/** The directory of its own scripts; undefined where the image has none that is known. */
export async function findLibrary(view: WorldView, process: Process): Promise<string | undefined> {
  for (const directory of LIBRARIES) {
    const text = await readText(view, process, `${directory}/sh/openrc-run.sh`)
    // In a merged /usr it has two names.
    if (text !== undefined) return /"?(\/\S+)\/sh\/functions\.sh/.exec(text)?.[1] ?? directory
  }
  return undefined
}

/** The variables and the directory that scripts of services run with, whoever has called OpenRC. */
export async function cleanProcess(
  view: WorldView,
  process: Process,
  library: string,
  runlevel: string,
): Promise<Process> {
  const allowed = (await readSettings(view, process, ['/etc/rc.conf'])).get('rc_env_allow')?.split(' ') ?? []
  const env = new Map(allowed.includes('*') ? process.env : [...process.env].filter(([name]) => ALLOWED.includes(name)))
  for (const [name, value] of process.env) if (allowed.some(one => matches(one, name))) env.set(name, value)
  for (const [name, value] of await readProfile(view, process)) if (!env.has(name)) env.set(name, value)
  const own = [`${library}/bin`, '/bin', '/sbin', '/usr/bin', '/usr/sbin']
  const more = (env.get('PATH') ?? '').split(':').filter(directory => directory !== '' && !own.includes(directory))
  env.set('PATH', [...own, ...more].join(':'))
  const set = {
    ...{RC_LIBEXECDIR: library, RC_SVCDIR: STATE, RC_TMPDIR: `${STATE}/tmp`, RC_BOOTLEVEL: 'boot'},
    ...{RC_RUNLEVEL: runlevel, RC_UNAME: 'Linux'},
  }
  for (const [name, value] of Object.entries(set)) env.set(name, value)
  return {...process, cwd: '/', env, unknownEnv: new Set([...(process.unknownEnv ?? []), ...UNKNOWN])}
}

/** fnmatch(3), of which variables want the star alone. */
function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name
}

/** What Gentoo keeps of the variables of all: `export NAME='value'`. */
async function readProfile(view: WorldView, process: Process): Promise<ReadonlyMap<string, string>> {
  const text = (await readText(view, process, '/etc/profile.env')) ?? ''
  return new Map(
    [...text.matchAll(/^(?:export )?(\w+)='([^']*)'$/gm)].map(([, name = '', value = '']) => [name, value]),
  )
}
