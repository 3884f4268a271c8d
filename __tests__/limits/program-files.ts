import {expect} from '@jest/globals'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {identify, readDynamic, readDynamicSymbols} from '../../src/binary/index.ts'
import {readStartup} from '../../src/exec/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {FINE} from './edge.ts'

export const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
export const GLIBC = '/lib64/ld-linux-x86-64.so.2'

export async function elfOf(bytes: Uint8Array) {
  const file = bytesAccess(bytes)
  const elf = await identify(file)
  if (elf.kind !== 'elf') throw new Error(elf.kind)
  return {elf, file}
}

/** What is not known of what a program needs. */
export async function needsOf(bytes: Uint8Array): Promise<unknown> {
  const {elf, file} = await elfOf(bytes)
  return (await readDynamic(elf, file))?.unknownNeeds ?? FINE
}

export async function symbolsOf(shape: Partial<DynamicShape>): Promise<unknown> {
  const {elf, file} = await elfOf(dynamicElf({needed: [], ...shape}))
  const reasons: string[] = []
  const symbols = await readDynamicSymbols(elf, file, reason => reasons.push(reason))
  return symbols === undefined ? reasons[0] : FINE
}

export const told = (name: string) => expect.stringContaining(`(limit ${name})`)

/** What is wrong with the start of `/app`, in words. */
export async function start(files: MemoryTree, user = ''): Promise<unknown> {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({entrypoint: ['/app'], user}),
    rootfs: memoryRootfs({'/etc/group': '', ...files}),
    platform: AMD64,
  })
  const [obstacle] = steps.flatMap(one => one.obstacle ?? [])
  return obstacle ? obstacle.kind : (undetermined ?? FINE)
}

export const lib = (shape: Partial<DynamicShape> = {}) => executable(dynamicElf({needed: [], ...shape}))
export const loader = (size = 0): Uint8Array => {
  const parts = [
    dynamicElf({needed: [], soname: 'ld-linux-x86-64.so.2', defines: ['GLIBC_2.2.5', 'GLIBC_PRIVATE']}),
    Buffer.from('\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0'),
  ]
  const whole = Buffer.concat(parts)
  return size === 0 ? whole : Buffer.concat([whole, Buffer.alloc(size - whole.length)])
}
export const linked = (needed: readonly string[]) => executable(dynamicElf({interp: GLIBC, needed}))
export const native = executable(program({}))

export const exportsOf = (count: number) => Array.from({length: count}, (_, at) => ({name: `f${at}`}))
