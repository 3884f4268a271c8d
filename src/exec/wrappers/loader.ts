import {type Caller, type Handover, passOn} from './handover.ts'

/** Names of a loader, which starts the program that its arguments name. */
export const LOADER = /^(ld-linux.*\.so\.\d+|ld64\.so\.\d+|ld\.so\.\d+|ld-\d.*\.so|ld-musl-.*\.so\.1)$/

/** `ld.so [options] program`: glibc's elf/rtld.c, musl's ldso/dynlink.c. */
export function loader(caller: Caller): readonly Handover[] {
  const {argv} = caller.process
  let at = 1
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('--')) break
    if (word === '--') {
      at++
      break
    }
    if (['--list', '--verify', '--version', '--help', '--list-tunables', '--list-diagnostics'].includes(word)) return []
    if (
      [
        '--library-path',
        '--preload',
        '--argv0',
        '--audit',
        '--inhibit-rpath',
        '--glibc-hwcaps-prepend',
        '--glibc-hwcaps-mask',
      ].includes(word)
    )
      at++
  }
  return passOn(caller, argv.slice(at), {search: 'path', runsText: false})
}
