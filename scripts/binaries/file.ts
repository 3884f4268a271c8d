import {run} from '../../e2e/ground/run.ts'
import type {Identity} from '../../src/binary/index.ts'

/** Runs `file -b` over files, one process for all; by path. */
export async function fileType(paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const text = await run('file', ['-b', '-f', '-'], {input: `${paths.join('\n')}\n`})
  const lines = text.split('\n')
  return new Map(paths.map((path, index) => [path, lines[index] ?? '']))
}

const ELF_MACHINES: Readonly<Record<number, RegExp>> = {
  3: /Intel 80386/,
  8: /MIPS/,
  21: /64-bit PowerPC/,
  22: /IBM S\/390/,
  40: /, ARM,/,
  62: /x86-64/,
  183: /ARM aarch64/,
  243: /UCB RISC-V/,
  258: /LoongArch/,
}
const PE_MACHINES: Readonly<Record<string, RegExp>> = {'386': /Intel 80386/, amd64: /x86-64/, arm64: /Aarch64/}
const ARCHIVES: Readonly<Record<string, RegExp>> = {gzip: /^gzip compressed/, xz: /^XZ compressed/, zip: /^Zip archive/}

/** Where our answer is not what file(1) says; none where both agree. */
export function compareWithFile(identity: Identity, said: string): readonly string[] {
  const wrong: string[] = []
  const expect = (what: string, agrees: boolean) => {
    if (!agrees) wrong.push(`${what}: file says ${JSON.stringify(said.slice(0, 160))}`)
  }
  switch (identity.kind) {
    case 'elf': {
      const {header, interpreter, segments} = identity
      expect('ELF', said.startsWith('ELF '))
      expect(`class ${header.class}`, said.includes(`ELF ${header.class}-bit`))
      expect(`byte order ${header.data}`, said.includes(header.data === 'big' ? ' MSB ' : ' LSB '))
      expect(`machine ${identity.machine}`, ELF_MACHINES[header.machine]?.test(said) ?? false)
      expect(`type ${header.type}`, (header.type === 2) === /SB executable/.test(said))
      expect(`loader ${interpreter?.path}`, /interpreter ([^,]+)/.exec(said)?.[1] === interpreter?.path)
      const dynamic = segments.some(({type}) => type === 2)
      expect(`dynamic ${dynamic}`, dynamic === /dynamically linked|static-pie linked/.test(said))
      break
    }
    case 'mach-o':
      expect(
        `Mach-O ${identity.cpus}`,
        said.startsWith('Mach-O ') && identity.cpus.every(cpu => said.includes(` ${cpu} `)),
      )
      expect(
        `type ${identity.fileType}`,
        said.includes(identity.fileType === 'program' ? 'executable' : 'shared library'),
      )
      break
    case 'pe':
      expect(`PE for ${identity.architecture}`, PE_MACHINES[identity.architecture ?? '']?.test(said) ?? false)
      expect(`DLL ${identity.dll}`, identity.dll === said.includes('(DLL)'))
      break
    case 'wasm':
      expect('wasm', said.startsWith('WebAssembly'))
      break
    case 'archive':
      expect(identity.format, ARCHIVES[identity.format]?.test(said) ?? false)
      break
    case 'script':
      expect('script', /script/.test(said))
      break
    case 'empty':
      expect('empty', said === 'empty')
      break
    case 'markup':
    case 'json':
    case 'text':
      // file(1) knows many kinds of text by their words.
      expect(identity.kind, /text|JSON|HTML|XML|script|source|^very short file/.test(said))
      break
    case 'unknown':
      expect(
        identity.name ?? `unknown ${identity.magic}`,
        identity.name ? /XCOFF/.test(said) : /^data$|^gconv module/.test(said),
      )
      break
    default:
      wrong.push(`${identity.kind}: file says ${JSON.stringify(said.slice(0, 160))}`)
  }
  return wrong
}
