import {baseName} from '../../lib/paths.ts'
import type {Process} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import {viewWorld} from '../world/view.ts'
import type {Handover, Runner} from '../wrappers/handover.ts'
import {readText} from '../wrappers/shells.ts'
import {runServices, type ServiceStart, serviceStart} from './run-services.ts'
import type {Supervisor} from './supervisor.ts'

/** A line of /etc/inittab: `tty::respawn:/sbin/getty 38400 tty1`. */
export interface InitAction {
  /** The terminal that it is started on, below /dev; a container has few of these. */
  readonly terminal: string
  readonly action: string
  readonly command: string
}

/** What a line may say; other lines are passed over. */
const ACTIONS = ['sysinit', 'wait', 'once', 'respawn', 'askfirst', 'ctrlaltdel', 'shutdown', 'restart']

/** `init single`, `init -s`, `init 1`: it reads no table. */
const SINGLE: readonly InitAction[] = [{terminal: '', action: 'respawn', command: '-/bin/sh'}]

/** What it does where there is no /etc/inittab: busybox init/init.c parse_inittab(). */
const DEFAULTS: readonly InitAction[] = [
  {terminal: '', action: 'sysinit', command: '/etc/init.d/rcS'},
  {terminal: '', action: 'askfirst', command: '-/bin/sh'},
]

const BLANK = 'a blank stands before its command in /etc/inittab, and init looks for a program without a name'

/** In this order, and those of each by the order of the file; the first two are waited for. */
const ORDER = [['sysinit'], ['wait'], ['once'], ['respawn', 'askfirst']] as const

/** `init` of busybox. Other programs are called so, too: systemd, tini, and what nothing is known of. */
export const INIT: Supervisor = {
  names: ['init', 'linuxrc'],
  reads: '`/etc/inittab`, where it is busybox',
  starts:
    'each `sysinit` and `wait` one after the other, then `once` and `respawn`; `askfirst`, and what wants a terminal, are likely',
  isFile: ({file, multiCall}) => multiCall !== undefined || file === 'busybox',
  async follow(runner, process) {
    if (/^(single|-s|1)$/.test(process.argv[1] ?? '')) return followActions(runner, process, SINGLE, true)
    const text = await readText(runner.view, process, '/etc/inittab')
    const actions = text === undefined ? DEFAULTS : parseInittab(text)
    return followActions(runner, process, actions, text !== undefined)
  },
}

async function followActions(
  runner: Runner,
  process: Process,
  actions: readonly InitAction[],
  isGiven: boolean,
): Promise<Outcome> {
  // init.c: these it sets itself; HOME to / up to 1.36, not since.
  const env = new Map([
    ...process.env,
    ['PATH', '/sbin:/usr/sbin:/bin:/usr/bin'],
    ['SHELL', '/bin/sh'],
    ['USER', 'root'],
  ])
  env.delete('HOME')
  const own = {...process, cwd: '/', env, unknownEnv: new Set([...(process.unknownEnv ?? []), 'HOME'])}
  let {world} = runner.view
  const last: ServiceStart[] = []
  const refused: Handover[] = []
  for (const names of ORDER) {
    for (const one of actions.filter(({action}) => (names as readonly string[]).includes(action))) {
      const isWaited = one.action === 'sysinit' || one.action === 'wait'
      const isSure = isGiven && one.action !== 'askfirst' && isThere(one.terminal)
      const service = {name: nameOf(one.command), of: 'init'}
      const argv = argvOf(one.command)
      // It takes the command up to the first blank for the path, unless a shell runs it.
      if (/^-?[ \t]/.test(one.command) && argv[1] !== '-c') {
        if (isSure) refused.push({kind: 'refused', via: `service ${service.name} of init`, reason: BLANK, service})
        continue
      }
      const start = serviceStart({...own, unknownPath: false, argv}, service, {
        certainty: isSure ? 'certain' : 'likely',
        guarded: !isGiven || !isThere(one.terminal),
        runsText: runner.libc !== 'musl',
        ...(isWaited ? {isLast: false, isFollowed: true} : {}),
      })
      if (isWaited) ({world} = await runner.run(start, world))
      else last.push(start)
    }
  }
  for (const one of refused) await runner.run(one, world)
  return runServices({...runner, view: viewWorld(runner.view.image, world)}, last, world)
}

/**
 * `id:runlevels:action:process`: init.c parse_inittab(). A `#` anywhere ends the line. The same command on the same
 * terminal is one, which is what its last line says.
 */
export function parseInittab(text: string): readonly InitAction[] {
  const actions = new Map<string, InitAction>()
  for (const line of text.split('\n')) {
    const [id = '', , action = '', ...rest] = line.replace(/#.*/s, '').split(':')
    const command = rest.join(':')
    if (!ACTIONS.includes(action) || command === '') continue
    const terminal = id.replace(/^\/dev\//, '')
    const key = JSON.stringify([terminal, command])
    actions.delete(key)
    actions.set(key, {terminal, action, command})
  }
  return [...actions.values()]
}

/** Of what a line may be started on, these are in every container: runtime-spec config-linux.md, Default Devices. */
function isThere(terminal: string): boolean {
  return terminal === '' || /^(null|zero|full|random|urandom)$/.test(terminal)
}

/** Words, or a shell where the command has signs of one: init.c init_exec(). A dash marks a login shell. */
function argvOf(command: string): readonly string[] {
  const plain = command.replace(/^-/, '')
  if (/[~`!$^&*()=|\\{}[\];"'<>?]/.test(plain)) return ['/bin/sh', '-c', `exec ${plain}`]
  return plain.split(/[ \t]+/).filter(Boolean)
}

/** The program of a command, as it is written. */
function nameOf(command: string): string {
  return baseName(command.replace(/^-/, '').trim().split(/\s+/)[0] ?? command)
}
