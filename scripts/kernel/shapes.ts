import type {MemoryEntry, MemoryTree} from '../../__tests__/support/memory-rootfs.ts'
import {EM_386, EM_X86_64, layOut, program} from './elf.ts'
import type {Random} from './random.ts'
import {COMMON, wayTo} from './ways.ts'

/** One question to the kernel: a tree, and what is executed in it. */
export interface Shape {
  /** What was made, for the report of a disagreement. */
  readonly label: string
  readonly tree: MemoryTree
  readonly path: string
  readonly cwd: string
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
}

type Files = Record<string, MemoryEntry>

/** Makes one shape below `dir`, which is this shape's own. */
export function makeShape(random: Random, dir: string): Shape {
  const files: Files = {[dir]: {kind: 'directory', mode: 0o755}, [`${dir}/sub`]: {kind: 'directory', mode: 0o755}}
  const who = random.oneIn(3)
    ? {uid: 1000, gid: 1000, groups: random.oneIn(2) ? [100] : []}
    : {uid: 0, gid: 0, groups: []}
  const cwd = random.pick([
    `${dir}/sub`,
    dir,
    '/',
    COMMON,
    `${COMMON}/sub`,
    `${COMMON}/private`,
    `${COMMON}/private/sub`,
  ])
  const kind = random.pick([
    'elf',
    'elf',
    'interp',
    'interp',
    'loader',
    'script',
    'script',
    'script',
    'chain',
    'magic',
    'special',
  ] as const)
  const label = kind
  const target = `${dir}/target`
  switch (kind) {
    case 'elf':
      files[target] = {content: mutate(random, anyProgram(random, dir)), mode: anyMode(random), ...anyOwner(random)}
      break
    case 'interp':
      files[target] = {content: program({wide: !random.oneIn(4), interp: anyInterp(random, dir)}), mode: 0o755}
      break
    case 'loader': {
      const wide = !random.oneIn(4)
      const type = random.pick([2, 3, 3, 1])
      const loader = random.oneIn(8)
        ? layOut({
            wide,
            type,
            machine: wide ? EM_X86_64 : EM_386,
            phdrs: random.oneIn(2) ? [] : [{type: 4}],
            tail: new Uint8Array(random.pick([0, 16])),
          })
        : program({wide: random.oneIn(8) ? !wide : wide, type})
      files[`${dir}/ld`] = {content: mutate(random, loader), mode: anyMode(random)}
      files[target] = {content: program({wide, interp: bytes(`${dir}/ld\0`)}), mode: 0o755}
      break
    }
    case 'script':
      files[target] = {content: anyScript(random, dir), mode: anyMode(random), ...anyOwner(random)}
      break
    case 'chain':
      Object.assign(files, scriptChain(random, dir))
      break
    case 'magic':
      files[target] = {content: anyMagic(random), mode: anyMode(random)}
      break
    case 'special':
      files[target] = random.pick<MemoryEntry>([
        {kind: 'directory', mode: 0o755},
        {kind: 'fifo', mode: 0o755},
        {kind: 'character-device', mode: 0o777},
        {content: '', mode: 0o755},
        {link: target},
        {link: `${dir}/nowhere`},
      ])
      break
  }
  const path = wayTo(random, dir, target, cwd, files)
  return {label, tree: files, path, cwd, ...who}
}

/** What all shapes lean on: good and bad interpreters. */
export function commonTree(): MemoryTree {
  const dir = COMMON
  return {
    [dir]: {kind: 'directory', mode: 0o755},
    [`${dir}/sub`]: {kind: 'directory', mode: 0o755},
    [`${dir}/ok`]: {content: program({}), mode: 0o755},
    [`${dir}/ok32`]: {content: program({wide: false}), mode: 0o755},
    [`${dir}/noexec`]: {content: program({}), mode: 0o644},
    [`${dir}/text`]: {content: 'exit 42\n', mode: 0o755},
    [`${dir}/empty`]: {content: '', mode: 0o755},
    [`${dir}/foreign`]: {content: program({machine: 183}), mode: 0o755},
    [`${dir}/script`]: {content: `#!${dir}/ok\n`, mode: 0o755},
    [`${dir}/dangling`]: {link: `${dir}/nowhere`},
    [`${dir}/loop`]: {link: `${dir}/loop`},
    [`${dir}/link`]: {link: 'ok'},
    [`${dir}/private`]: {kind: 'directory', mode: 0o700},
    [`${dir}/private/ok`]: {content: program({}), mode: 0o755},
    [`${dir}/private/link`]: {link: '../ok'},
    [`${dir}/private/sub`]: {kind: 'directory', mode: 0o755},
    [`${dir}/private/sub/ok`]: {link: `${dir}/ok`},
    [`${dir}/private/sub/target`]: {content: program({interp: bytes('ok\0')}), mode: 0o755},
    [`${dir}/closed`]: {kind: 'directory', mode: 0o644},
    [`${dir}/closed/ok`]: {content: program({}), mode: 0o755},
  }
}

const INTERPRETERS = [
  'ok',
  'ok',
  'ok',
  'ok32',
  'noexec',
  'text',
  'empty',
  'foreign',
  'script',
  'dangling',
  'loop',
  'link',
  'sub',
  'private/ok',
  'private/link',
  'closed/ok',
  'nowhere',
  'ok/x',
  'sub/../ok',
  './ok',
  'private/../ok',
] as const

function anyInterpreter(random: Random, dir: string): string {
  const name = random.oneIn(3) ? 'ok' : random.pick(INTERPRETERS)
  if (random.oneIn(12)) return name
  if (random.oneIn(20)) return `${dir}/nowhere`
  return random.oneIn(16) ? `../${name}` : `${COMMON}/${name}`
}

function anyProgram(random: Random, dir: string): Uint8Array {
  const wide = !random.oneIn(4)
  const interp = random.oneIn(3) ? bytes(`${anyInterpreter(random, dir)}\0`) : undefined
  const machine = random.oneIn(6) ? random.pick([EM_386, EM_X86_64, 6, 183, 40, 0, 21, 243]) : wide ? EM_X86_64 : EM_386
  const type = random.pick([2, 2, 2, 3, 3, 1, 4, 0, 0xfe00])
  if (random.oneIn(10)) return layOut({wide, type, machine, phdrs: []})
  return program({wide, type, machine, ...(interp ? {interp} : {})})
}

function anyInterp(random: Random, dir: string): Uint8Array {
  const path = anyInterpreter(random, dir)
  return random.pick([
    () => bytes(`${path}\0`),
    () => bytes(`${path}\0`),
    () => bytes(`${path}\0`),
    () => bytes(path),
    () => bytes(`${path}\0\0\0`),
    () => bytes(`${path}\0junk\0`),
    () => bytes(`${path} \0`),
    () => bytes(`${path}\n\0`),
    () => bytes('\0\0'),
    () => bytes('\0'),
    () => new Uint8Array(),
    () => bytes(`${COMMON}/${'./'.repeat(random.pick([2030, 2039, 2040, 2041, 2042, 2060]))}ok\0`),
    () => bytes(`${dir}/${'a'.repeat(random.pick([254, 255, 256]))}\0`),
  ])()
}

/** One to three changes anywhere, most of them where a loader looks. */
function mutate(random: Random, original: Uint8Array): Uint8Array {
  let content = Uint8Array.from(original)
  const rounds = random.pick([0, 1, 1, 1, 2, 3])
  for (let round = 0; round < rounds; round++) {
    const how = random.below(10)
    if (how === 0) content = content.slice(0, random.below(content.length + 1))
    else if (how === 1) content = Uint8Array.of(...content, ...new Uint8Array(random.below(200)))
    else {
      const at = random.below(Math.min(content.length, random.pick([20, 64, 64, 176])))
      const width = random.pick([1, 1, 2, 4, 8])
      const value = random.pick([0, 1, 2, 3, 4, 0x20, 0x38, 0x40, 0x7f, 0x80, 0xff, random.below(256)])
      for (let index = 0; index < width && at + index < content.length; index++) {
        content[at + index] = index === 0 || random.oneIn(2) ? value : 0
      }
    }
  }
  return content
}

function anyScript(random: Random, dir: string): Uint8Array {
  const path = anyInterpreter(random, dir)
  const pad = (length: number) => `${`${COMMON}/${'./'.repeat(200)}`.slice(0, Math.max(0, length - 2))}ok`
  const filler = random.pick([' ', '\t', ' \t'])
  const line = random.pick<() => string>([
    () => `#!${path}\n`,
    () => `#!${path}`,
    () => `#! \t${path} \t\n`,
    () => `#!${path} -e\n`,
    () => `#!${path} one two three   \nexit\n`,
    () => `#!${path}\r\n`,
    () => `#!${path} -e\r\n`,
    () => `#!${path}\0junk\n`,
    () => `#!${path}\0junk`,
    () => `#!${path}\t\0\n`,
    () => '#!\n',
    () => '#!',
    () => `#!${filler.repeat(random.pick([1, 20, 126, 127, 252, 253, 254, 255, 260]))}`,
    () => `#!${filler.repeat(random.pick([1, 20, 126, 127, 252, 253, 254, 255, 260]))}\n`,
    () => `#!\0${path}\n`,
    () => `#!${pad(random.pick([200, 250, 251, 252, 253, 254, 255, 256, 257, 300]))}\n`,
    () => `#!${pad(random.pick([200, 250, 251, 252, 253, 254, 255, 256, 257, 300]))}`,
    () => `#!${pad(random.pick([250, 251, 252, 253, 254, 255]))} x\n`,
    () => `#!${' '.repeat(random.pick([200, 230, 240, 250]))}${path}\n`,
    () => `#!${path} ${'x'.repeat(random.pick([200, 230, 260, 400]))}\n`,
    () => `#!${path} ${'x'.repeat(random.pick([200, 230, 260, 400]))}`,
    () => `\ufeff#!${path}\n`,
    () => ` #!${path}\n`,
    () => `\n#!${path}\n`,
    () => `#${path}\n`,
    () => `!#${path}\n`,
    () => `# !${path}\n`,
    () => `#!"${path}"\n`,
    () => `#!${path}\u0001\n`,
    () => `#!${path}é\n`,
  ])()
  const content = bytes(line)
  return random.oneIn(6) ? mutate(random, content) : content
}

/** Scripts that are each other's interpreter, up to and beyond the kernel's depth. */
function scriptChain(random: Random, dir: string): Files {
  const depth = random.below(9)
  const files: Files = {}
  const end = anyInterpreter(random, dir)
  for (let level = 0; level <= depth; level++) {
    const name = level === 0 ? 'target' : `s${level}`
    const next = level === depth ? end : `${dir}/s${level + 1}`
    files[`${dir}/${name}`] = {
      content: `#!${next}${random.oneIn(4) ? ' arg' : ''}\n`,
      mode: random.oneIn(20) ? 0o644 : 0o755,
    }
  }
  return files
}

function anyMagic(random: Random): Uint8Array {
  const heads: readonly (readonly number[])[] = [
    [],
    [0xcf, 0xfa, 0xed, 0xfe],
    [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2],
    [0x4d, 0x5a],
    [0, 0x61, 0x73, 0x6d],
    [0x21, 0x3c, 0x61, 0x72, 0x63, 0x68, 0x3e, 0x0a],
    [0x1f, 0x8b],
    [0x42, 0x43, 0xc0, 0xde],
    [0x01, 0xf7],
    [0, 0, 0x8a, 0x97],
    [0x7f, 0x45, 0x4c],
    [0x7f, 0x45, 0x4c, 0x46],
    [0x07, 0x01],
    [0x0b, 0x01],
    [0xff, 0xfe, 0x23, 0, 0x21, 0],
    [0xfe, 0xff, 0, 0x23],
    [0x23],
    [0x21, 0x23],
  ]
  const rest = Array.from({length: random.pick([0, 1, 3, 40, 48, 60, 300])}, () => random.below(256))
  return Uint8Array.of(...random.pick(heads), ...rest)
}

function anyMode(random: Random): number {
  return random.oneIn(2)
    ? 0o755
    : random.pick([
        0o644, 0o700, 0o111, 0o001, 0o010, 0o100, 0o000, 0o711, 0o555, 0o4755, 0o2755, 0o1777, 0o070, 0o066, 0o604,
      ])
}

function anyOwner(random: Random): {uid?: number; gid?: number} {
  return random.oneIn(3) ? {uid: random.pick([0, 1000]), gid: random.pick([0, 100, 1000])} : {}
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
