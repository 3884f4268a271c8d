import {program} from '../../../scripts/kernel/elf.ts'
import type {ImageConfig} from '../../../src/image/config.ts'
import {imageConfig} from '../../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'
import {readStartup} from '../../support/told-startup.ts'

export const native = executable(program({}))
export const foreign = executable(program({machine: 183}))

/**
 * What a supervisor starts, on amd64: each step that belongs to a service as `path words | service | what is wrong`,
 * and what is refused or not determined.
 */
export async function followDaemons(config: Partial<ImageConfig>, files: MemoryTree): Promise<readonly string[]> {
  const {steps, unknowns} = await readStartup({
    config: imageConfig({env: ['PATH=/bin'], ...config}),
    rootfs: memoryRootfs(files),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const lines = steps.flatMap(({path, argv = [], service, certainty, verdict, obstacle, maybe}) => {
    if (service === undefined && obstacle === undefined) return []
    const wrong = verdict?.fit === 'foreign' ? 'foreign' : obstacle?.kind
    const reason = obstacle && 'reason' in obstacle && wrong !== 'foreign' ? `${wrong}: ${obstacle.reason}` : wrong
    return [
      [
        [path, ...argv.slice(1)].join(' '),
        ...(service === undefined ? [] : [service.name]),
        ...(certainty === 'likely' ? ['likely'] : []),
        ...(reason === undefined ? [] : [reason]),
        ...(maybe === undefined ? [] : [`maybe by ${maybe.by.name}`]),
      ].join(' | '),
    ]
  })
  return [...lines, ...unknowns.map(({reason}) => `unknown: ${reason}`)]
}
