import {followModules} from '../addons/index.ts'
import type {Step} from '../exec/index.ts'
import type {RootFs} from '../image/rootfs.ts'

export interface LoadedInput {
  readonly rootfs: RootFs
  /** Of the config: what is in them may be the user's. */
  readonly volumes: readonly string[]
}

/**
 * The packages that the scripts of Node that start load for certain, by their directories. None where packages are
 * installed before, and none of a volume.
 */
export async function findLoadedPackages(
  steps: readonly Step[],
  {rootfs, volumes}: LoadedInput,
): Promise<ReadonlySet<string>> {
  const scripts = steps.some(installs) ? [] : steps.flatMap(step => scriptOf(step, steps))
  const modules = scripts.length === 0 ? [] : await followModules(rootfs, scripts)
  const isOfVolume = (path: string): boolean => volumes.some(volume => `${path}/`.startsWith(`${volume}/`))
  return new Set(modules.flatMap(({directory}) => (directory === undefined || isOfVolume(directory) ? [] : directory)))
}

/** The script that Node is started with, where nothing can keep it from that. */
function scriptOf(
  {role, certainty, accepted, maybe, service, obstacle, node, from}: Step,
  steps: readonly Step[],
): string[] {
  const program = from === undefined ? undefined : steps[from]?.path
  const isOfNode = program !== undefined && /(?:^|\/)node(?:js)?$/.test(program)
  const isSure = role === 'argument' && certainty === 'certain' && accepted !== true && service === undefined
  return isOfNode && isSure && maybe === undefined && obstacle === undefined && node !== undefined ? [node.path] : []
}

const INSTALLERS = /(?:^|\/)(?:npm|npx|pnpm|pnpx|yarn|yarnpkg|bun|bunx|corepack|node-gyp|tar|unzip|rsync|cp|mv)$/
/** What only starts a script that package.json names, or another program. */
const STARTS = /^(?:run|run-script|start|exec|test|stop|restart)$/

/** Whether a step may change node_modules. */
function installs({role, path, argv}: Step): boolean {
  return role === 'program' && INSTALLERS.test(path) && !STARTS.test(argv?.[1] ?? '')
}
