import {program} from '../../../scripts/kernel/elf.ts'
import {imageConfig} from '../../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'
import {readStartup} from '../../support/told-startup.ts'

const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}

/** A program of the platform, and one of another. */
export const native = executable(program({}))
export const arm64 = executable(program({machine: 183}))

/** Each step as `path | service of supervisor | what is wrong`, from the second on; at last why it is undetermined. */
export async function followServices(
  entrypoint: readonly string[],
  files: MemoryTree,
  env: Readonly<Record<string, string>> = {PATH: '/bin'},
): Promise<readonly string[]> {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({env: Object.entries(env).map(([name, value]) => `${name}=${value}`), entrypoint}),
    rootfs: memoryRootfs(files),
    platform: AMD64,
  })
  const lines = steps.slice(1).map(({path, service, certainty, verdict, obstacle, maybe}) => {
    const wrong = verdict?.fit === 'foreign' ? 'foreign' : obstacle?.kind
    return [
      path,
      service === undefined ? '-' : `${service.name} of ${service.of}`,
      ...(certainty === 'likely' ? ['likely'] : []),
      ...(wrong === undefined ? [] : [wrong]),
      ...(maybe === undefined ? [] : [`maybe by ${maybe.by.name}`]),
    ].join(' | ')
  })
  return undetermined === undefined ? lines : [...lines, undetermined]
}
