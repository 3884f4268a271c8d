import {followModules, lookupWithNodePath, madeOf, pnpFiles, readPnpState} from '../addons/index.ts'
import type {Step} from '../exec/index.ts'
import type {LoadedInput} from './loaded-input.ts'
import {keepsDirectory, type StartedScript, startedScripts} from './started-scripts.ts'

/**
 * What the scripts that Node is started with load for certain: directories of packages, and what objects are made of.
 * One that is started with Yarn's `.pnp.cjs` finds packages by it.
 */
export async function loadedByNode(steps: readonly Step[], input: LoadedInput): Promise<readonly string[]> {
  const loaded: string[] = []
  const [path] = input.env.filter(one => one.startsWith('NODE_PATH='))
  const {rootfs} = input
  const lookup = lookupWithNodePath(rootfs, path?.slice('NODE_PATH='.length))
  const found = {lookup, open: rootfs.open.bind(rootfs)}
  for (const script of startedScripts(steps, /(?:^|\/)node(?:js)?$/)) {
    const directory = pnpDirectory(script, steps, input)
    const state = directory === undefined ? undefined : await readPnpState(input.rootfs, directory)
    const files = state === undefined ? found : pnpFiles(found, state)
    for (const {directory: own, makes} of await followModules(files, [script.path]))
      loaded.push(...(own === undefined ? [] : [own]), ...makes.map(madeOf))
  }
  return loaded
}

/** `-r /app/.pnp.cjs`, in the command or in NODE_OPTIONS. */
const REQUIRED = /^(?:-r|--require)(?:[= ]|$)/

function pnpDirectory(
  {path, program}: StartedScript,
  steps: readonly Step[],
  {env, workingDir}: LoadedInput,
): string | undefined {
  const [variable] = env.filter(one => one.startsWith('NODE_OPTIONS='))
  const words = [...(program.argv ?? []).slice(1), ...(variable?.slice('NODE_OPTIONS='.length).split(' ') ?? [])]
  for (const [at, word] of words.entries()) {
    if (!REQUIRED.test(word)) continue
    const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[at + 1] ?? '')
    const [, directory] = /^(\/.*|\.)?\/\.pnp\.cjs$/.exec(value) ?? []
    if (directory !== '.') {
      if (value.endsWith('/.pnp.cjs')) return directory ?? ''
    } else if (keepsDirectory(program, steps, path)) return workingDir === '/' ? '' : workingDir
  }
  return undefined
}
