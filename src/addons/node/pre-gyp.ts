import {posix} from 'node:path'
import type {NodeManifest} from './manifest.ts'
import type {NodeTarget} from './node-target.ts'
import type {AddonNames} from './prebuilds.ts'

/** Packages that say where an add-on is by `binary` of package.json. */
export const PRE_GYP = ['@mapbox/node-pre-gyp', 'node-pre-gyp'] as const

/** Which add-on node-pre-gyp leads to. */
export type PreGypChoice =
  /** It is one of these: they differ in what is not known of Node. */
  | {readonly kind: 'takes'; readonly paths: readonly string[]}
  | {readonly kind: 'missing'; readonly wanted: string; readonly present: readonly string[]}
  /** It is not known, or nothing of it is here. */
  | {readonly kind: 'unknown'}

/** A variable of `module_path`, and of nothing else. */
const VARIABLE = /\{([a-z_]+)\}/g
/** More of them are not a path that anybody has. */
const MOST_VARIABLES = 10

/**
 * The file that `find` of node-pre-gyp gives for a package: `module_path` with its variables, and `module_name`.
 * https://github.com/mapbox/node-pre-gyp#the-binary-object-has-three-properties
 */
export function choosePreGyp(
  directory: string,
  {name, version, binary}: NodeManifest,
  names: AddonNames,
  target: NodeTarget,
): PreGypChoice {
  if (binary === undefined) return {kind: 'unknown'}
  const template = posix.normalize(`${directory}/${binary.modulePath}/${binary.moduleName}.node`)
  if (!template.startsWith(`${directory}/`)) return {kind: 'unknown'}
  const values = {...knownValues(target), name: is(name), version: is(version), module_name: is(binary.moduleName)}
  const pattern = patternOf(template, values)
  if (pattern === undefined) return {kind: 'unknown'}
  const file = `${binary.moduleName}.node`
  const all = [...names].flatMap(([place, files]) => {
    const isOwn = place.startsWith(`${directory}/`) && !place.includes('/node_modules/', directory.length)
    return isOwn && files.includes(file) ? [`${place}/${file}`] : []
  })
  const paths = all.filter(path => pattern.test(path)).sort()
  if (paths.length > 0) return {kind: 'takes', paths}
  const wanted = template.replace(VARIABLE, (_, key: string) => new Map(Object.entries(values)).get(key)?.text ?? key)
  const present = all.filter(path => !path.startsWith(`${directory}/build/`)).sort()
  return present.length === 0
    ? {kind: 'unknown'}
    : {kind: 'missing', wanted: wanted.slice(directory.length + 1), present}
}

interface Value {
  /** What messages write. */
  readonly text: string
  readonly pattern: string
}

/** What `versioning.evaluate` puts in their place on a platform. */
function knownValues({arch, libc, abi}: NodeTarget): Readonly<Record<string, Value>> {
  const libcs = libc === undefined ? {text: '{libc}', pattern: '(?:glibc|musl|unknown)'} : is(libc)
  const node = abi === undefined ? {text: '{node_abi}', pattern: 'node-v[0-9]{1,4}'} : is(`node-v${abi}`)
  return {
    configuration: is('Release'),
    ...{platform: is('linux'), target_platform: is('linux')},
    ...{arch: is(arch), target_arch: is(arch)},
    ...{libc: libcs, target_libc: libcs},
    node_abi: node,
    // Of those that the package has, the highest that Node knows.
    napi_build_version: {text: '{napi_build_version}', pattern: '[0-9]{1,2}'},
    node_napi_label: {text: '{node_napi_label}', pattern: `(?:napi-v[0-9]{1,2}|${node.pattern})`},
    toolset: is(''),
  }
}

function is(text: string): Value {
  return {text, pattern: escaped(text)}
}

function patternOf(template: string, values: Readonly<Record<string, Value>>): RegExp | undefined {
  const parts = template.split(/\{([a-z_]+)\}/)
  if (parts.length > 2 * MOST_VARIABLES + 1) return undefined
  const pieces: string[] = []
  for (const [at, part] of parts.entries()) {
    const value = at % 2 === 0 ? is(part) : Object.hasOwn(values, part) ? values[part] : undefined
    if (value === undefined) return undefined
    pieces.push(value.pattern)
  }
  return new RegExp(`^${pieces.join('')}$`)
}

function escaped(text: string): string {
  return text.replace(/[^\w/]/g, '\\$&')
}
