import {cpSync, existsSync, mkdirSync, readdirSync, statSync} from 'node:fs'
import {join, resolve} from 'node:path'
import type {World} from './world.ts'

type Values = Readonly<Record<string, string>>

/** What actions/cache/restore does: an entry of this key, or the newest one that begins with one of `restore-keys`. */
export async function restoreCache(
  world: World,
  {key = '', path = '', 'restore-keys': prefixes = ''}: Values,
): Promise<Values> {
  const folder = cachesOf(world)
  const entries = readdirSync(folder).map(name => ({name, since: statSync(join(folder, name)).mtimeMs}))
  const newest = entries.sort((one, other) => other.since - one.since).map(({name}) => decodeURIComponent(name))
  const starts = prefixes.split('\n').filter(prefix => prefix !== '')
  const found = [key, ...starts].flatMap((start, at) =>
    newest.filter(name => (at === 0 ? name === start : name.startsWith(start))),
  )[0]
  if (found === undefined) return {'cache-hit': ''}
  cpSync(join(folder, encodeURIComponent(found)), placeOf(world, path), {recursive: true})
  return {'cache-hit': `${found === key}`, 'cache-matched-key': found}
}

/** What actions/cache/save does: a key is written once. */
export async function saveCache(world: World, {key = '', path = ''}: Values): Promise<Values> {
  const place = placeOf(world, path)
  if (!existsSync(place)) throw new Error(`${path} is not there`)
  const entry = join(cachesOf(world), encodeURIComponent(key))
  if (!existsSync(entry)) cpSync(place, entry, {recursive: true})
  return {}
}

function cachesOf({caches}: World): string {
  if (caches === undefined) throw new Error('there is no cache here')
  mkdirSync(caches, {recursive: true})
  return caches
}

function placeOf({workspace, env}: World, path: string): string {
  return path.startsWith('~/') ? join(env.HOME ?? '', path.slice(2)) : resolve(workspace, path)
}
