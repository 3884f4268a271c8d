import {
  type AddonListing,
  type AddonProblem,
  dotnetTarget,
  findDotnetAddons,
  findErlangAddons,
  findHttpdAddons,
  findJavaAddons,
  findJavaAgents,
  findJavaHome,
  findLuaAddons,
  findNginxAddons,
  findNodeAddons,
  findPerlAddons,
  findPhpAddons,
  findPostgresqlAddons,
  findPythonAddons,
  findRAddons,
  findRubyAddons,
  type Interpreter,
  javaTarget,
  lookupWithNodePath,
  type NativeFile,
  nodeTarget,
} from '../addons/index.ts'
import type {Environment} from '../exec/index.ts'
import type {RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import {baseName} from '../lib/paths.ts'
import type {Platform} from '../platform/index.ts'
import {type Collection, machineLabel} from './collect.ts'
import type {Seen} from './seen.ts'

export interface AddonInput {
  readonly listing: AddonListing
  readonly collection: Pick<Collection, 'own' | 'others'>
  readonly platform: Platform
  readonly env: Environment
  /** The words of the image's entrypoint and command. */
  readonly command: readonly string[]
  readonly workingDir: string
  readonly rootfs: RootFs
  /** Directories and links from memory. */
  readonly snapshot: Pick<RootFs, 'lookup'>
}

/** What packages of languages need and their interpreters in the image would not load. */
export async function findAddons(input: AddonInput): Promise<readonly AddonProblem[]> {
  const {listing, collection, platform, env, command, workingDir, rootfs, snapshot} = input
  const programsOf = (name: RegExp): readonly Interpreter[] =>
    [...collection.own.values()].flatMap(({node, seen}) =>
      name.test(baseName(node.path)) && seen.fit === 'native' ? [{path: node.path, loader: seen.interpreter}] : [],
    )
  const isAlpine = (await snapshot.lookup('/etc/alpine-release')).outcome === 'found'
  const target = nodeTarget(platform, programsOf(/^node(?:js)?$/), listing.moduleVersions, isAlpine)
  const ofNode = target === undefined ? [] : await findNodeAddons({...listing.node, target, env, ...nodeFiles(input)})
  const natives = nativeFiles(collection)
  return [
    ...ofNode,
    ...(await findPythonAddons({...listing.python, natives, env, files: rootfs})),
    ...(await ofJava(input, natives, programsOf(/^java$/))),
    ...(await findRubyAddons({natives, files: rootfs, env, workingDir})),
    ...(await ofDotnet(input, natives, programsOf(/^dotnet$/))),
    ...(await findPhpAddons({natives, files: rootfs, env})),
    ...(await findPerlAddons({natives, files: rootfs, env})),
    ...(await findErlangAddons({natives, files: rootfs})),
    ...(await findRAddons({natives, files: rootfs, env})),
    ...(await findLuaAddons({natives, files: rootfs, env})),
    ...(await findPostgresqlAddons({natives, files: rootfs, env, command})),
    ...(await findNginxAddons({natives, files: rootfs, command})),
    ...(await findHttpdAddons({natives, files: rootfs, command})),
  ]
}

/** As Node looks for packages. */
function nodeFiles({
  env,
  rootfs,
  snapshot,
}: AddonInput): Pick<Parameters<typeof findNodeAddons>[0], 'directories' | 'files'> {
  const path = env.get('NODE_PATH')
  return {
    directories: {lookup: lookupWithNodePath(snapshot, path)},
    files: {lookup: lookupWithNodePath(rootfs, path), open: file => rootfs.open(file)},
  }
}

async function ofJava(
  {listing, platform, env, command, rootfs, snapshot}: AddonInput,
  natives: ReadonlyMap<string, NativeFile>,
  programs: readonly Interpreter[],
): Promise<readonly AddonProblem[]> {
  const target = javaTarget(platform, programs)
  if (target === undefined) return []
  const homes = programs.map(({path}) => path.replace(/(?:\/jre)?\/bin\/java$/, ''))
  return [
    ...(await findJavaAddons({...listing.java, target, files: rootfs})),
    ...(await findJavaAgents({natives, files: rootfs, env, command, programs: programs.map(({path}) => path)})),
    ...(await findJavaHome(env.get('JAVA_HOME'), homes, snapshot)),
  ]
}

async function ofDotnet(
  {listing, platform, snapshot}: AddonInput,
  natives: ReadonlyMap<string, NativeFile>,
  programs: readonly Interpreter[],
): Promise<readonly AddonProblem[]> {
  const target = dotnetTarget(platform, programs)
  if (target === undefined) return []
  const names = new Set([...natives].flatMap(([path, {fit}]) => (fit === 'own' ? baseName(path) : [])))
  return findDotnetAddons({...listing.dotnet, target, files: snapshot, hasOwn: name => names.has(name)})
}

/** All ELF files, by their paths. */
function nativeFiles({own, others}: AddonInput['collection']): ReadonlyMap<string, NativeFile> {
  const natives = new Map<string, NativeFile>()
  for (const {node, seen} of [...own.values(), ...others]) {
    const native = nativeFile(seen)
    if (native !== undefined) natives.set(node.path, native)
  }
  return natives
}

/** What a file is to an interpreter: it loads what is of its own machine alone, though a kernel runs more. */
export function nativeFile(seen: Seen): NativeFile | undefined {
  const machine = machineLabel(seen)
  if (machine === undefined) return undefined
  if (seen.kind !== 'elf') return {machine, fit: 'other'}
  const fit = seen.fit === 'native' ? 'own' : seen.fit === 'undetermined' ? 'unknown' : 'other'
  return {machine, fit, ...defined({phpBuilds: seen.phpBuilds})}
}
