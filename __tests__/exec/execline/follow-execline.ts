import {program} from '../../../scripts/kernel/elf.ts'
import {EXECLINE_PROGRAMS} from '../../../src/exec/execline/programs.ts'
import {imageConfig} from '../../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'
import {readStartup} from '../../support/told-startup.ts'

export const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
export const native = executable(program({}))
const NAMES = [...EXECLINE_PROGRAMS.flatMap(({names}) => names), 's6-setuidgid']

export const TREE: MemoryTree = {
  ...Object.fromEntries(NAMES.map(name => [`/command/${name}`, native])),
  ...Object.fromEntries(
    ['app', 'one', 'echo', 'printf', 'true', 'false', 'test', 'cat'].map(name => [`/bin/${name}`, native]),
  ),
  '/bin/foreign': executable(program({machine: 183})),
  '/other/only': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/words': 'one\ntwo words\n',
  '/srv': {kind: 'directory'},
}

/** What is started that is not of execline, and what is wrong; `?` before what is only likely. */
export async function start(script: string, options = '-P', args: readonly string[] = [], tree: MemoryTree = TREE) {
  const entrypoint = ['execlineb', ...options.split(' '), '-c', script, ...args]
  const config = imageConfig({entrypoint, env: ['PATH=/command:/bin', 'FOO=foo', 'LIST=a b'], workingDir: '/srv'})
  const {steps, unknowns} = await readStartup({config, rootfs: memoryRootfs(tree), platform: AMD64})
  const told = steps.filter(({argv, obstacle}) => obstacle || !NAMES.includes(argv?.[0] ?? ''))
  return [
    ...told.map(({certainty, argv, obstacle}) =>
      [certainty === 'likely' ? '? ' : '', (argv ?? []).join('|'), obstacle ? ` ! ${obstacle.kind}` : ''].join(''),
    ),
    ...unknowns.map(({reason}) => `unknown: ${reason}`),
  ]
}
