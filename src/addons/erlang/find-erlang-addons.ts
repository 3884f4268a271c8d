import {readWhole} from '../../lib/bytes.ts'
import {LIMITS} from '../../lib/limits.ts'
import {baseName} from '../../lib/paths.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {fileAt, namesIn} from '../files.ts'
import {loadsFunctions} from './loads-functions.ts'

/** `/usr/lib/erlang/lib/crypto-5.5/priv/lib/crypto.so`; a release has its applications so, too. */
const LIBRARY = /^(.*\/([^/]+))\/priv\/(?:.*\/)?([^/]+)\.so$/

/**
 * Applications of Erlang and Elixir with native functions of another machine. A module that has some loads them when
 * it is loaded itself (`-on_load`), and cannot be loaded without: every call of it is `undef`. It is read of an image
 * that has such files alone. https://www.erlang.org/doc/apps/erts/erl_nif.html
 */
export async function findErlangAddons({natives, files}: NativeFiles): Promise<readonly AddonProblem[]> {
  const isThere = [...natives].some(([path, {fit}]) => fit === 'own' && /^beam(?:\.smp)?$/.test(baseName(path)))
  const problems: AddonProblem[] = []
  for (const [path, {fit, machine}] of isThere ? natives : []) {
    const [, directory, called, library] = (fit === 'other' ? LIBRARY.exec(path) : null) ?? []
    if (directory === undefined || called === undefined || library === undefined) continue
    const modules = await loadersOf(library, directory, files)
    if (modules.length === 0) continue
    problems.push({
      ...({language: 'erlang', directory, package: called, wanted: [path], covers: [path]} as const),
      outcome: {kind: 'foreign', path, machine},
      isRequired: false,
      isNeeded: true,
      modules,
    })
    if (problems.length >= LIMITS['followed-packages'].most) break
  }
  return problems
}

/**
 * The modules of an application that load native functions when they are loaded, by paths without `.beam`. Where there
 * are several it is the one that is called as the library is, or names it.
 */
async function loadersOf(library: string, directory: string, files: NativeFiles['files']): Promise<readonly string[]> {
  const names = (await namesIn(files, `${directory}/ebin`)).filter(name => name.endsWith('.beam'))
  const loads = async (name: string): Promise<boolean> => {
    const node = await fileAt(files, `${directory}/ebin/${name}`)
    if (node === undefined || node.size > LIMITS['module-bytes'].most) return false
    const bytes = await readWhole(await files.open(node), LIMITS['module-bytes'].most)
    return bytes !== undefined && loadsFunctions(bytes)
  }
  // At once: what is asked for together is read in one pass over a layer.
  const asked = names.slice(0, LIMITS['judged-packages'].most)
  const answers = await Promise.all(asked.map(loads))
  const found = asked
    .filter((_, index) => answers[index])
    .map(name => `${directory}/ebin/${name.slice(0, -'.beam'.length)}`)
  const named = found.filter(path => alike(baseName(path)) === alike(library))
  return found.length === 1 ? found : named
}

/** `Elixir.Bcrypt.Nif` and `bcrypt_nif`. */
function alike(name: string): string {
  return name
    .toLowerCase()
    .replace(/^elixir\./, '')
    .replace(/[^a-z0-9]/g, '')
    .replace(/(?:nifs?|drv)$/, '')
}
