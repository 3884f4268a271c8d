import {baseName} from '../../../lib/paths.ts'
import {joinPath, type Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {readText} from '../../wrappers/shells.ts'
import type {LaunchMetadata} from './metadata.ts'

/** Variables that are the launcher's own (lifecycle env/launch.go). */
const OWN = ['CNB_LAYERS_DIR', 'CNB_APP_DIR', 'CNB_PROCESS_TYPE', 'CNB_PLATFORM_API', 'CNB_DEPRECATION_MODE']

/** What a layer adds to a variable by its directories. */
const ROOTS = [
  ['bin', 'PATH'],
  ['lib', 'LD_LIBRARY_PATH'],
] as const

/** The directories of layers, by the order of the buildpacks and of their names. */
export async function layersOf(
  view: WorldView,
  layers: string,
  {buildpacks}: LaunchMetadata,
): Promise<readonly (readonly string[])[]> {
  const all: (readonly string[])[] = []
  for (const {id} of buildpacks) {
    all.push(await entriesOf(view, joinPath(layers, id.replaceAll('/', '_')), 'directory'))
  }
  return all
}

/** Files of a directory of a layer; the layer itself is listed first, for most have none of them. */
export async function filesIn(view: WorldView, layer: string, name: string): Promise<readonly string[]> {
  const [first = name] = name.split('/')
  const names = (await view.directory(layer))?.names ?? []
  return names.includes(first) ? entriesOf(view, joinPath(layer, name), 'file') : []
}

/** Directories, or all that are none, in a directory: symlinks are none. */
async function entriesOf(view: WorldView, directory: string, kind: 'directory' | 'file'): Promise<readonly string[]> {
  const listing = await view.directory(directory)
  const paths: string[] = []
  for (const name of listing?.names ?? []) {
    const path = joinPath(directory, name)
    const {node} = await view.place(path, {followLast: false})
    if (node && (node.kind === 'directory') === (kind === 'directory')) paths.push(path)
  }
  return paths
}

/** The variables with which a process is launched: buildpack.md, "Provided by the Buildpacks"; lifecycle env/env.go. */
export async function launchEnvironment(
  view: WorldView,
  process: Process,
  layers: readonly (readonly string[])[],
  type: string,
): Promise<ReadonlyMap<string, string>> {
  const env = new Map([...process.env].filter(([name]) => !OWN.includes(name)))
  const path = env.get('PATH')
  const own = ['/cnb/process', '/cnb/lifecycle']
  if (path !== undefined)
    env.set(
      'PATH',
      path
        .split(':')
        .filter(one => !own.includes(one))
        .join(':'),
    )
  for (const ofBuildpack of layers) {
    for (const layer of ofBuildpack) {
      const names = (await view.directory(layer))?.names ?? []
      for (const [name, variable] of ROOTS) {
        const directory = joinPath(layer, name)
        if (names.includes(name) && (await view.place(directory)).node)
          env.set(variable, before(directory, env.get(variable), ':'))
      }
    }
    for (const layer of ofBuildpack) {
      for (const name of ['env', 'env.launch', ...(type === '' ? [] : [`env.launch/${type}`])]) {
        await addFiles(view, process, env, await filesIn(view, layer, name))
      }
    }
  }
  return env
}

/** Files that are named as a variable, and behind a dot what they do to it. */
async function addFiles(
  view: WorldView,
  process: Process,
  env: Map<string, string>,
  paths: readonly string[],
): Promise<void> {
  for (const path of paths) {
    const value = await readText(view, process, path)
    if (value === undefined) continue
    const file = baseName(path)
    const dot = file.indexOf('.')
    const [name, action] = dot < 0 ? [file, 'override'] : [file.slice(0, dot), file.slice(dot + 1)]
    const old = env.get(name)
    const delimiter = paths.find(one => one.endsWith(`/${name}.delim`))
    const between = delimiter === undefined ? '' : ((await readText(view, process, delimiter)) ?? '')
    if (action === 'override') env.set(name, value)
    if (action === 'default' && !old) env.set(name, value)
    if (action === 'prepend') env.set(name, before(value, old, between))
    if (action === 'append') env.set(name, old ? `${old}${between}${value}` : value)
  }
}

function before(value: string, old: string | undefined, between: string): string {
  return old ? `${value}${between}${old}` : value
}
