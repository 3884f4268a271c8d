import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {run} from '../../e2e/ground/run.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'

/** The cores as which binutils decodes: `arm` knows all of them. */
const MACHINES = ['armv5te', 'armv6kz', 'arm'] as const
type Machine = (typeof MACHINES)[number]

/** What objdump says of one instruction as each of the cores. */
export type Disassembly = Readonly<Record<Machine, string>>

/** The disassembly of code, by its offset. */
export async function disassemble(code: Uint8Array, thumb: boolean): Promise<ReadonlyMap<number, Disassembly>> {
  return withTemporaryFolder('arm', async folder => {
    const file = join(folder, 'code')
    await writeFile(file, code)
    const [v5, v6, all] = await Promise.all(MACHINES.map(machine => disassembleAs(file, machine, thumb)))
    const offsets = [...(all?.keys() ?? [])]
    return new Map(
      offsets.map(at => [at, {armv5te: v5?.get(at) ?? '', armv6kz: v6?.get(at) ?? '', arm: all?.get(at) ?? ''}]),
    )
  })
}

async function disassembleAs(file: string, machine: Machine, thumb: boolean): Promise<ReadonlyMap<number, string>> {
  const how = thumb ? ['-M', 'force-thumb'] : []
  const text = await run('arm-linux-gnueabi-objdump', ['-D', '-z', '-b', 'binary', '-m', machine, ...how, file])
  const lines = text.matchAll(/^\s*([0-9a-f]+):\t[0-9a-f ]+\t(.*)$/gm)
  return new Map(Array.from(lines, ([, at = '', instruction = '']) => [Number.parseInt(at, 16), instruction.trim()]))
}

/** Whether a core has the instruction: it decodes it, and as the same one as the newest does. */
export function isKnownTo(machine: Machine, instruction: Disassembly): boolean {
  const own = instruction[machine]
  return !isUndefined(own) && nameOf(own) === nameOf(instruction.arm)
}

function isUndefined(text: string): boolean {
  return text === '' || /UNDEFINED|\.inst|undefined/i.test(text)
}

function nameOf(text: string): string {
  return text.split(/[\s.]/, 1)[0] ?? ''
}

/**
 * Floating point, and the variants of DSB that ARMv8 named, are no matter of the core to objdump: what VFPv2
 * does not have is told by the text itself.
 */
export function isBeyondVfp2(text: string): boolean {
  const [name = ''] = text.split(/\s/, 1)
  if (/^(?:sha1|sha256|aes|p?ssbb)/.test(name)) return true
  if (!name.startsWith('v') && !/^(?:ld|st)[mc]|^f(?:ld|st)m/.test(name)) return false
  return (
    /\b(?:d(?:1[6-9]|2[0-9]|3[01])|q\d+)\b|overflow|illegal/.test(text) ||
    /^vfn?m[as]/.test(name) ||
    /^vmov\S*\s+[sdq]\d+, #/.test(text) ||
    /^vcvt\S*\s.*#/.test(text) ||
    /^(?:vdup|vld[1-4]|vst[1-4]|vs[lr]i)/.test(name) ||
    // VFP has singles in s0 to s31, and doubles only as .f64.
    (/\.f32$/.test(name) && !/\bs\d+\b|\.f64/.test(text)) ||
    /\.(?:[isup](?:8|16|32|64)|8|16|f16|bf16)$/.test(name)
  )
}

/**
 * Whether Thumb of before ARMv6T2 has an instruction, by its name alone: objdump decodes T32
 * as the newest core whatever it is told.
 */
export function isThumb1(text: string, isWide: boolean, level: 'ARMv5' | 'ARMv6'): boolean {
  const name = nameOf(text)
  if (isWide) return name === 'bl' || name === 'blx'
  if (/^cbn?z$|^it[te]*$/.test(name)) return false
  return level === 'ARMv6' || !/^(?:[su]xt[bh]|rev(?:16|sh)?|cps|setend)/.test(name)
}

/** Where the text says that the processor goes: on, to an address, or somewhere that hangs on something. */
export function flowOf(text: string): 'next' | 'elsewhere' | number {
  const [name = '', operands = ''] = text.split(/\s+(.*)/s, 2)
  if (/^(?:svc|udf|bkpt|hvc|hlt|smc|eret|rfe|srs|bxj)/.test(name)) return 'elsewhere'
  const jump = /^(?:b|bl|blx|b\.n|b\.w)$/.test(name) ? /^0x([0-9a-f]+)/.exec(operands) : null
  if (jump) return Number.parseInt(jump[1] ?? '', 16)
  if (/^(?:b|bl|blx|bx)(?:\.n|\.w)?(?:eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?(?:\.n|\.w)?$/.test(name))
    return 'elsewhere'
  if (/^(?:ldm|pop)/.test(name)) return /\bpc\b.*\}/.test(operands) ? 'elsewhere' : 'next'
  // A product in the pc is unpredictable.
  if (/^(?:[su]?ml|[su]?mu)/.test(name)) return 'next'
  // Coprocessors, of which there were many, have registers of their own.
  if (/^(?:st|push|pld|pli|cm[pn]|t|mc|mr|ms|cdp|ldc|v|f|cf|w)/.test(name)) return 'next'
  if (/^cbn?z|^it/.test(name)) return 'elsewhere'
  return /^pc\b/.test(operands) ? 'elsewhere' : 'next'
}
