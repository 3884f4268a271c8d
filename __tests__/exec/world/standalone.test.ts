import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../../scripts/kernel/elf.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {nativeProgram, sayStart} from '../../support/script-start.ts'
import {startScript} from '../../support/told-startup.ts'

const MUSL = '/lib/ld-musl-x86_64.so.1'

function busybox(banner: string): Uint8Array {
  return new Uint8Array([...nativeProgram(), ...new TextEncoder().encode(`\0BusyBox v1.35.0 (${banner})\0`)])
}

const BUILDS = {
  Debian: busybox('Debian 1:1.35.0-4+b3'),
  Ubuntu: busybox('Ubuntu 1:1.36.1-6ubuntu3'),
  'of unknown make': busybox('2024-05-01 10:00:00 UTC'),
  'without a banner': nativeProgram(),
  dynamic: dynamicElf({interp: MUSL, needed: []}),
} as const

/** What is said of a script of its shell: `ls` is a foreign program in PATH, `mkdir` is in none, `cat` is a link. */
async function say(build: keyof typeof BUILDS, script: string): Promise<readonly string[]> {
  const files: MemoryTree = {
    [MUSL]: executable(dynamicElf({needed: []})),
    '/usr/busybox': executable(BUILDS[build]),
    '/bin/sh': {link: '/usr/busybox'},
    '/own/ls': executable(program({machine: 183})),
    '/own/cat': {link: '/usr/busybox'},
  }
  const lines = sayStart(await startScript(script, {config: {env: ['PATH=/own']}, files}))
  return lines.filter(line => !line.includes('/usr/busybox') && line !== MUSL)
}

describe('whether an applet goes before PATH', () => {
  test.each<[keyof typeof BUILDS, string, ...expected: string[]]>([
    ['Debian', 'exec ls'],
    ['Ubuntu', 'exec ls', '? /own/ls: refused'],
    ['dynamic', 'exec ls', '/own/ls: refused'],
    ['of unknown make', 'exec ls', '? /own/ls: refused'],
    ['without a banner', 'exec ls', '? /own/ls: refused'],
    ['Debian', 'exec mkdir /x'],
    ['dynamic', 'exec mkdir /x', 'mkdir: not-in-path'],
    ['of unknown make', 'exec mkdir /x'],
    // What it may have made is by the applet's name.
    ['Debian', 'tar xf x -C /own; exec none', 'none: not-in-path (tar in /e.sh)'],
    // A link to itself is the same either way.
    ['of unknown make', 'exec cat x'],
    ['dynamic', 'exec cat x'],
    // What is no applet is in PATH alone.
    ['Debian', 'exec foo', 'foo: not-in-path'],
    ['of unknown make', 'exec foo', 'foo: not-in-path'],
    // What is certain of a command afterwards.
    ['Debian', 'mkdir /x && exec /own/ls', '/own/ls: refused'],
    ['of unknown make', 'mkdir /x || exec /own/ls', '? /own/ls: refused'],
    ['dynamic', 'mkdir /x && exec /own/ls', 'mkdir: not-in-path'],
    ['dynamic', 'mkdir /x || exec /own/ls', '/own/ls: refused', 'mkdir: not-in-path'],
    ['Debian', 'mkdir /x || exec /own/ls'],
    ['Debian', 'command -v mkdir && exec /own/ls', '/own/ls: refused'],
    ['of unknown make', 'command -v mkdir && exec /own/ls', '? /own/ls: refused'],
    ['dynamic', 'command -v mkdir && exec /own/ls'],
    ['of unknown make', 'command -v cat && exec /own/ls', '/own/ls: refused'],
  ])('%s: %s', async (build, script, ...expected) => {
    expect(await say(build, script)).toEqual(expected)
  })
})

describe('of a shell that is a busybox of another name', () => {
  test.each<[script: string, ...expected: string[]]>([
    ['exec ls'],
    ['exec env /own/ls', '/own/ls: refused'],
    ['exec env "$(date)" /own/ls', 'unknown: env starts $(…), which only the run knows'],
    ['mkdir /x || exec /own/ls'],
    ['exec foo', 'foo: not-in-path'],
  ])('%s', async (script, ...expected) => {
    const files: MemoryTree = {'/bin/sh': executable(BUILDS.Debian), '/own/ls': executable(program({machine: 183}))}
    const lines = sayStart(await startScript(script, {config: {env: ['PATH=/own']}, files}))
    expect(lines).toEqual(expected)
  })
})
