import type {MemoryEntry} from '../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../kernel/random.ts'
import {makeCommands} from './commands.ts'
import type {Shell} from './ground.ts'
import {standIn} from './stand-in.ts'
import type {Node, ScriptFile, StartScript} from './start-script.ts'
import {makeFinal, type Names, programPath} from './words.ts'

const ENTRY = '/entrypoint.sh'

/** Where programs may stand in the image. */
const SLOTS = [
  '/app/server',
  '/app/server-amd64',
  '/app/server-arm64',
  '/usr/local/bin/tool',
  '/usr/local/bin/worker',
  '/opt/bin/worker',
  '/opt/lib/run.sh',
]

/** Makes one start script in its small root. */
export function makeStartScript(random: Random, shell: Shell, tools: readonly string[]): StartScript {
  const isBash = shell === 'bash' && !random.oneIn(4)
  const scripts: Record<string, ScriptFile> = {}
  const tree: Record<string, MemoryEntry> = {}
  const interpreter = isBash
    ? random.pick(['/bin/bash', '/usr/bin/env bash'])
    : random.pick(['/bin/sh', '/bin/sh', '/bin/sh -e', '/usr/bin/env sh'])
  const names: Names = {random, isBash, tools, programs: [], made: [], variables: new Set()}
  const later: (() => void)[] = []
  for (const slot of SLOTS) later.push(...fillSlot(names, slot, interpreter, scripts, tree))
  for (const makeScript of later) makeScript()
  const env = [
    random.pick([
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'PATH=/usr/local/bin:/opt/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      'PATH=/app:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin:/data/bin',
    ]),
    ...(random.oneIn(2) ? [`BIN=${programPath({...names, made: []})}`] : []),
    ...(random.oneIn(3) ? ['MODE=serve'] : []),
  ]
  if (env.length > 1 && env[1]?.startsWith('BIN=')) names.variables.add('BIN')
  if (random.oneIn(2)) tree['/etc/app.conf'] = {content: `${random.pick(SLOTS)}\n`}
  if (!random.oneIn(4)) tree['/etc/default/app'] = {content: settings(random)}
  for (const directory of ['/tmp/d/e', '/data/bin', '/run/app']) {
    if (random.oneIn(2)) tree[directory] = {kind: 'directory'}
  }
  if (random.oneIn(6)) {
    scripts['/entrypoint.d/10-first.sh'] = {
      shebang: '',
      mode: random.pick([0o644, 0o755]),
      body: makeCommands(names, 2, 1),
    }
    scripts['/entrypoint.d/20-second.sh'] = {
      shebang: `#!${interpreter}\n`,
      mode: 0o755,
      body: makeCommands(names, 1, 1),
    }
  }
  if (random.oneIn(5)) tree['/data/app'] = {content: standIn('data'), mode: 0o755}
  const opening: Node[] = random.oneIn(3)
    ? [random.pick(['set -e', 'set -e', 'set -eu', 'set -o errexit', isBash ? 'set -euo pipefail' : 'set -e'])]
    : []
  const body = [...opening, ...makeCommands(names, 1 + random.below(random.pick([4, 8, 14])), 0), ...makeFinal(names)]
  scripts[ENTRY] = {shebang: random.oneIn(25) ? '' : `#!${interpreter}\n`, mode: 0o755, body}
  const cmd = random.pick<() => string[]>([
    () => [],
    () => ['server', '--listen', '80'],
    () => ['/app/server'],
    () => ['tool', 'a b'],
    () => [random.pick(SLOTS), '-v'],
    () => ['/tmp/app', 'x'],
  ])()
  return {
    entrypoint: random.oneIn(12) ? ['/bin/sh', ENTRY] : [ENTRY],
    cmd,
    env,
    user: random.oneIn(8) ? random.pick(['app', '1000', '1000:1000', 'nobody']) : '',
    cwd: random.pick(['/', '/', '/app', '/tmp', '/data']),
    scripts,
    tree: {'/app': {kind: 'directory'}, '/opt/lib': {kind: 'directory'}, ...tree},
    removed: [],
  }
}

function settings(random: Random): string {
  return `${random.pick(['BIN=/app/server', 'BIN=/usr/local/bin/tool', 'MODE=serve', 'PATH=/opt/bin:$PATH', 'ARCH=$(uname -m)'])}\n`
}

function fillSlot(
  names: Names,
  slot: string,
  interpreter: string,
  scripts: Record<string, ScriptFile>,
  tree: Record<string, MemoryEntry>,
): readonly (() => void)[] {
  const {random} = names
  const later: (() => void)[] = []
  const label = slot.slice(1).replaceAll('/', '-')
  const program = (options: {status?: number; foreign?: boolean} = {}, mode = 0o755) => {
    tree[slot] = {content: standIn(label, options), mode}
    if (!options.foreign && (mode & 0o111) !== 0) names.programs.push(slot)
  }
  const script = (shebang: string, mode = 0o755) => {
    const own = {...names, made: [], variables: new Set<string>()}
    if (shebang === `#!${interpreter}\n`) names.programs.push(slot)
    later.push(() => {
      const body = [...makeCommands(own, 1 + random.below(2), 2), ...(random.oneIn(2) ? makeFinal(own) : [])]
      scripts[slot] = {shebang, mode, body}
    })
  }
  const isForeign = slot.endsWith('arm64')
  const kinds: readonly (() => void)[] = [
    ...Array.from({length: 8}, () => () => program({foreign: isForeign})),
    ...Array.from({length: 3}, () => () => program({foreign: !isForeign})),
    () => program({}, random.pick([0o644, 0o600, 0o744, 0o700])),
    () => program({status: random.pick([1, 3])}),
    () => script(`#!${interpreter}\n`),
    () => script(`#!${interpreter}\n`),
    () => script('', random.pick([0o755, 0o644])),
    () => script('#!/nonexistent/sh\n'),
    () => script('#!/bin/sh\r\n'),
    () => {
      tree[slot] = {link: random.pick(SLOTS.filter(other => other !== slot))}
    },
    () => {
      tree[slot] = {link: random.pick(['/tmp/app', 'missing', '/data/app', 'server-amd64'])}
    },
    () => {
      tree[slot] = {kind: 'directory'}
    },
    () => {
      tree[slot] = {content: '', mode: 0o755}
    },
    () => {},
    () => {},
    () => {},
  ]
  random.pick(kinds)()
  return later
}
