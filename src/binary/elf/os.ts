import {ELFOSABI} from './constants.ts'
import type {ElfIdentity} from './types.ts'

/** Which operating system an ELF file says it is for, where that is not Linux. */
export interface ForeignOs {
  /** As GOOS names it where Go knows it. */
  readonly os: string
  /** `EI_OSABI is 9 (FreeBSD)`. */
  readonly reason: string
}

/** EI_OSABI. https://gabi.xinuos.com/elf/b-osabi.html; 0, 3 and arm's own three are Linux's. */
const OSABI_NAMES: ReadonlyMap<number, readonly [os: string, name: string]> = new Map([
  [1, ['hpux', 'HP-UX']],
  [ELFOSABI.ELFOSABI_NETBSD, ['netbsd', 'NetBSD']],
  [ELFOSABI.ELFOSABI_SOLARIS, ['solaris', 'Solaris']],
  [7, ['aix', 'AIX']],
  [8, ['irix', 'IRIX']],
  [ELFOSABI.ELFOSABI_FREEBSD, ['freebsd', 'FreeBSD']],
  [10, ['tru64', 'Tru64']],
  [ELFOSABI.ELFOSABI_OPENBSD, ['openbsd', 'OpenBSD']],
  [13, ['openvms', 'OpenVMS']],
  [14, ['nsk', 'NonStop']],
  [15, ['aros', 'AROS']],
  [16, ['fenixos', 'FenixOS']],
  [17, ['cloudabi', 'CloudABI']],
])

/** Loaders that only one system has at such a path. */
const LOADERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:\/usr)?\/libexec\/ld-elf(?:32)?\.so\.1$/, 'freebsd'],
  [/^(?:\/usr)?\/libexec\/ld-elf\.so\.2$/, 'dragonfly'],
  [/^(?:\/usr)?\/libexec\/ld\.elf_so(?:-\w+)?$/, 'netbsd'],
  [/^\/usr\/libexec\/ld\.so$/, 'openbsd'],
  [/^(?:\/usr)?\/lib\/(?:amd64|64|sparcv9)\/ld\.so\.1$/, 'solaris'],
  [/^\/(?:system|apex\/[^/]+)\/bin\/linker(?:64)?$/, 'android'],
  [/^\/system\/runtime_loader$/, 'haiku'],
  [/^\/lib\/ld-x86-64\.so\.1$/, 'hurd'],
]

/** What the loader's path and EI_OSABI say. Go programs and notes can say more: see readNotes and readGoBuildInfo. */
export function findForeignOs(elf: ElfIdentity): ForeignOs | undefined {
  const path = elf.interpreter?.path
  const loader = path === undefined ? undefined : LOADERS.find(([pattern]) => pattern.test(path))
  if (loader) return {os: loader[1], reason: `its loader is ${path}`}
  const {osabi} = elf.header.ident
  const known = OSABI_NAMES.get(osabi)
  return known ? {os: known[0], reason: `EI_OSABI is ${osabi} (${known[1]})`} : undefined
}
