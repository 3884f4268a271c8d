import {readdirSync, readFileSync} from 'node:fs'
import {parse} from 'yaml'
import {type CliIo, runCli} from '../../src/cli.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {buildElf} from './elf-builder.ts'
import {executable, type MemoryEntry, type MemoryTree} from './memory-rootfs.ts'
import {memoryImages} from './memory-source.ts'

/** How an image of a well-known kind starts: one file of `__tests__/exec/entry-scripts`. */
export interface EntryScript {
  readonly name: string
  readonly about: string
  readonly base: keyof typeof BASES
  readonly entrypoint?: readonly string[]
  readonly cmd?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly user?: string
  readonly workdir?: string
  readonly volumes?: readonly string[]
  /** Name -> number of the user and of its group. */
  readonly users?: Readonly<Record<string, number>>
  /** Programs of the image's own platform. */
  readonly programs?: readonly string[]
  /** Texts with an execute bit, and without one. */
  readonly scripts?: Readonly<Record<string, string>>
  readonly texts?: Readonly<Record<string, string>>
  readonly directories?: readonly string[]
  readonly links?: Readonly<Record<string, string>>
  /** The program that runs in the end, and what the script cannot do without on the way there. */
  readonly starts: string
  readonly helpers?: readonly string[]
  /**
   * How surely the script is followed to `starts`: `likely` where hooks of the run, or a program in the background, may
   * change what comes; `undetermined` where that is said.
   */
  readonly follows?: 'certain' | 'likely' | 'undetermined'
  /** Of these, what a program before may make, as far as can be known: that they are missing is a note. */
  readonly mayBeMade?: readonly string[]
}

const FOLDER = '__tests__/exec/entry-scripts'
const MACHINES = {amd64: 62, arm64: 183} as const
type Architecture = keyof typeof MACHINES

/** What is wrong with the arm64 image of a twin: a file of the other machine, or one that is not there. */
export type Fault = {readonly foreign: string} | {readonly missing: string}

const NAMES = {
  coreutils:
    'cat chmod chown cp cut date dirname basename echo env expr false head hostname id install ln ls mkdir mktemp mv ' +
    'nproc printf pwd readlink realpath rm rmdir seq sleep sort stat tail tee test touch tr true uname uniq wc whoami ' +
    'find xargs grep sed awk timeout nohup stty tty sha256sum base64 comm paste nice',
  debian: 'dash bash dpkg getent getconf openssl perl which tar gzip ps setpriv ldconfig useradd usermod groupmod',
  busybox: 'sh ash getent which tar gzip ps adduser addgroup arch wget nc setpriv',
}

/** Userlands: Debian with a merged /usr, and Alpine, whose commands are one program. */
const BASES = {
  debian: (native: MemoryEntry): MemoryTree => ({
    '/bin': {link: 'usr/bin'},
    '/usr/bin/sh': {link: 'dash'},
    ...Object.fromEntries(words('coreutils', 'debian').map(name => [`/usr/bin/${name}`, native])),
  }),
  alpine: (native: MemoryEntry): MemoryTree => ({
    '/bin/busybox': native,
    '/usr/bin/env': {link: '/bin/busybox'},
    ...Object.fromEntries(
      words('coreutils', 'busybox')
        .filter(name => name !== 'env')
        .map(name => [`/bin/${name}`, {link: '/bin/busybox'}]),
    ),
  }),
}

function words(...lists: readonly (keyof typeof NAMES)[]): readonly string[] {
  return lists.flatMap(list => NAMES[list].split(' '))
}

/** All of them, by name. The files are the tests' own. */
export function readEntryScripts(): readonly EntryScript[] {
  const files = readdirSync(FOLDER).filter(file => file.endsWith('.yaml'))
  return files.sort().map(file => ({
    ...parse(readFileSync(`${FOLDER}/${file}`, 'utf8')),
    name: file.replace('.yaml', ''),
  }))
}

/** What the command says of an image of this kind for both platforms, of which arm64's may have a fault. */
export async function checkEntryScript(shape: EntryScript, fault?: Fault): Promise<EntryScriptReport> {
  const written: string[] = []
  const {open} = memoryImages({
    shape: {
      platforms: (['amd64', 'arm64'] as const).map(architecture => ({
        platform: `linux/${architecture}`,
        config: {
          entrypoint: shape.entrypoint ?? [],
          cmd: shape.cmd ?? [],
          env: Object.entries({PATH: PATHS, ...shape.env}).map(([name, value]) => `${name}=${value}`),
          user: shape.user ?? '',
          workingDir: shape.workdir ?? '',
          volumes: shape.volumes ?? [],
        },
        files: treeOf(shape, architecture, architecture === 'arm64' ? fault : undefined),
      })),
    },
  })
  const exitCode = await runCli(['shape', '--platforms', 'linux/amd64,linux/arm64', '--format', 'json'], {
    version: '0.0.0',
    open,
    readDockerfiles: async () => [],
    stdout: text => written.push(text),
    stderr: text => {
      throw new Error(text)
    },
    writeFile: async () => undefined,
    color: false,
  } satisfies CliIo)
  // The report is this project's own, and its schema is tested elsewhere.
  const report = JSON.parse(written.join('')) as Pick<EntryScriptReport, 'findings' | 'images'>
  return {...report, exitCode}
}

/** What is looked at of a report. */
export interface EntryScriptReport {
  readonly exitCode: number
  readonly findings: readonly Finding[]
  readonly images: readonly {
    readonly platforms: readonly {
      readonly platform: string
      readonly verdict: string
    }[]
  }[]
}

const PATHS = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

function treeOf(shape: EntryScript, architecture: Architecture, fault: Fault | undefined): MemoryTree {
  const native = executable(nativeElf(architecture))
  const users = Object.entries({root: 0, ...shape.users})
  const entries: Readonly<Record<string, MemoryEntry>> = {
    '/etc/passwd': users.map(([name, id]) => `${name}:x:${id}:${id}::/home/${name}:/bin/sh\n`).join(''),
    '/etc/group': users.map(([name, id]) => `${name}:x:${id}:\n`).join(''),
    '/tmp': {kind: 'directory', mode: 0o1777},
    '/var/run': {link: '/run'},
    '/run': {kind: 'directory'},
    ...BASES[shape.base](native),
    ...Object.fromEntries((shape.directories ?? []).map(path => [path, {kind: 'directory'} as const])),
    ...Object.fromEntries(Object.entries(shape.links ?? {}).map(([path, link]) => [path, {link}])),
    ...Object.fromEntries((shape.programs ?? []).map(path => [path, native])),
    ...Object.fromEntries(Object.entries(shape.scripts ?? {}).map(([path, text]) => [path, executable(text)])),
    ...shape.texts,
  }
  if (fault === undefined) return entries
  const path = 'foreign' in fault ? fault.foreign : fault.missing
  if (entries[path] === undefined) throw new Error(`${shape.name} has no ${path}`)
  const {[path]: _, ...others} = entries
  const other = executable(nativeElf(architecture === 'arm64' ? 'amd64' : 'arm64'))
  return 'foreign' in fault ? {...others, [path]: other} : others
}

/** A static program for kernels of every page size. */
function nativeElf(architecture: Architecture): Uint8Array {
  return buildElf({machine: MACHINES[architecture], align: 0x10000})
}
