import {access, chmod} from 'node:fs/promises'
import {join} from 'node:path'
import type {MemoryTree} from '../../__tests__/support/memory-rootfs.ts'
import {run} from '../../e2e/ground/run.ts'
import {fastDirectory} from '../kernel/fast-directory.ts'
import {writeTree} from '../kernel/tree.ts'
import {readLabel, standIn} from '../start-scripts/stand-in.ts'
import {makeTemporaryFolder, removeTemporaryFolder} from '../support/temporary-folder.ts'
import {type Deb, fetchDebs, unpackDebs} from '../systems/debian.ts'

export const RELEASES = ['bookworm', 'sid'] as const
/** A release of Debian. */
export type Release = (typeof RELEASES)[number]

/** What the wrappers of the table are packed in, where Debian packs them. */
const PACKAGES: readonly string[] = [
  ...[
    'authbind',
    'bash',
    'bsdutils',
    'busybox-static',
    'catatonit',
    'coreutils',
    'daemontools',
    'daemonize',
    'dash',
    'dbus-daemon',
  ],
  ...['doas', 'dpkg', 'dumb-init', 'eatmydata', 'execline', 'expect', 'faketime', 'gosu', 'libc-bin', 'libcap2-bin'],
  ...['libpam-modules', 'login', 'numactl', 'passwd', 'rlwrap', 'runit', 's6', 'sudo', 'time', 'tini', 'util-linux'],
  'util-linux-extra',
]

const PERMIT = ['auth', 'account', 'session'].map(kind => `${kind} sufficient pam_permit.so\n`).join('')

const script = (content: string, mode = 0o755) => ({content, mode})

/** Directories of variables: every form that a file may have, and what is no file. */
const VARIABLES: MemoryTree = {
  '/opt/env/COLOUR': 'blue\n',
  '/opt/env/A': '',
  '/opt/env/B': 'blank \t \nsecond\n',
  '/opt/env/CR': 'return\r\n',
  '/opt/env/END': 'without a newline',
  '/opt/env/NUL': 'one\0two\0\n',
  '/opt/env/EMPTY': '\n',
  '/opt/env/LONG': `${'long'.repeat(1200)}\n`,
  '/opt/env/E=Q': 'equals\n',
  '/opt/env/F=Q': '',
  '/opt/env/.hidden': 'hidden\n',
  '/opt/env/HOME': '/home/of/env\n',
  '/opt/path/PATH': '/opt/other:/usr/bin\n',
  '/opt/path/LD_LIBRARY_PATH': '/opt/lib\n',
  '/opt/other/app': {content: standIn('other app'), mode: 0o755},
  '/opt/inner/sub/X': 'inner\n',
  '/opt/inner/Y': 'outer\n',
}

/** Users, their rights, and programs that show by being started who was asked to start them, and from where. */
const FILES: MemoryTree = {
  '/etc/passwd': [
    'root:x:0:0:root:/root:/bin/sh',
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    'svc:x:1000:1000::/home/svc:/bin/sh',
    'odd:x:1001:1001::/home/odd:/opt/bin/shell',
    '',
  ].join('\n'),
  '/etc/group': ['root:x:0:', 'nogroup:x:65534:', 'svc:x:1000:', 'odd:x:1001:', 'more:x:2000:svc', ''].join('\n'),
  '/etc/shadow': {content: 'root:*:19000::::::\nsvc:!:19000::::::\nodd:!:19000::::::\n', mode: 0o640},
  '/etc/pam.d/su': PERMIT,
  '/etc/pam.d/su-l': PERMIT,
  '/etc/pam.d/runuser': PERMIT,
  '/etc/pam.d/runuser-l': PERMIT,
  '/etc/pam.d/sudo': PERMIT,
  '/etc/pam.d/sudo-i': PERMIT,
  '/etc/pam.d/doas': PERMIT,
  '/etc/pam.d/other': PERMIT,
  '/etc/sudoers': {content: 'ALL ALL=(ALL:ALL) NOPASSWD:SETENV: ALL\n', mode: 0o440},
  '/etc/doas.conf': {content: 'permit nopass keepenv :root\npermit nopass root\n', mode: 0o400},
  '/root': {kind: 'directory', mode: 0o700},
  '/home/svc': {kind: 'directory', uid: 1000, gid: 1000},
  '/home/svc/own': {content: standIn('home of svc'), mode: 0o755, uid: 1000, gid: 1000},
  '/root/own': {content: standIn('home of root'), mode: 0o755},
  '/home/odd': {kind: 'directory', uid: 1001, gid: 1001},
  '/opt/bin/app': {content: standIn('app'), mode: 0o755},
  '/opt/bin/shell': {content: standIn('shell'), mode: 0o755},
  '/opt/bin/svc-only': {content: standIn('svc only'), mode: 0o700, uid: 1000, gid: 1000},
  '/opt/bin/group-only': {content: standIn('group only'), mode: 0o070, uid: 0, gid: 2000},
  '/opt/bin/root-only': {content: standIn('root only'), mode: 0o700},
  '/opt/bin/foreign': {content: standIn('foreign', {foreign: true}), mode: 0o755},
  '/opt/bin/text': script('exec app from text\n'),
  '/opt/bin/shebang': script('#!/bin/sh\nexec app from script\n'),
  '/opt/bin/plain': {content: 'no program\n', mode: 0o644},
  '/srv/here': {content: standIn('here'), mode: 0o755},
  '/opt/bin/cat': {content: standIn('own cat'), mode: 0o755},
  ...VARIABLES,
  '/tmp': {kind: 'directory', mode: 0o1777},
  '/proc': {kind: 'directory', mode: 0o555},
  '/run': {kind: 'directory'},
  '/dev/shm': {kind: 'directory', mode: 0o1777},
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
}

export interface WrapperGround {
  readonly base: string
  /** `tini 0.19.0-1`, of each package that is tried. */
  readonly versions: readonly string[]
  /** The stand-in at each path. */
  readonly labels: ReadonlyMap<string, string>
  /** Where a name is found. */
  readonly pathOf: (name: string) => Promise<string | undefined>
}

/** A root of a release's packages, unpacked and with none of their scripts run, with stand-ins to be started. */
export async function makeWrapperGround(release: Release): Promise<WrapperGround> {
  const debs = await fetchDebs('amd64', PACKAGES, release)
  const base = await makeTemporaryFolder('test-wrappers-base', await fastDirectory())
  try {
    await chmod(base, 0o755)
    await unpackDebs(debs, 'amd64', base)
    await run('rm', [
      '-rf',
      ...['usr/share/doc', 'usr/share/locale', 'usr/share/man', 'usr/include', 'usr/games', 'var/lib'].map(name =>
        join(base, name),
      ),
    ])
    await writeTree(base, FILES)
    await run('mknod', ['-m', '666', join(base, 'dev/null'), 'c', '1', '3'])
    await run('chroot', [base, '/sbin/ldconfig'])
    return {base, versions: versionsOf(debs), labels: labelsOf(FILES), pathOf: name => findProgram(base, name)}
  } catch (error) {
    await removeTemporaryFolder(base)
    throw error
  }
}

function versionsOf(debs: readonly Deb[]): readonly string[] {
  return debs
    .filter(({name}) => PACKAGES.includes(name))
    .map(({file}) => file.split('_').slice(0, 2).join(' ').replaceAll('%3a', ':'))
}

function labelsOf(tree: MemoryTree): ReadonlyMap<string, string> {
  const labels = Object.entries(tree).flatMap(([path, entry]): [string, string][] => {
    const content = typeof entry === 'object' && 'content' in entry ? entry.content : entry
    const label = content instanceof Uint8Array ? readLabel(content.subarray(-64)) : undefined
    return label === undefined ? [] : [[path, label]]
  })
  return new Map(labels)
}

async function findProgram(base: string, name: string): Promise<string | undefined> {
  for (const directory of ['opt/bin', 'usr/sbin', 'usr/bin']) {
    const there = await access(join(base, directory, name)).then(
      () => true,
      () => false,
    )
    if (there) return `/${directory}/${name}`
  }
  return undefined
}
