import type {AddonProblem} from '../addons/index.ts'
import type {RootFs} from '../image/rootfs.ts'

/** What decides which packages are loaded by what starts. */
export interface LoadedInput {
  readonly rootfs: RootFs
  /** Of the config: what is in them may be the user's. */
  readonly volumes: readonly string[]
  /** Variables of the config, `NAME=value`. */
  readonly env: readonly string[]
  readonly workingDir: string
  /** As the config has it: `1000:1000`. */
  readonly user: string
  /** What is looked for. */
  readonly addons: readonly AddonProblem[]
}
