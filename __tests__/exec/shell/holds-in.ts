import {program} from '../../../scripts/kernel/elf.ts'
import {readStartup} from '../../../src/exec/index.ts'
import {imageConfig} from '../../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'

const native = executable(program({}))
const SHELLS: MemoryTree = Object.fromEntries(['bash', 'dash', 'busybox'].map(name => [`/bin/${name}`, native]))

/** What is started after `script`, each for certain: `/yes` where the condition holds, else `/no`. */
export async function holdsIn(shell: string, script: string, condition: string): Promise<readonly string[]> {
  const text = `#!/bin/${shell === 'bash' ? 'bash' : 'sh'}\n${script}\nif ${condition}; then exec /yes; fi\nexec /no\n`
  const files = {...SHELLS, '/bin/sh': {link: shell}, '/e.sh': executable(text), '/yes': native, '/no': native}
  const {steps, undetermined} = await readStartup({
    rootfs: memoryRootfs(files),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    config: imageConfig({entrypoint: ['/e.sh']}),
  })
  const started = steps.slice(2).map(({path, certainty}) => (certainty === 'certain' ? path : `? ${path}`))
  return undetermined === undefined ? started : [...started, undetermined]
}
