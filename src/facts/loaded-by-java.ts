import {agentPaths, JAVA, startOf} from '../addons/index.ts'
import type {Step} from '../exec/index.ts'
import {baseName} from '../lib/paths.ts'
import {mayChangeVariables} from './changed-variables.ts'
import type {LoadedInput} from './loaded-input.ts'
import {isSure} from './started-scripts.ts'

/** The starts of JVMs: each with what variables tell it, and with the native agents of its own options. */
export async function loadedByJava(
  steps: readonly Step[],
  {rootfs, addons, volumes}: LoadedInput,
): Promise<readonly string[]> {
  const places = addons.flatMap(({language, starts, wanted}) =>
    language === 'java' && starts !== undefined ? wanted : [],
  )
  const isOfUser = places.some(path => volumes.some(one => `${path}/`.startsWith(`${one}/`)))
  if (isOfUser) return []
  const loaded: string[] = []
  for (const step of steps) {
    if (step.role !== 'program' || !isSure(step) || baseName(step.node?.path ?? '') !== 'java') continue
    const options = optionsOf(step.argv ?? [])
    loaded.push(...agentPaths(options).map(path => startOf(JAVA, path)))
    if (!(await mayChangeVariables(step, {steps, files: rootfs, variables: /JAVA_(?:TOOL_)?OPTIONS/})))
      loaded.push(JAVA)
  }
  return loaded
}

/** Behind these nothing is an option of the JVM: `java -version` reads no further. */
const LAST = /^(?:-jar|-m|--module|--?version|-fullversion|--?help|-h|-\?|-X|--help-extra)$/

/** The options before the class or the jar; those behind an option with a value of its own are left out, too. */
function optionsOf([, ...words]: readonly string[]): readonly string[] {
  const end = words.findIndex(word => !word.startsWith('-') || LAST.test(word))
  return end < 0 ? words : words.slice(0, end)
}
