import type {Listed} from './facts.ts'

/** Paths that are remembered for each key; of more only the number is known. */
export const LISTED = 1000

export interface Listing<K> {
  add(key: K, path: string): void
  /** In the order in which the keys were given, those without any path as well. */
  list(): readonly (Listed & {readonly key: K})[]
}

/** Counts paths by key, and remembers the first of each. */
export function createListing<K>(keys: readonly K[]): Listing<K> {
  const lists = new Map(keys.map(key => [key, {count: 0, files: [] as string[]}]))
  return {
    add(key, path) {
      const list = lists.get(key)
      if (list === undefined) throw new Error('a path was listed under a key that was not given')
      list.count += 1
      if (list.files.length < LISTED) list.files.push(path)
    },
    list: () => Array.from(lists, ([key, {count, files}]) => ({key, count, files})),
  }
}
