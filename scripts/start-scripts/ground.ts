import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import type {MemoryEntry, MemoryTree} from '../../__tests__/support/memory-rootfs.ts'
import {installPackages} from '../../e2e/ground/debian.ts'
import {busybox} from '../../e2e/ground/programs.ts'
import {run} from '../../e2e/ground/run.ts'
import {fastDirectory} from '../kernel/fast-directory.ts'
import {writeTree} from '../kernel/tree.ts'
import {makeTemporaryFolder, removeTemporaryFolder} from '../support/temporary-folder.ts'

export const SHELLS = ['dash', 'bash', 'busybox'] as const
export type Shell = (typeof SHELLS)[number]

/** A small system, on disk for the run and as literals for the model: the same files. */
export interface Ground {
  readonly shell: Shell
  /** What overlays are laid on. */
  readonly base: string
  readonly tree: MemoryTree
  /** Programs of the system that scripts call by their names. */
  readonly tools: readonly string[]
}

const PACKAGES = ['bash', 'coreutils', 'dash', 'debianutils', 'dpkg', 'grep', 'passwd', 'sed', 'tar', 'util-linux']

const TOOLS = [
  ...['cp', 'mv', 'ln', 'install', 'mkdir', 'rm', 'rmdir', 'chmod', 'chown', 'touch', 'tee', 'cat', 'mktemp', 'sed'],
  ...['tar', 'echo', 'printf', 'test', '[', 'true', 'false', 'env', 'nice', 'nohup', 'timeout', 'uname', 'arch', 'id'],
  ...[
    'basename',
    'dirname',
    'readlink',
    'realpath',
    'grep',
    'head',
    'wc',
    'sleep',
    'ls',
    'expr',
    'getconf',
    'nproc',
    'whoami',
  ],
]
const DEBIAN_TOOLS = [...TOOLS, 'which', 'dpkg', 'useradd', 'groupadd', 'usermod', 'setpriv', 'bash', 'dash', 'stdbuf']
const BUSYBOX_TOOLS = [...TOOLS, 'which', 'adduser', 'addgroup', 'ash', 'setsid', 'setpriv', 'sh']

const USERS: MemoryTree = {
  '/etc/passwd': [
    'root:x:0:0:root:/root:/bin/sh',
    'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin',
    'app:x:1000:1000::/home/app:/bin/sh',
    '',
  ].join('\n'),
  '/etc/group': ['root:x:0:', 'nogroup:x:65534:', 'app:x:1000:', ''].join('\n'),
  '/etc/shadow': {content: 'root:*:19000::::::\napp:!:19000::::::\n', mode: 0o640},
  '/root': {kind: 'directory', mode: 0o700},
  '/home/app': {kind: 'directory', uid: 1000, gid: 1000},
}

const DIRECTORIES: MemoryTree = {
  '/tmp': {kind: 'directory', mode: 0o1777},
  '/var/tmp': {kind: 'directory', mode: 0o1777},
  '/run': {kind: 'directory'},
  '/data': {kind: 'directory'},
  '/usr/local/bin': {kind: 'directory'},
  '/usr/local/sbin': {kind: 'directory'},
  '/opt/bin': {kind: 'directory'},
  '/proc': {kind: 'directory', mode: 0o555},
  '/dev': {kind: 'directory'},
}

/** Debian's own programs of this machine, or its static busybox, laid out as bookworm does; `/dev/null` besides. */
export async function makeGround(shell: Shell): Promise<Ground> {
  const base = await makeTemporaryFolder('test-scripts-base', await fastDirectory())
  try {
    const system = shell === 'busybox' ? await busyboxSystem() : await debianSystem(shell)
    const tree = {...DIRECTORIES, ...USERS, ...system}
    await writeTree(base, tree)
    await run('chmod', ['755', base])
    await run('mknod', ['-m', '666', join(base, 'dev/null'), 'c', '1', '3'])
    return {
      shell,
      base,
      tree: {...tree, '/dev/null': {kind: 'character-device', mode: 0o666}},
      tools: shell === 'busybox' ? BUSYBOX_TOOLS.filter(name => `/bin/${name}` in tree) : DEBIAN_TOOLS,
    }
  } catch (error) {
    await removeTemporaryFolder(base)
    throw error
  }
}

async function busyboxSystem(): Promise<MemoryTree> {
  const path = await busybox('amd64')
  const content = await readFile(path)
  const applets = (await run(path, ['--list'])).split('\n')
  return {
    '/bin/busybox': {content, mode: 0o755},
    '/usr/bin/env': {link: '/bin/busybox'},
    ...Object.fromEntries(
      BUSYBOX_TOOLS.filter(name => applets.includes(name)).map(name => [`/bin/${name}`, {link: 'busybox'}] as const),
    ),
  }
}

async function debianSystem(shell: Shell): Promise<MemoryTree> {
  await installPackages(PACKAGES)
  const tree: Record<string, MemoryEntry> = {
    '/bin': {link: 'usr/bin'},
    '/sbin': {link: 'usr/sbin'},
    '/lib': {link: 'usr/lib'},
    '/lib64': {link: 'usr/lib64'},
    '/usr/bin/sh': {link: shell},
  }
  const libraries = new Set<string>()
  for (const name of DEBIAN_TOOLS) {
    const at = (await run('sh', ['-c', `command -v -- "$(which ${name})"`])).trim()
    const found = await run('readlink', ['-f', at])
    const path = `${at.includes('sbin/') ? '/usr/sbin' : '/usr/bin'}/${name}`
    tree[path] = {content: await readFile(found.trim()), mode: 0o755}
    const needed = await run('ldd', [found.trim()]).catch(() => '')
    for (const [, library] of needed.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)) if (library) libraries.add(library)
  }
  const preloaded = '/usr/libexec/coreutils/libstdbuf.so'
  tree[preloaded] = {content: await readFile(preloaded), mode: 0o644}
  for (const library of libraries) {
    const content = await readFile((await run('readlink', ['-f', library])).trim())
    tree[library.startsWith('/usr') ? library : `/usr${library}`] = {content, mode: 0o755}
  }
  return tree
}
