import {baseName} from '../../lib/paths.ts'
import type {NativeFiles} from '../addon.ts'

/** Where the Lua of one version looks, in its order. */
export interface LuaPaths {
  /** `5.4` */
  readonly version: string
  /** `package.path`: templates with `?`. */
  readonly scripts: readonly string[]
  /** `package.cpath`, as directories: of its templates those that end with `/?.so`. */
  readonly places: readonly string[]
}

/** Programs that are Lua, and the library that others run it by. */
const LUA = /^(?:lua(5\.[1-4])|(luajit)(?:-2\.[0-9.]*)?|liblua(5\.[1-4])(?:\.so.*)?)$/

/** The paths of each Lua of the image, by its packager's defaults: of the upstream `luaconf.h`, and of Debian. */
export function luaPaths(natives: NativeFiles['natives'], env: ReadonlyMap<string, string>): readonly LuaPaths[] {
  const versions = new Set<string>()
  let triplet: string | undefined
  for (const [path, {fit}] of natives) {
    if (fit !== 'own') continue
    const [, program, jit, library] = LUA.exec(baseName(path)) ?? []
    const version = program ?? library ?? (jit && '5.1')
    if (version !== undefined) versions.add(version)
    triplet ??= /^\/(?:usr\/)?lib\/([^/]+-linux-(?:gnu|musl)[^/]*)\//.exec(path)?.[1]
  }
  return [...versions].sort().map(version => ({
    version,
    scripts: ['/usr/local/share/lua', '/usr/local/lib/lua', '/usr/share/lua'].flatMap(place => [
      `${place}/${version}/?.lua`,
      `${place}/${version}/?/init.lua`,
    ]),
    places: [
      ...givenPlaces(env, version),
      `/usr/local/lib/lua/${version}`,
      ...(triplet === undefined ? [] : [`/usr/lib/${triplet}/lua/${version}`]),
      `/usr/lib/lua/${version}`,
    ],
  }))
}

/** Those that a variable puts before the defaults; which it may as well put behind or leave out. */
function givenPlaces(env: ReadonlyMap<string, string>, version: string): readonly string[] {
  const given =
    (version === '5.1' ? undefined : env.get(`LUA_CPATH_${version.replace('.', '_')}`)) ?? env.get('LUA_CPATH')
  return (given ?? '').split(';').flatMap(template => {
    const [, place] = /^(\/.*)\/\?\.so$/.exec(template) ?? []
    return place === undefined || place.includes('?') ? [] : [place]
  })
}
