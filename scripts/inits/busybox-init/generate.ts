import type {MemoryEntry, MemoryTree} from '../../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../../kernel/random.ts'
import {standIn} from '../../start-scripts/stand-in.ts'
import {oddPrograms} from '../odd-programs.ts'
import type {ServiceCase} from '../service-module.ts'

const program = (label: string) => ({content: standIn(label), mode: 0o755})

/** Beside the packages. */
export const BUSYBOX_INIT_FILES: MemoryTree = {
  '/usr/sbin/init': {link: '/bin/busybox'},
  ...oddPrograms('/usr/bin', 'daemon'),
  '/usr/bin/script': {content: '#!/bin/sh\nexec daemon from script "$1"\n', mode: 0o755},
  '/usr/bin/broken': {content: '#!/bin/none\n', mode: 0o755},
  '/usr/bin/daemon': program('daemon'),
  '/srv/daemon': program('daemon of srv'),
}

/** What init waits for, by the labels of stand-ins: `sysinit` before `wait`, each in the order of the table. */
export const WAITED = /^(sysinit|wait) /

const ACTIONS = ['sysinit', 'wait', 'once', 'respawn'] as const

/** A random /etc/inittab: mostly jobs that start, and lines that are none. */
export function makeInittabCase(random: Random): ServiceCase {
  const files: Record<string, MemoryEntry> = {}
  const lines = Array.from({length: 1 + random.below(5)}, (_, index) => makeLine(random, index, files))
  if (random.oneIn(8)) lines.push(random.pick(['no colons', ':::', '::respawn:', '::respawn', '::bogus:daemon', '::']))
  if (random.oneIn(20)) {
    files['/etc/init.d/rcS'] = {content: '#!/bin/sh\nexec daemon from rcS\n', mode: 0o755}
    return {argv: ['/sbin/init'], files}
  }
  const text = lines.map(line => `${line}${random.oneIn(10) ? ' # text' : ''}\n`).join('')
  files['/etc/inittab'] = random.oneIn(12) ? text.trimEnd() : text
  const words = random.oneIn(8) ? [random.pick(['3', 'single', '-s', 'S', 'x'])] : []
  return {argv: ['/sbin/init', ...words], files}
}

function makeLine(random: Random, index: number, files: Record<string, MemoryEntry>): string {
  const action = random.pick(ACTIONS)
  const own = `/opt/bin/${action}-${index}`
  files[own] = program(`${action} ${index}`)
  const commands = [
    ...[own, `${own} a  b`, `${own} "a b"`, `${own} $HOME`, `${own} >/dev/null`, `-${own}`, `  ${own} x`, `${own} a#b`],
    ...['daemon x', 'daemon', './daemon', 'script one', 'text', 'plain', 'foreign', '/usr/bin/none', 'none', 'broken'],
    ...['cd /srv && ./daemon', 'daemon; daemon two', 'daemon a\\ b', '/usr/bin/script', `${own} a:b`, '/usr/bin/plain'],
    ...[
      '/usr/bin/foreign one',
      'env -i daemon',
      // What it starts is not followed, and so has words of its own.
      'chroot / daemon in another root',
      'sh -c "exec daemon"',
      `${own}\t-t`,
      'DAEMON=1 daemon',
    ],
    ...["daemon 'it'", 'busybox env daemon', '-sh -c daemon', `${own} %`, `${own} ~`, '!daemon'],
  ]
  const command = random.oneIn(2) ? (commands[0] ?? own) : random.pick(commands)
  const id = random.oneIn(8)
    ? random.pick(['tty9', 'none', '#', 'null', '/dev/null', '/dev/none', 'dev/null', ' '])
    : ''
  const level = random.oneIn(8) ? random.pick(['3', '12345', 'x']) : ''
  const other = random.oneIn(10)
    ? random.pick(['askfirst', 'shutdown', 'ctrlaltdel', 'restart', 'off', 'Respawn', 'respawn '])
    : action
  return `${random.oneIn(15) ? '#' : ''}${random.oneIn(15) ? ' ' : ''}${id}:${level}:${other}:${command}`
}
