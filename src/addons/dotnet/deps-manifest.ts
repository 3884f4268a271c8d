import {isObject} from '../../lib/is-object.ts'
import {LIMITS} from '../../lib/limits.ts'

/** The native files of one package in an APP.deps.json, of which the host takes those for the platform. */
export interface NativeAssets {
  /** `SQLitePCLRaw.lib.e_sqlite3/2.1.6` */
  readonly library: string
  readonly files: readonly {readonly rid: string; readonly path: string}[]
}

/** https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md */
export function isDepsManifest(path: string): boolean {
  return path.endsWith('.deps.json')
}

/**
 * The `runtimeTargets` of kind `native` in the target that the manifest is for; none where it is not what its name
 * says. A published application of one platform has none: all it has is for that.
 */
export function parseDepsManifest(text: string): readonly NativeAssets[] {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return []
  }
  const name = member(member(value, 'runtimeTarget'), 'name') ?? member(value, 'runtimeTarget')
  const target = typeof name === 'string' ? member(member(value, 'targets'), name) : undefined
  if (!isObject(target)) return []
  let left = LIMITS['dotnet-native-files'].most
  return Object.entries(target).flatMap(([library, description]) => {
    const files = nativeFiles(member(description, 'runtimeTargets')).slice(0, left)
    left -= files.length
    return files.length === 0 ? [] : [{library, files}]
  })
}

function nativeFiles(value: unknown): NativeAssets['files'] {
  if (!isObject(value)) return []
  return Object.entries(value).flatMap(([path, description]) => {
    const rid = member(description, 'rid')
    return typeof rid === 'string' && member(description, 'assetType') === 'native' ? [{rid, path}] : []
  })
}

function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}
