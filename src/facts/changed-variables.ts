import {readText} from '../addons/index.ts'
import type {Step} from '../exec/index.ts'
import type {RootFs} from '../image/rootfs.ts'
import {LIMITS} from '../lib/limits.ts'

/**
 * Whether a script on the way to a step names variables that decide what is loaded, or reads other files that may.
 * `own`: a script that the step itself runs.
 */
export async function mayChangeVariables(
  step: Step,
  {
    steps,
    files,
    variables,
    own,
  }: {
    readonly steps: readonly Step[]
    readonly files: Pick<RootFs, 'open'>
    readonly variables: RegExp
    readonly own?: string
  },
): Promise<boolean> {
  for (let at = step.from; at !== undefined; at = steps[at]?.from) {
    const {node, identity} = steps[at] ?? {}
    if (identity?.kind !== 'script' || node === undefined || node.path === own) continue
    const text = await readText(files, node, LIMITS['module-bytes'].most)
    if (text === undefined || variables.test(text) || /^\s*(?:\.|source)\s/m.test(text)) return true
  }
  return false
}
