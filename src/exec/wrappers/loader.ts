import {defined} from '../../lib/defined.ts'
import {type Caller, type Handover, passOn, refuse} from './handover.ts'

/** Names of a loader, which starts the program that its arguments name. */
export const LOADER = /^(ld-linux.*\.so\.\d+|ld64\.so\.\d+|ld\.so(\.\d+)?|ld-\d.*\.so|ld-musl-.*\.so\.1)$/

const ENDS = ['list', 'verify', 'version', 'help', 'list-tunables', 'list-diagnostics']
const VALUES = [
  ...['library-path', 'preload', 'argv0', 'audit', 'inhibit-rpath', 'glibc-hwcaps-prepend', 'glibc-hwcaps-mask'],
]
const FLAGS = ['inhibit-cache']

/** `ld.so [options] program`: glibc's elf/rtld.c, musl's ldso/dynlink.c, which takes values behind `=` as well. */
export function loader(caller: Caller): readonly Handover[] {
  const {argv} = caller.process
  let libraryPath: string | undefined
  let at = 1
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('--')) break
    if (word === '--') {
      at++
      break
    }
    const [name = '', attached] = word.slice(2).split(/=(.*)/s)
    if (ENDS.includes(name)) return []
    if (FLAGS.includes(name)) continue
    if (!VALUES.includes(name) || (attached !== undefined && !caller.name.startsWith('ld-musl'))) {
      return refuse(caller, `it has no option ${word}`)
    }
    if (name === 'library-path') libraryPath = attached ?? argv[at + 1]
    if (attached === undefined) at++
  }
  const [program, ...words] = argv.slice(at)
  if (program === undefined) return []
  // Both look for a name without a slash as they look for libraries, and musl in PATH as well.
  if (!program.includes('/')) {
    return [{kind: 'unknown', reason: `${caller.name} looks for ${program} as it looks for a library`}]
  }
  const by = argv[0] ?? ''
  return passOn(caller, [program, ...words], {
    search: 'path',
    runsText: false,
    mapped: {by: caller.path ?? by, ...defined({libraryPath})},
  })
}
