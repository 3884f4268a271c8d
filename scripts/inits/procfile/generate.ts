import type {MemoryEntry, MemoryTree} from '../../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../../kernel/random.ts'
import {standIn} from '../../start-scripts/stand-in.ts'
import {oddPrograms} from '../odd-programs.ts'
import type {ServiceCase} from '../service-module.ts'

/** A process that ends has its runner end the others. */
const program = (label: string) => ({content: standIn(label, {stays: true}), mode: 0o755})

/** Beside the packages. */
export const PROCFILE_FILES: MemoryTree = {
  '/usr/bin/daemon': program('daemon'),
  '/srv/daemon': program('daemon of srv'),
  '/srv/app/daemon': program('daemon of app'),
  ...oddPrograms('/usr/bin', 'daemon'),
  '/usr/bin/script': {content: '#!/bin/sh\nexec daemon from script "$1" "$PORT"\n', mode: 0o755},
}

const COMMANDS = [
  ...['daemon', 'daemon -x', 'exec daemon $PORT', './daemon', 'daemon $PORTAL', 'daemon "a  b"', 'daemon a  b'],
  ...['daemon $A', 'daemon "$"{A}', 'A=2 daemon', 'daemon $NAME', 'daemon $PS', 'script one', 'text x', 'exec daemon'],
  ...['daemon a=b', 'daemon ~', 'daemon %', '/usr/bin/daemon\tx', 'env daemon x', "daemon 'it'", 'daemon # text'],
  ...[
    'cd / && daemon',
    'daemon $HOME',
    'daemon \\$A',
    'bash -c daemon',
    'daemon "$PORT" $$NAME',
    'if true; then daemon; fi',
  ],
]
const FAILING = ['none', '/usr/bin/none -x', 'plain', '/usr/bin/plain', 'exec none', 'foreign', 'exec /usr/bin/foreign']
const ENTRIES = [
  'NAME="two words"',
  "NAME='it'",
  'A=3',
  'PORT=7000',
  'NAME=$A',
  '# text',
  'NAME="a\\nb"',
  'A = 4',
  'export A=5',
]

/** A Procfile, variables, and a command line of foreman. */
export function makeForemanCase(random: Random): ServiceCase {
  const names = ['web', 'worker', 'a-b_1'].slice(0, 1 + random.below(3))
  const isFailing = random.oneIn(5)
  const lines = names.map((name, index) => {
    const command = random.pick(isFailing && index === 0 ? FAILING : COMMANDS)
    return `${name}:${random.pick([' ', ' ', '', '\t'])}${command}`
  })
  if (random.oneIn(6))
    lines.push(random.pick(['# text', 'no line', 'bad name: daemon', ' web: daemon', 'c:', 'web: daemon again']))
  const text = `${lines.join(random.oneIn(10) ? '\r\n' : '\n')}\n`
  const [place, words] = random.pick<readonly [string, readonly string[]]>([
    ['/srv/Procfile', []],
    ['/srv/Procfile', []],
    ['/srv/app/Procfile', ['-d', 'app']],
    ['/srv/app/own', ['-f', 'app/own']],
    ['/srv/app/own', ['--procfile=/srv/app/own', '-d', '/srv']],
    ['/srv/none', []],
  ])
  const files: Record<string, MemoryEntry> = {[place]: text}
  const variables = Array.from({length: random.below(4)}, () => `${random.pick(ENTRIES)}\n`).join('')
  if (random.oneIn(2)) files[random.pick(['/srv/.env', '/srv/app/.env', '/srv/own.env'])] = variables
  const more = random.oneIn(2)
    ? []
    : random.pick([
        ...[[random.pick(names)], ['-p', '9000'], ['-m', `${names[0]}=2`], ['-m', 'all=1,worker=0'], ['none']],
        ...[['-e', 'own.env'], ['--no-timestamp'], ['web', 'worker'], ['-c'], ['-t', '3'], ['--nonsense']],
      ])
  const env = random.oneIn(4) ? ['PORT=8000'] : []
  if (random.oneIn(3)) return {argv: ['/usr/bin/foreman', 'run', ...words, ...runWords(random, names)], files, env}
  return {argv: ['/usr/bin/foreman', 'start', ...words, ...more], files, env}
}

/** A process of the Procfile, or a command line of its own. */
function runWords(random: Random, names: readonly string[]): readonly string[] {
  const options = random.oneIn(4) ? random.pick([['-e', 'own.env'], ['--env=/srv/own.env'], ['--'], ['-t', '3']]) : []
  if (random.oneIn(3)) return [...options, random.pick([...names, 'c', 'missing'])]
  return [
    ...options,
    ...random.pick<readonly string[]>([
      ...[['daemon'], ['daemon', '-x', '-e'], ['daemon', 'a  b', ''], ['daemon', '$NAME', '$PORT'], ['./daemon']],
      ...[
        ['script', 'one'],
        ['text', 'x'],
        ['exec', 'daemon'],
        ['A=2', 'daemon'],
        ['daemon', "it's"],
        ['daemon', '~'],
      ],
      ...[
        ['sh', '-c', 'exec daemon $NAME $PORT $PS'],
        ['daemon', '--', '-x'],
        ['env', 'daemon'],
        ['daemon', '{a,b}'],
      ],
      ...[['none', 'x'], ['plain', 'x'], ['foreign'], ['/usr/bin/none'], ['web', 'more'], ['daemon a'], []],
    ]),
  ]
}
