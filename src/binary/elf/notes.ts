import {type ByteOrder, byteView, decodeCString, isCut, readUpTo} from '../../lib/byte-view.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import {IGNORED, type OnBeyond} from '../problem.ts'
import {NT_GNU, PT} from './constants.ts'
import type {ForeignOs} from './os.ts'
import type {ElfIdentity} from './types.ts'

/** One note of a PT_NOTE or PT_GNU_PROPERTY. */
export interface Note {
  readonly owner: string
  readonly type: number
  readonly description: Uint8Array
}

/** The most that is read of one note segment, in bytes, and the most notes that are taken from a file. */
const SEGMENT = fixedBound('elf-note-bytes')
const NOTES = fixedBound('elf-notes')

/** Reads the notes of all note segments; what makes no sense ends its segment. */
export async function readNotes(
  elf: ElfIdentity,
  file: RandomAccess,
  onBeyond: OnBeyond = IGNORED,
): Promise<readonly Note[]> {
  const notes: Note[] = []
  for (const {type, offset, filesz, align} of elf.segments) {
    if (type !== PT.PT_NOTE || notes.length > NOTES.most) continue
    const bytes = await readUpTo(file, offset, filesz, SEGMENT.most)
    if (isCut(file, offset, filesz, SEGMENT.most))
      onBeyond(tellLimit(SEGMENT, most => `it has notes of more than ${most}`))
    notes.push(...decodeNotes(bytes, elf.header.data, align === 8n ? 8 : 4))
  }
  if (notes.length > NOTES.most) onBeyond(tellLimit(NOTES, most => `it has more than ${most} notes`))
  return notes.slice(0, NOTES.most)
}

/** u32 namesz, descsz, type; the owner's name with its NUL; the descriptor; each padded to the segment's alignment. */
export function decodeNotes(bytes: Uint8Array, order: ByteOrder, padding: 4 | 8): readonly Note[] {
  const view = byteView(bytes, order)
  const notes: Note[] = []
  for (let at = 0; at + 12 <= view.length && notes.length <= NOTES.most; ) {
    const nameEnd = at + 12 + view.u32(at)
    const start = alignUp(nameEnd, padding)
    const end = start + view.u32(at + 4)
    if (end > view.length) break
    notes.push({
      owner: decodeCString(bytes.subarray(at + 12, nameEnd)),
      type: view.u32(at + 8),
      description: bytes.subarray(start, end),
    })
    at = alignUp(end, padding)
  }
  return notes
}

/**
 * Owners of notes that only one system's programs carry. FreeBSD and NetBSD lib/csu,
 * OpenBSD sys/exec_elf.h, bionic crtbegin.
 */
const OWNERS: ReadonlyMap<string, string> = new Map([
  ['Android', 'android'],
  ['DragonFly', 'dragonfly'],
  ['FreeBSD', 'freebsd'],
  ['NetBSD', 'netbsd'],
  ['OpenBSD', 'openbsd'],
])

/** GNU ABI tag: u32 system, then the earliest kernel. glibc abi-tags */
const ABI_TAG_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [1, 'hurd'],
  [2, 'solaris'],
  [3, 'freebsd'],
  [4, 'netbsd'],
])

/** The operating system that a program's notes name, where that is not Linux. */
export function findNotedOs(notes: readonly Note[], order: ByteOrder): ForeignOs | undefined {
  for (const {owner, type, description} of notes) {
    const os = OWNERS.get(owner)
    if (os && type === 1) return {os, reason: `it has a note of ${owner}`}
    if (owner === 'GNU' && type === NT_GNU.NT_GNU_ABI_TAG && description.length >= 4) {
      const system = ABI_TAG_SYSTEMS.get(byteView(description, order).u32(0))
      if (system) return {os: system, reason: `its GNU ABI tag names ${system}`}
    }
  }
  return undefined
}

function alignUp(value: number, alignment: number): number {
  return Math.ceil(value / alignment) * alignment
}
