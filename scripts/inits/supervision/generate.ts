import type {MemoryEntry} from '../../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../../kernel/random.ts'
import {standIn} from '../../start-scripts/stand-in.ts'
import type {ServiceCase} from '../service-module.ts'

const SCANNED = '/srv/service'

/** Random service directories, right ones and wrong ones, and a command line that is mostly right. */
export function makeSupervisionCase(random: Random, of: 'runit' | 's6'): ServiceCase {
  const files: Record<string, MemoryEntry> = {[SCANNED]: {kind: 'directory'}}
  const names = ['a', 'b', 'c', 'd'].slice(0, 1 + random.below(4))
  for (const name of names) addService(random, files, name, of)
  if (random.oneIn(4)) addDirectory(random, files, `${SCANNED}/.hidden`, 'hidden', of)
  if (random.oneIn(4)) files[`${SCANNED}/plain`] = 'not a directory\n'
  if (random.oneIn(6)) files[`${SCANNED}/dangling`] = {link: '../none'}
  return {argv: commandLine(random, of, random.pick(names)), files}
}

/** Start scripts and services of s6-overlay 2, and a command. */
export function makeOverlayCase(random: Random): ServiceCase {
  const files: Record<string, MemoryEntry> = {}
  for (const name of ['10', '20', '30'].slice(0, random.below(4))) {
    const directory = '/etc/cont-init.d'
    const entry = makeRun(random, name, 's6')
    if (entry !== undefined) files[`${directory}/${name}`] = inRoot(entry)
  }
  for (const name of ['a', 'b', 'c'].slice(0, random.below(4))) {
    addDirectory(random, files, `/etc/services.d/${name}`, name, 's6')
    if (random.oneIn(3)) addDirectory(random, files, `/etc/services.d/${name}/log`, `${name}/log`, 's6')
  }
  if (random.oneIn(4)) files['/etc/services.d/plain'] = 'not a directory\n'
  const command = random.pick([[], ['/opt/bin/app', 'command'], ['app', 'command'], ['/opt/bin/none']])
  const env = random.oneIn(5) ? [`S6_BEHAVIOUR_IF_STAGE2_FAILS=${random.below(3)}`] : []
  return {argv: ['/init', ...command], files, env}
}

/** A start script is run in the root directory, where there is no tool. */
function inRoot(entry: MemoryEntry): MemoryEntry {
  const isText = typeof entry === 'object' && 'content' in entry && typeof entry.content === 'string'
  return isText ? {...entry, content: String(entry.content).replaceAll('./tool', '/opt/bin/tool')} : entry
}

function addService(random: Random, files: Record<string, MemoryEntry>, name: string, of: 'runit' | 's6'): void {
  const isLinked = random.oneIn(3)
  const directory = isLinked ? `/srv/available/${name}` : `${SCANNED}/${name}`
  if (isLinked) files[`${SCANNED}/${name}`] = {link: `../available/${name}`}
  addDirectory(random, files, directory, name, of)
  if (random.oneIn(3)) addDirectory(random, files, `${directory}/log`, `${name}/log`, of)
  else if (random.oneIn(8)) files[`${directory}/log`] = 'a file\n'
}

function addDirectory(
  random: Random,
  files: Record<string, MemoryEntry>,
  directory: string,
  name: string,
  of: 'runit' | 's6',
): void {
  files[directory] = {kind: 'directory'}
  const add = (file: string, entry: MemoryEntry | undefined) => {
    if (entry !== undefined) files[`${directory}/${file}`] = entry
  }
  add('tool', program(`${name}/tool`, random.oneIn(6)))
  add('env/B', 'from a file\n')
  add('env/A', random.oneIn(2) ? '' : 'another  \nline')
  add('run', makeRun(random, name, of))
  if (random.oneIn(4)) add('finish', makeRun(random, `${name}/finish`, of))
  if (random.oneIn(5)) add('down', random.pick<MemoryEntry>(['', {kind: 'directory'}]))
}

/** What changes the user, the variables or the directory of what it starts. */
const CHANGES = {
  runit: [
    ...[
      'chpst -u svc ./tool as user',
      'chpst -u more ./tool',
      'chpst -u svc:more ./tool',
      'chpst -u :1000:2000 ./tool',
    ],
    ...['chpst -U svc ./tool', 'chpst -e env ./tool', 'setuidgid svc ./tool', 'setuidgid more ./tool', 'env -i ./tool'],
    ...['env B=2 ./tool', 'env -u A ./tool'],
  ],
  s6: [
    ...['s6-setuidgid svc ./tool', 's6-setuidgid more ./tool', 's6-setuidgid 1000:2000 ./tool', 's6-setsid ./tool'],
    ...['s6-envuidgid more s6-applyuidgid -U ./tool', 's6-applyuidgid -u 1000 -g 1000 -G 1001,2000 ./tool'],
    ...['s6-envuidgid svc ./tool', 's6-softlimit ./tool', 'env -i ./tool', 'env B=2 ./tool', 'env -u A ./tool'],
    's6-setuidgid svc ./tool again',
  ],
} as const

/** What `run` may be: a program, a script that becomes one, and what cannot be started. */
function makeRun(random: Random, name: string, of: 'runit' | 's6'): MemoryEntry | undefined {
  const own = (line: string, mode = 0o755) => ({content: `#!/bin/sh\n${line}\n`, mode})
  return random.pick<(() => MemoryEntry | undefined)[]>([
    [() => program(name), () => program(name)],
    [() => program(name, true)],
    [() => own('exec ./tool -x "$#"'), () => own('exec ./tool')],
    [() => own('./tool --first && exec /opt/bin/app last')],
    [() => own('exec /opt/bin/none')],
    [() => own('exec ./tool', 0o644), () => own('exec ./tool', 0o711)],
    [() => ({content: 'exec ./tool\n', mode: 0o755})],
    [() => ({content: '#!/opt/bin/no-shell\n', mode: 0o755})],
    [() => ({link: './tool'}), () => ({link: '/opt/bin/none'})],
    [() => ({kind: 'directory'}), () => undefined],
    [() => own(`exec ${random.pick(CHANGES[of])}`), () => own(`exec ${random.pick(CHANGES[of])}`)],
    [() => own(`exec ${random.pick(CHANGES[of])}`)],
    [() => own('cd / && exec ./opt/bin/app from root')],
    [() => own('[ -x ./tool ] || exit 1\nexec ./tool checked')],
  ])[0]?.()
}

function program(label: string, foreign = false): MemoryEntry {
  return {content: standIn(label, {foreign}), mode: 0o755}
}

function commandLine(random: Random, of: 'runit' | 's6', name: string): readonly string[] {
  if (of === 'runit') {
    return random.pick([
      ['runsvdir', SCANNED],
      ['runsvdir', '-P', SCANNED],
      ['runsvdir', '-P', SCANNED, 'log: ......'],
      ['runsv', `${SCANNED}/${name}`],
      ['runsv', name],
      random.pick([['runsvdir'], ['runsvdir', '/srv/none'], ['runsvdir', '-x', SCANNED], ['runsv'], ['runsv', 'none']]),
    ])
  }
  return random.pick([
    ['s6-svscan', SCANNED],
    ['s6-svscan', '-t0', SCANNED],
    ['s6-svscan'],
    ['s6-supervise', `${SCANNED}/${name}`],
    ['s6-supervise', name],
    random.pick([['s6-svscan', '/srv/none'], ['s6-supervise'], ['s6-svscan', '-y', SCANNED], ['s6-supervise', 'none']]),
  ])
}
