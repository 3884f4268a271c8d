import type {Identity} from '../binary/index.ts'

/** Kinds of files as a reader knows them. */
const NAMES: Readonly<Record<Identity['kind'], string>> = {
  elf: 'ELF',
  script: 'script',
  pe: 'Windows program',
  'mach-o': 'Mach-O (macOS)',
  ar: 'ar archive',
  wasm: 'WebAssembly',
  'java-class': 'Java class',
  'git-lfs-pointer': 'Git LFS pointer',
  archive: 'archive',
  markup: 'HTML or XML document',
  json: 'JSON document',
  ape: 'Actually Portable Executable',
  text: 'text',
  empty: 'empty file',
  unknown: 'unknown file',
}

/** `Mach-O (macOS)` for `mach-o`; a kind that is not known stays as it is. */
export function natureOfKind(kind: string): string {
  return Object.hasOwn(NAMES, kind) ? NAMES[kind as keyof typeof NAMES] : kind
}
