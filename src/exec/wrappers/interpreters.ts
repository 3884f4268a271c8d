import {joinPath, type Process} from '../resolved-path.ts'
import {type Caller, type Handover, refuse} from './handover.ts'
import {INTERPRETERS, type Interpreter} from './tables/interpreters.ts'

/** The file that an interpreter is to run, where its command line says for sure. */
export function interpret(caller: Caller): readonly Handover[] | undefined {
  const interpreter = INTERPRETERS.find(candidate => isNamed(candidate, caller.name))
  if (!interpreter) return undefined
  const found = findFile(interpreter, caller.process)
  if (found === undefined || found.file === '-') return []
  if (found.file === undefined)
    return refuse(caller, `its option ${found.lacking} wants its value behind an equals sign`)
  const candidates = interpreter.candidates?.(found.file) ?? [found.file]
  return [{kind: 'file', candidates, via: `argument of ${caller.name}`, cwd: found.cwd}]
}

function isNamed({names, versioned}: Interpreter, name: string): boolean {
  return names.some(
    known =>
      name === known ||
      (versioned === true && name.startsWith(known) && /^[\d.]+[a-z]?$/.test(name.slice(known.length))),
  )
}

type Found =
  | {readonly file: string; readonly cwd: string}
  /** An option that ends it. */
  | {readonly file?: never; readonly lacking: string}

/** Undefined where its command line names none, or is not understood. */
function findFile(interpreter: Interpreter, {argv, cwd: from}: Process): Found | undefined {
  let cwd = from
  const at = (file: string | undefined) => (file === undefined ? undefined : {file, cwd})
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index] ?? ''
    if (word === '--') return interpreter.operand ? at(argv[index + 1]) : undefined
    if (interpreter.file?.includes(word)) return at(argv[index + 1])
    if (interpreter.flags.includes(word)) continue
    if (interpreter.wantsEquals?.includes(word)) return {lacking: word}
    if (interpreter.values.includes(word)) {
      index++
      continue
    }
    const changed = interpreter.directory?.find(option => word.startsWith(option))
    if (changed !== undefined) {
      const directory = (word === changed ? argv[++index] : word.slice(changed.length)) ?? ''
      cwd = directory.startsWith('/') ? directory : joinPath(cwd, directory)
      continue
    }
    if (word.startsWith('-') && word !== '-') {
      if (interpreter.attached?.test(word)) continue
      if (interpreter.prefixes.some(prefix => word.startsWith(prefix) && word.length > prefix.length)) continue
      return undefined
    }
    if (!interpreter.operand || interpreter.isFile?.(word) === false) return undefined
    return at(word)
  }
  return undefined
}
