import {describe, identify} from '../../binary/index.ts'
import type {FileNode} from '../../image/rootfs.ts'
import {defined} from '../../lib/defined.ts'
import {SCRIPT_SAMPLE} from '../first-lines.ts'
import {mayRead} from '../permission.ts'
import {type Process, resolve} from '../resolved-path.ts'
import type {WorldView} from '../world/view.ts'
import type {Handover, Runner} from './handover.ts'
import {isShell} from './shells.ts'

/** What an interpreter does with a file that is there and is not a script of its language. */
interface Reader {
  /** Without the digits of a version. */
  readonly names: readonly string[]
  /** It ends with an error where the file is a directory. */
  readonly refusesDirectory: (view: WorldView, process: Process, path: string) => Promise<boolean>
  /** It ends with an error where the file is an ELF program. */
  readonly refusesElf: (view: WorldView, node: FileNode, path: string) => Promise<boolean>
  /** Options that may bring another reader of files. */
  readonly hooks?: RegExp
}

const NUL = 'a NUL in its first line'

const always = async () => true
const never = async () => false

/*
 * Measured on 327 ELF programs of Debian (amd64 and 10 other architectures) with dash 0.5.12 (exit code 2), bash 5.2
 * (126) and busybox 1.35 (2), and one by one with Python 3.11, Perl 5.36, Node.js 24 and Tcl 8.6. Of what is not
 * listed nothing is known: ruby, php, which prints such a file, zsh.
 */
const READERS: readonly Reader[] = [
  {names: ['sh', 'dash', 'ash'], refusesElf: always, refusesDirectory: never},
  // "Is a directory": dash and busybox end without an error.
  {names: ['bash'], refusesElf: always, refusesDirectory: always},
  {
    names: ['python'],
    // A zip archive may stand behind anything: zipimport finds it from its end.
    refusesElf: async (view, node) => !(await endsAsZip(view, node)),
    refusesDirectory: async (view, process, path) => {
      for (const main of ['__main__.py', '__main__.pyc'])
        if ((await resolve(view, process, `${path}/${main}`)).node) return false
      return true
    },
  },
  {names: ['perl'], refusesElf: always, refusesDirectory: always, hooks: /^-[Mm]/},
  {
    names: ['node', 'nodejs'],
    // Which file of a directory it takes is its package.json's matter.
    refusesDirectory: never,
    // An add-on is a library.
    refusesElf: async (_, __, path) => !/\.(node|wasm)$/.test(path),
    hooks: /^(-r$|--require|--import|--loader|--experimental-loader)/,
  },
  {names: ['tclsh'], refusesElf: always, refusesDirectory: always},
]

/**
 * `sh /app/server`, `python3 /app/server`: an interpreter that is to run a program, or a directory, reads it as a
 * script and ends with an error. Undefined where the file may be one for it, or where that is not known.
 */
export async function refuseBinary(
  {view, file}: Runner,
  process: Process,
  name: string,
  candidates: readonly string[],
): Promise<Handover | undefined> {
  const reader = readerOf(name, file)
  if (!reader || process.argv.some(word => reader.hooks?.test(word))) return undefined
  for (const path of candidates) {
    const {node, maybe} = await resolve(view, process, path)
    if (!node) continue
    const what = await describeBinary(view, process, reader, node, path)
    if (what === undefined) return undefined
    const reason = `${path} is not a script (${what})`
    const fix = node.kind === 'file' ? fixOf(what, path, name) : `Name a script in ${path}.`
    return {kind: 'refused', via: `argument of ${name}`, reason, fix, ...defined({maybe})}
  }
  return undefined
}

/** By the name that it is called by; a shell by its file, where that says which it is. */
function readerOf(name: string, file = name): Reader | undefined {
  const own = isShell(name) ? shellOf(name, file) : name.replace(/[\d.]+$/, '')
  return READERS.find(({names}) => names.includes(own))
}

function shellOf(name: string, file: string): string {
  if (file === 'busybox') return 'ash'
  if (file === 'bash' || file === 'dash') return file
  // /bin/sh -> mksh
  return name === 'sh' ? file : name
}

function fixOf(what: string, path: string, name: string): string {
  return what === NUL ? `Remove the NUL from the first line of ${path}.` : `Start ${path} itself, not by ${name}.`
}

async function describeBinary(
  view: WorldView,
  process: Process,
  reader: Reader,
  node: FileNode,
  path: string,
): Promise<string | undefined> {
  if (node.kind === 'directory') {
    return (await reader.refusesDirectory(view, process, path)) ? 'directory' : undefined
  }
  if (node.kind !== 'file' || !mayRead(node, process.user)) return undefined
  const identity = await identify(await view.open(node))
  if (
    reader.names.includes('bash') &&
    identity.kind === 'unknown' &&
    (identity.nulInFirstLine ?? SCRIPT_SAMPLE) < SCRIPT_SAMPLE
  )
    return NUL
  return identity.kind === 'elf' && (await reader.refusesElf(view, node, path)) ? describe(identity) : undefined
}

/** The longest end of a zip archive: its last record and a comment. */
const ZIP_END = 22 + 0xffff

async function endsAsZip(view: WorldView, node: FileNode): Promise<boolean> {
  const start = Math.max(0, node.size - ZIP_END)
  const end = await (await view.open(node)).read(start, node.size - start)
  return Buffer.from(end).includes('PK\x05\x06', 0, 'latin1')
}
