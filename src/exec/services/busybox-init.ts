import {baseName, type Process} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import {viewWorld} from '../world/view.ts'
import type {Runner} from '../wrappers/handover.ts'
import {readText} from '../wrappers/shells.ts'
import {runServices, type ServiceStart, serviceStart} from './run-services.ts'
import type {Supervisor} from './supervisor.ts'

/** A line of /etc/inittab: `tty::respawn:/sbin/getty 38400 tty1`. */
export interface InitAction {
  /** The terminal that it is started on; a container has none of these. */
  readonly terminal: string
  readonly action: string
  readonly command: string
}

/** What it does where there is no /etc/inittab: busybox init/init.c parse_inittab(). */
const DEFAULTS: readonly InitAction[] = [
  {terminal: '', action: 'sysinit', command: '/etc/init.d/rcS'},
  {terminal: '', action: 'askfirst', command: '-/bin/sh'},
]

/** In this order, and those of each by the order of the file; the first two are waited for. */
const ORDER = [['sysinit'], ['wait'], ['once'], ['respawn', 'askfirst']] as const

/** `init` of busybox. Other programs are called so, too: systemd, tini, and what nothing is known of. */
export const INIT: Supervisor = {
  names: ['init'],
  reads: '`/etc/inittab`, where it is busybox',
  starts:
    'each `sysinit` and `wait` one after the other, then `once` and `respawn`; `askfirst`, and what wants a terminal, are likely',
  isFile: ({file, multiCall}) => multiCall !== undefined || file === 'busybox',
  async follow(runner, process) {
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
  // init.c: these it sets itself.
  const env = new Map([
    ...process.env,
    ['HOME', '/'],
    ['PATH', '/sbin:/usr/sbin:/bin:/usr/bin'],
    ['SHELL', '/bin/sh'],
    ['USER', 'root'],
  ])
  let {world} = runner.view
  const last: ServiceStart[] = []
  for (const names of ORDER) {
    for (const one of actions.filter(({action}) => (names as readonly string[]).includes(action))) {
      const isWaited = one.action === 'sysinit' || one.action === 'wait'
      const isSure = isGiven && one.action !== 'askfirst' && one.terminal === ''
      const start = serviceStart(
        {...process, env, unknownPath: false, argv: argvOf(one.command)},
        {name: nameOf(one.command), of: 'init'},
        {
          certainty: isSure ? 'certain' : 'likely',
          guarded: !isGiven || one.terminal !== '',
          ...(isWaited ? {isLast: false, isFollowed: true} : {}),
        },
      )
      if (isWaited) ({world} = await runner.run(start, world))
      else last.push(start)
    }
  }
  return runServices({...runner, view: viewWorld(runner.view.image, world)}, last, world)
}

/** `id:runlevels:action:process`. */
export function parseInittab(text: string): readonly InitAction[] {
  return text.split('\n').flatMap(line => {
    const [terminal = '', , action = '', ...rest] = line.split(':')
    const command = rest.join(':').trim()
    const isRead = !terminal.includes('#') && /^[a-z]+$/.test(action) && command !== ''
    return isRead ? [{terminal: terminal.trim(), action, command}] : []
  })
}

/** Words, or a shell where the command has signs of one: init.c init_exec(). A dash marks a login shell. */
function argvOf(command: string): readonly string[] {
  const plain = command.replace(/^-/, '')
  if (/[~`!$^&*()=|\\{}[\];"'<>?]/.test(plain)) return ['/bin/sh', '-c', `exec ${plain}`]
  return plain.split(/\s+/).filter(Boolean)
}

/** The program of a command, as it is written. */
function nameOf(command: string): string {
  return baseName(command.replace(/^-/, '').split(/\s+/)[0] ?? command)
}
