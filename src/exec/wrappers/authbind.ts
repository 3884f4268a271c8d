import {becomes, type Caller, type Handover, lacksProgram, refuse} from './handover.ts'

/** authbind(1), authbind.c: words that begin with a dash are its own, one after another, `--` among them. */
export function authbind(caller: Caller): readonly Handover[] {
  const {argv} = caller.process
  let at = 1
  for (; argv[at]?.startsWith('-'); at++) {
    const word = argv[at]
    if (word === '--help') return []
    if (word === '--depth') {
      const levels = argv[++at]
      if (levels === undefined || !/^\d+$/.test(levels)) return refuse(caller, 'its option --depth wants a number')
    } else if (word !== '--' && word !== '--deep') {
      return [{kind: 'unknown', reason: `the option ${word} of ${caller.name} is not understood`}]
    }
  }
  const words = argv.slice(at)
  return lacksProgram(caller, words) ?? becomes(caller, words)
}
