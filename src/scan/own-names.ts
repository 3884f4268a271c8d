import {machineName} from '../platform/index.ts'
import type {Candidate, RunEnvironment} from './candidate.ts'
import {namesAnyMachine, namesMachine, namesSystem} from './spellings.ts'

/** The `e_machine` of an ELF file. */
export function machineOf({seen}: Candidate): number | undefined {
  return seen.kind === 'elf' ? seen.header.machine : undefined
}

/** What an ELF file's machine is called in paths. */
export function machineNameOf({seen}: Candidate): string | undefined {
  if (seen.kind !== 'elf') return undefined
  const {machine, class: elfClass, data} = seen.header
  return machineName(machine, elfClass, data)
}

/** Whether a text (the path, or a name) says what the file is for. */
export function namesItself(file: Candidate, text: string): boolean {
  const {seen} = file
  if (seen.kind === 'elf') return namesMachine(text, machineNameOf(file) ?? '')
  const {kind} = seen.identity
  return (kind === 'pe' || kind === 'mach-o') && namesSystem(text, kind)
}

/** Whether a file for Windows or macOS says so: by its name, by a directory, or by what its system calls such files. */
export function saysOtherSystem(file: Candidate, around: RunEnvironment): boolean {
  const {seen, node, names, place} = file
  if (seen.kind === 'elf') return false
  if (wantsSibling(file) && !around.hasSibling(node.path)) return false
  const isNamed = (name: string): boolean =>
    seen.identity.kind === 'pe'
      ? /\.(?:exe|dll|sys|ocx|cpl|scr|com|drv|pyd|winmd|mui|mexw(?:32|64)|tlb)$/i.test(name)
      : /\.(?:dylib|bundle)$|^fsevents\.node$/i.test(name)
  if (names.every(isNamed)) return true
  if (place === 'path') return names.every(name => namesItself(file, name))
  return namesItself(file, node.path) || /\.(?:framework|app|dSYM|bundle)\//.test(node.path)
}

/** In `lib/TRIPLET` of the file's own machine. */
export function isMultiarch(file: Candidate): boolean {
  const machine = machineNameOf(file)
  const [, triplet] = MULTIARCH.exec(file.node.path) ?? []
  return machine !== undefined && triplet !== undefined && namesMachine(triplet, machine)
}

const MULTIARCH = /^\/(?:usr\/)?(?:local\/)?lib\/([a-z0-9_]+-linux-(?:gnu|musl)[a-z0-9]*)\//

/** Whether a path says for which machine the file is, its library directory apart. */
export function namesOwnMachine(file: Candidate): boolean {
  return namesItself(file, withoutMultiarch(file))
}

/**
 * The path without it: a library directory's own name says nothing: the libraries of a
 * wrong base image are all in such a one.
 */
export function withoutMultiarch({node}: Candidate): string {
  return node.path.replace(MULTIARCH, '/')
}

/**
 * A name that is put by whatever machine the package was installed on: of an extension module of Python (PEP 3149),
 * or of a package of npm that is installed on its own platform only. There the platform's own must stand beside it;
 * else it was copied from another machine.
 */
export function wantsSibling({node: {path}}: Candidate): boolean {
  return /\.(?:cpython|pypy|graalpy)[-0-9][^/]*\.so$/.test(path) || nodePackage(path) !== undefined
}

/** The directory of an npm package for one platform: `…/node_modules/@esbuild/linux-x64`. */
export function nodePackage(path: string): string | undefined {
  const at = path.lastIndexOf('/node_modules/')
  if (at < 0) return undefined
  const inside = path.slice(at + '/node_modules/'.length)
  const [name = ''] = /^(?:@[^/]+\/)?[^/]+/.exec(inside) ?? []
  const own = name.replace(/^@[^/]+\//, '')
  const isForOne =
    /(?<![a-z0-9])(?:linux|linuxmusl|darwin|win32|windows|android|freebsd)/i.test(own) && namesAnyMachine(own)
  return isForOne ? path.slice(0, at + '/node_modules/'.length + name.length) : undefined
}
