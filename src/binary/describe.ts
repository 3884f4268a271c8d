import {assertNever} from '../lib/result.ts'
import {ET} from './elf/constants.ts'
import type {ElfIdentity} from './elf/types.ts'
import type {GoBuildInfo} from './go-module-info.ts'
import type {ArIdentity, Identity, MachOIdentity, PeIdentity} from './identity.ts'

/**
 * What a file is, in a few words without article: `x86-64 ELF executable`, `Mach-O program for arm64`, `empty file`.
 */
export function describe(identity: Identity): string {
  switch (identity.kind) {
    case 'elf':
      return describeElf(identity)
    case 'script':
      return identity.shebang.kind === 'runs'
        ? `script for ${identity.shebang.interpreter}`
        : 'script with a bad #! line'
    case 'pe':
      return describePe(identity)
    case 'ape':
      return 'Actually Portable Executable'
    case 'mach-o':
      return describeMachO(identity)
    case 'ar':
      return describeAr(identity)
    case 'wasm':
      return identity.component ? 'WebAssembly component' : 'WebAssembly module'
    case 'java-class':
      return `Java class (version ${identity.major})`
    case 'git-lfs-pointer':
      return 'Git LFS pointer (git lfs pull was not run)'
    case 'archive':
      return `${identity.format} archive`
    case 'markup':
      return describeMarkup(identity)
    case 'json':
      return identity.message ? `JSON document (${quote(identity.message)})` : 'JSON document'
    case 'text':
      return describeText(identity)
    case 'empty':
      return 'empty file'
    case 'unknown':
      return identity.name ?? `unknown file (begins ${identity.magic})`
    default:
      return assertNever(identity)
  }
}

function describeElf(elf: ElfIdentity): string {
  return `${elf.machine} ELF ${describeType(elf)}`
}

function describeType(elf: ElfIdentity): string {
  switch (elf.header.type) {
    case ET.ET_REL:
      return 'object file'
    case ET.ET_EXEC:
      return 'executable'
    case ET.ET_DYN:
      // A position-independent executable has an entry point; libc and the loaders, which can be run, have one, too.
      return elf.interpreter || elf.header.entry !== 0n ? 'executable' : 'shared library'
    case ET.ET_CORE:
      return 'core dump'
    default:
      return `file of type 0x${elf.header.type.toString(16)}`
  }
}

function describePe(pe: PeIdentity): string {
  if (pe.machine === undefined) return 'DOS or Windows program'
  const machine = pe.architecture ?? `machine 0x${pe.machine.toString(16)}`
  return pe.dll ? `Windows DLL for ${machine}` : `Windows program for ${machine}`
}

function describeMachO(macho: MachOIdentity): string {
  const what = macho.fat ? 'Mach-O universal binary' : `Mach-O ${macho.fileType ?? 'file'}`
  return macho.cpus.length === 0 ? what : `${what} for ${macho.cpus.join(', ')}`
}

function describeAr(ar: ArIdentity): string {
  switch (ar.flavour) {
    case 'go-package': {
      const platform = ar.go ? `, ${ar.go.goos}/${ar.go.goarch}` : ''
      return `ar archive (go build of a non-main package${platform})`
    }
    case 'static-library':
      return 'ar archive (static library)'
    case 'debian-package':
      return 'Debian package'
    default:
      return assertNever(ar.flavour)
  }
}

function describeMarkup(markup: Extract<Identity, {kind: 'markup'}>): string {
  if (markup.code) return `XML error page (${markup.code})`
  const what = markup.language === 'html' ? 'HTML page' : 'XML document'
  return markup.title ? `${what} (${quote(markup.title)})` : what
}

function describeText(text: Extract<Identity, {kind: 'text'}>): string {
  if (text.encoding.startsWith('utf-16')) return 'UTF-16 text'
  if (text.isError) return `saved answer of a server (${quote(text.firstLine)})`
  if (text.hiddenShebang) return text.bom ? 'text with a byte order mark before #!' : 'text with blanks before #!'
  return 'text without #!'
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text)
}

/**
 * A program's machine with what built it: `x86-64 (Go 1.26.1, GOARCH=amd64)`; the machine alone where nothing is known.
 */
export function describeProgram(elf: ElfIdentity, go: GoBuildInfo | undefined): string {
  if (!go) return elf.machine
  const version = go.version.replace(/^go(?=\d)/, '')
  const goos = go.settings.get('GOOS')
  const goarch = go.settings.get('GOARCH')
  const settings = [
    ...(goos === undefined || goos === 'linux' ? [] : [`GOOS=${goos}`]),
    ...(goarch === undefined ? [] : [`GOARCH=${goarch}`]),
  ]
  return `${elf.machine} (${[`Go ${version.split(' ', 1)[0]}`, ...settings].join(', ')})`
}
