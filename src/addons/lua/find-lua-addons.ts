import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {fileAt, namesIn} from '../files.ts'
import {followLuaRequires} from './follow-lua-requires.ts'
import {type LuaPaths, luaPaths} from './lua-paths.ts'

export interface LuaAddonInput extends NativeFiles {
  readonly env: ReadonlyMap<string, string>
}

/** A native module of another machine, by the path at which Lua would find it, or not. */
interface ForeignModule {
  readonly place: string
  /** `socket/core` */
  readonly name: string
  /** Of the file, which may be behind a link. */
  readonly path: string
  readonly machine: string
}

/** Directories in those of `package.cpath`. */
const LEVELS = 3

/**
 * Native modules of Lua of another machine: first in `package.cpath`, where requiring one fails, since the search ends
 * at the first file; or in the directory for another machine alone, where Lua does not look. It is read of an image
 * that has such files alone. https://www.lua.org/manual/5.4/manual.html#pdf-package.searchers
 */
export async function findLuaAddons({natives, files, env}: LuaAddonInput): Promise<readonly AddonProblem[]> {
  const isAsked = [...natives].some(([path, {fit}]) => fit === 'other' && /\.so(?:\.[0-9.]*)?$/.test(path))
  const judged: (AddonProblem | undefined)[] = []
  for (const paths of isAsked ? luaPaths(natives, env) : []) {
    const foreign = await foreignModules(paths, {natives, files})
    // At once: what is asked for together is read in one pass over a layer.
    judged.push(...(await Promise.all(foreign.map(one => judge(one, paths, files)))))
  }
  return judged.flatMap(problem => problem ?? []).slice(0, LIMITS['followed-packages'].most)
}

async function judge(
  {place, name, path, machine}: ForeignModule,
  paths: LuaPaths,
  files: NativeFiles['files'],
): Promise<AddonProblem | undefined> {
  const isNeeded = await isRequired(name, paths, files)
  // Of a module that is there in Lua the library counts where that requires a part of it.
  if (!isNeeded && (await isInLua(name, paths, files))) return undefined
  const common = {
    ...({language: 'lua', directory: place, package: name.replaceAll('/', '.'), covers: [path]} as const),
    searched: [...paths.scripts, ...paths.places],
    isRequired: false,
    isNeeded,
  }
  const first = await firstOf(name, paths.places, files)
  if (first === place) {
    const outcome = {kind: 'foreign', path, machine} as const
    return {...common, wanted: [path], outcome, modules: [`${place}/${name}`]}
  }
  if (first !== undefined || paths.places.includes(place)) return undefined
  const own = paths.places.find(one => isTwin(one, place)) ?? place
  const outcome = {kind: 'missing', present: [`${place}/${name}.so`]} as const
  return {...common, wanted: [`${own}/${name}.so`], outcome, modules: [`${own}/${name}`]}
}

/** Those in the directories where a Lua looks, and in those where it would on other machines. */
async function foreignModules({places}: LuaPaths, {natives, files}: NativeFiles): Promise<readonly ForeignModule[]> {
  const machines = (await namesIn(files, '/usr/lib')).filter(name => /-linux-/.test(name))
  const twins = machines.flatMap(machine =>
    places.map(place => place.replace(/^\/usr\/lib\/[^/]+-linux-[^/]+\//, `/usr/lib/${machine}/`)),
  )
  const found: ForeignModule[] = []
  let left = LIMITS['judged-packages'].most
  const enter = async (place: string, below: string, level: number): Promise<void> => {
    for (const name of await namesIn(files, `${place}${below}`)) {
      const path = `${place}${below}/${name}`
      if (name.endsWith('.so')) {
        left -= 1
        const node = left < 0 ? undefined : await fileAt(files, path)
        const native = node && natives.get(node.path)
        if (node === undefined || native?.fit !== 'other') continue
        const stem = path.slice(place.length + 1, -'.so'.length)
        found.push({place, name: stem, path: node.path, machine: native.machine})
      } else if (level < LEVELS && !name.includes('.')) await enter(place, `${below}/${name}`, level + 1)
    }
  }
  for (const place of new Set([...places, ...twins])) await enter(place, '', 0)
  return found
}

/** Whether two directories differ in the machine that their path names alone. */
function isTwin(one: string, other: string): boolean {
  const pattern = /^\/usr\/lib\/[^/]+-linux-[^/]+\//
  return one !== other && pattern.test(one) && one.replace(pattern, '') === other.replace(pattern, '')
}

async function firstOf(
  name: string,
  places: readonly string[],
  files: NativeFiles['files'],
): Promise<string | undefined> {
  for (const place of places) if ((await fileAt(files, `${place}/${name}.so`)) !== undefined) return place
  return undefined
}

async function isInLua(name: string, {scripts}: LuaPaths, files: NativeFiles['files']): Promise<boolean> {
  for (const template of scripts) if ((await fileAt(files, template.replace('?', name))) !== undefined) return true
  return false
}

/** A part of a package is needed where the package requires it for certain, and any other by its own name. */
async function isRequired(name: string, paths: LuaPaths, files: NativeFiles['files']): Promise<boolean> {
  const root = name.replace(/\/.*/, '')
  if (root === name && !(await isInLua(name, paths, files))) return true
  const entries = paths.scripts.map(template => template.replace('?', root))
  const stems = await followLuaRequires(files, entries, paths)
  return paths.places.some(place => stems.has(`${place}/${name}`))
}
