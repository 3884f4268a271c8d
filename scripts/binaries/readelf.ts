import {run} from '../../e2e/ground/run.ts'

/** What readelf(1) says of one file, field by field, in the words that `ours.ts` puts our answers into. */
export interface ElfFields {
  readonly header: Readonly<Record<string, string>>
  /** `LOAD 0x0 0x400000 0x400000 0x1f0 0x1f0 RE 0x1000` */
  readonly segments: readonly string[]
  readonly interpreter: string | undefined
  readonly dynamic: {
    readonly needed: readonly string[]
    readonly soname: string | undefined
    readonly rpath: string | undefined
    readonly runpath: string | undefined
    readonly pie: boolean
    readonly relr: boolean
  }
  /** `libc.so.6 GLIBC_2.34 none` */
  readonly needs: readonly string[]
  readonly definitions: readonly string[]
  /** `GNU 0x14`: owner and size of the descriptor, sorted. */
  readonly notes: readonly string[]
  readonly buildId: string | undefined
  readonly abiOs: string | undefined
  readonly isa: string | undefined
  /** Tag_CPU_arch and its like, of ARM and RISC-V; the ISA of MIPS. */
  readonly attributes: Readonly<Record<string, string>>
}

/** How many files one readelf is given. */
const BATCH = 100

/** Runs readelf over files and parses what it prints; by path. */
export async function readelf(paths: readonly string[]): Promise<ReadonlyMap<string, ElfFields>> {
  const fields = new Map<string, ElfFields>()
  for (let at = 0; at < paths.length; at += BATCH) {
    // Two files at least, so that each is introduced by its name.
    const batch = [...paths.slice(at, at + BATCH), '/dev/null']
    const text = await run('sh', ['-c', 'LC_ALL=C readelf -hldnVASW "$@" 2>/dev/null || true', 'sh', ...batch])
    for (const part of text.split(/^File: /m).slice(1)) {
      const end = part.indexOf('\n')
      fields.set(part.slice(0, end), parse(part.slice(end)))
    }
  }
  return fields
}

function parse(text: string): ElfFields {
  const first = (pattern: RegExp) => pattern.exec(text)?.[1]
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(match => match[1] ?? '')
  return {
    header: parseHeader(text),
    segments: [...text.matchAll(/^ {2}(\S+)\s+(0x\w+) (0x\w+) (0x\w+) (0x\w+) (0x\w+) (.{3}) (0x\w+|\d+)$/gm)].map(
      ([, type, offset, vaddr, paddr, filesz, memsz, flags, align]) =>
        [type, ...[offset, vaddr, paddr, filesz, memsz].map(hex), flags?.replaceAll(' ', ''), hex(align)].join(' '),
    ),
    interpreter: first(/\[Requesting program interpreter: (.*)\]/),
    dynamic: {
      needed: all(/\(NEEDED\)\s+Shared library: \[(.*)\]/g),
      soname: first(/\(SONAME\)\s+Library soname: \[(.*)\]/),
      rpath: first(/\(RPATH\)\s+Library rpath: \[(.*)\]/),
      runpath: first(/\(RUNPATH\)\s+Library runpath: \[(.*)\]/),
      pie: /\(FLAGS_1\)\s+Flags:.*\bPIE\b/.test(text),
      relr: /\(RELR\)/.test(text),
    },
    ...parseVersions(text),
    ...parseNotes(text),
    attributes: parseAttributes(text),
  }
}

function parseHeader(text: string): Readonly<Record<string, string>> {
  const field = (name: string) => new RegExp(`^  ${name}:\\s+(.*?)\\s*$`, 'm').exec(text)?.[1] ?? ''
  return {
    ident: field('Magic').split(' ').slice(4, 9).join(' '),
    class: field('Class').replace('ELF', ''),
    data: field('Data').includes('big') ? 'big' : 'little',
    type: field('Type').split(' ')[0] ?? '',
    machine: field('Machine'),
    entry: hex(field('Entry point address')),
    phoff: field('Start of program headers').split(' ')[0] ?? '',
    shoff: field('Start of section headers').split(' ')[0] ?? '',
    flags: hex(field('Flags').split(',')[0]),
    ehsize: field('Size of this header').split(' ')[0] ?? '',
    phentsize: field('Size of program headers').split(' ')[0] ?? '',
    phnum: field('Number of program headers').split(' ')[0] ?? '',
    shentsize: field('Size of section headers').split(' ')[0] ?? '',
    shnum: field('Number of section headers').split(' ')[0] ?? '',
    shstrndx: field('Section header string table index').split(' ')[0] ?? '',
  }
}

function parseVersions(text: string): Pick<ElfFields, 'needs' | 'definitions'> {
  const needs: string[] = []
  const definitions: string[] = []
  let file = ''
  for (const line of text.split('\n')) {
    const need = /Version: \d+ {2}File: (.*) {2}Cnt: \d+$/.exec(line)
    if (need) file = need[1] ?? ''
    const version = /^ {2}\S+: {3}Name: (.*?) {2}Flags: (.*?) {2}Version: \d+$/.exec(line)
    if (version) needs.push(`${file} ${version[1]} ${version[2]?.trim()}`)
    const definition = /Rev: \d+ {2}Flags: (.*?) +Index: \d+ {2}Cnt: \d+ {2}Name: (.*)$/.exec(line)
    if (definition && !definition[1]?.includes('BASE')) definitions.push(definition[2] ?? '')
  }
  return {needs, definitions}
}

/**
 * Notes of the sections that lie in a PT_NOTE (or of the segments, where there are no sections): what a loader can see.
 */
function parseNotes(text: string): Pick<ElfFields, 'notes' | 'buildId' | 'abiOs' | 'isa'> {
  const segments = [...text.matchAll(/^ {2}NOTE\s+(0x\w+) 0x\w+ 0x\w+ (0x\w+) /gm)].map(([, offset, size]) => ({
    start: Number(offset),
    end: Number(offset) + Number(size),
  }))
  const sections = new Map(
    [...text.matchAll(/^ {2}\[ *\d+\] (\S+)\s+NOTE\s+[0-9a-f]+ ([0-9a-f]+) /gm)].map(([, name, offset]) => [
      name,
      parseInt(offset ?? '', 16),
    ]),
  )
  const seen = text
    .split(/^Displaying notes found /m)
    .slice(1)
    .filter(part => {
      const offset = sections.get(/^in: (\S+)/.exec(part)?.[1])
      return offset === undefined || segments.some(({start, end}) => offset >= start && offset < end)
    })
    .join('')
  return {
    notes: [...seen.matchAll(/^ {2}(\S+)\s+(0x[0-9a-f]{8})\t/gm)]
      .map(([, owner, size]) => `${owner} ${hex(size)}`)
      .sort(),
    buildId: /Build ID: ([0-9a-f]+)/.exec(seen)?.[1],
    abiOs: /\(ABI version tag\)\s+OS: (\w+)/.exec(seen)?.[1],
    isa: /x86 ISA needed: ([^\n]*?)(?:, x86 |\n)/.exec(`${seen}\n`)?.[1],
  }
}

function parseAttributes(text: string): Readonly<Record<string, string>> {
  const names = [
    'Tag_CPU_arch',
    'Tag_CPU_arch_profile',
    'Tag_FP_arch',
    'Tag_Advanced_SIMD_arch',
    'Tag_ABI_VFP_args',
    'Tag_RISCV_arch',
  ]
  const found = names.map(
    name => [name, new RegExp(`^  ${name}: (.*)$`, 'm').exec(text)?.[1]?.replace(/^"|"$/g, '')] as const,
  )
  const isa = /^MIPS ABI Flags Version: 0\n\nISA: (\w+)$/m.exec(text)?.[1]
  return Object.fromEntries(
    [...found, ['ISA', isa] as const].filter((entry): entry is readonly [string, string] => entry[1] !== undefined),
  )
}

/** One spelling of a number. */
function hex(text: string | undefined): string {
  return `0x${BigInt(text === undefined || text === '' ? 0 : text).toString(16)}`
}
