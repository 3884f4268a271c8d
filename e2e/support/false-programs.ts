import {open, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {type ContextFile, contextFolder} from '../ground/buildx.ts'

/** Files that end up as an entrypoint and that no kernel would start; `first` and `second` are two images' programs. */
export async function falsePrograms(scratch: string, busybox: string): Promise<Readonly<Record<string, ContextFile>>> {
  const write = async (name: string, content: Uint8Array): Promise<ContextFile> => {
    const from = join(scratch, name)
    await writeFile(from, content)
    return {kind: 'copy', from}
  }
  const [machO, pe, object] = await Promise.all([
    write('mach-o', machOHeader()),
    write('pe', peHeader()),
    readStart(busybox, 4096).then(elf => write('object.o', asObjectFile(elf))),
  ])
  const text = (content: string): ContextFile => ({kind: 'text', text: content, mode: 0o755})
  return {
    [place('linux/amd64', 'first')]: machO,
    [place('linux/arm64', 'first')]: pe,
    [place('linux/arm/v7', 'first')]: text(GO_ARCHIVE),
    [place('linux/amd64', 'second')]: text(''),
    [place('linux/arm64', 'second')]: object,
    [place('linux/arm/v7', 'second')]: text(ERROR_PAGE),
  }
}

function place(platform: string, name: string): string {
  return `false/${contextFolder(platform)}/${name}`
}

/** What `go build -o app ./package` leaves where the package is no `main`. */
const GO_ARCHIVE =
  '!<arch>\n__.PKGDEF       0           0     0     644     32        `\ngo object linux arm go1.25 X:none\n'

/** What a download step saves when nobody looks at the status. */
const ERROR_PAGE = '<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body></body></html>\n'

/** struct mach_header_64: magic, cputype, cpusubtype, filetype, ncmds, sizeofcmds, flags, reserved. */
function machOHeader(): Uint8Array {
  const [MH_MAGIC_64, CPU_TYPE_ARM64, MH_EXECUTE] = [0xfeedfacf, 0x0100000c, 2]
  return new Uint8Array(Uint32Array.of(MH_MAGIC_64, CPU_TYPE_ARM64, 0, MH_EXECUTE, 0, 0, 0, 0).buffer)
}

/** IMAGE_DOS_HEADER, whose last field says where IMAGE_NT_HEADERS begin. */
function peHeader(): Uint8Array {
  const [IMAGE_FILE_MACHINE_ARM64, IMAGE_FILE_EXECUTABLE_IMAGE] = [0xaa64, 0x0002]
  const file = Buffer.alloc(512)
  file.write('MZ', 0)
  file.writeUInt32LE(0x80, 0x3c)
  file.write('PE\0\0', 0x80)
  file.writeUInt16LE(IMAGE_FILE_MACHINE_ARM64, 0x84)
  file.writeUInt16LE(IMAGE_FILE_EXECUTABLE_IMAGE, 0x96)
  return file
}

/** A program's header that says `ET_REL`, as what `gcc -c` leaves does, and names no segments. */
function asObjectFile(elf: Buffer): Uint8Array {
  const [E_TYPE, E_PHOFF, E_PHNUM, ET_REL] = [0x10, 0x20, 0x38, 1]
  elf.writeUInt16LE(ET_REL, E_TYPE)
  elf.writeBigUInt64LE(0n, E_PHOFF)
  elf.writeUInt16LE(0, E_PHNUM)
  return elf
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const file = await open(path)
  try {
    const {buffer, bytesRead} = await file.read(Buffer.alloc(length), 0, length, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
