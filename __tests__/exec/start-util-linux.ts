import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/** Images with the programs of a version of util-linux, and a busybox. */

const MACHINES: Readonly<Record<string, number>> = {amd64: 62, arm64: 183, riscv64: 243, loong64: 258}

export interface Given {
  readonly env?: readonly string[]
  readonly version?: string
  readonly architecture?: string
  readonly files?: MemoryTree
  readonly user?: string
}

/** The last that is started, with its words; what is wrong; or why it is not known. */
export async function start(
  argv: readonly string[],
  {env = [], version = '2.38.1', user = '', ...more}: Given = {},
): Promise<string | undefined> {
  const {architecture = 'amd64', files = {}} = more
  const machine = MACHINES[architecture] ?? 62
  const native = program({machine})
  const ofPackage = executable(Buffer.concat([native, Buffer.from(`\0%s from util-linux ${version}\0`)]))
  const tree: MemoryTree = {
    ...Object.fromEntries(
      ['sh', 'app', 'echo', 'own-shell', 'busybox'].map(name => [`/bin/${name}`, executable(native)]),
    ),
    ...Object.fromEntries(['flock', 'setarch', 'linux32', 'x86_64', 'script'].map(name => [`/bin/${name}`, ofPackage])),
    '/text': executable('exec app\n'),
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/:/bin/own-shell\nnone:x:1001:1001::/:\n',
    ...files,
  }
  const config = imageConfig({cmd: argv, env: ['PATH=/bin', ...env], user})
  const platform = {os: 'linux', architecture, variant: ''}
  const {steps, undetermined} = await readStartup({config, rootfs: memoryRootfs(tree), platform})
  const failed = steps.find(({obstacle}) => obstacle !== undefined)
  if (failed?.obstacle) return 'reason' in failed.obstacle ? failed.obstacle.reason : failed.obstacle.kind
  if (undetermined !== undefined) return `unknown: ${undetermined}`
  return steps.findLast(({role}) => role === 'program')?.argv?.join(' ')
}

export const words = (text: string): readonly string[] => text.split(' ')
