import type {Aliases, AliasHistory, Constants, Place, Places} from './definition.ts'

const NEVER: AliasHistory = []

/** More ways are not distinguished. */
const MAX_WAYS = 4

/** The aliases after one of two ways. */
export function joinAliases(one: Aliases, other: Aliases): Aliases {
  if (one === other) return one
  const names = new Set([...one.keys(), ...other.keys()])
  const all = (name: string) => joinHistories(one.get(name) ?? [NEVER], other.get(name) ?? [NEVER])
  return new Map([...names].map(name => [name, all(name)]))
}

type Histories = readonly AliasHistory[] | 'unknown'

function joinHistories(one: Histories, other: Histories): Histories {
  if (one === 'unknown' || other === 'unknown') return 'unknown'
  const all = [...new Set([...one, ...other])]
  return all.length > MAX_WAYS ? 'unknown' : all
}

/** Variables that are constant in one way only may be. */
export function joinConstants(one: Constants, other: Constants): Constants {
  if (one === other) return one
  const names = new Set([...one.keys(), ...other.keys()])
  return new Map(
    [...names].map(name => [name, one.get(name) === other.get(name) ? (one.get(name) ?? 'perhaps') : 'perhaps']),
  )
}

/** Where commands were found, in one way or the other. */
export function joinPlaces(one: Places, other: Places): Places {
  if (one === other) return one
  const joined = new Map<string, Place>()
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    const [a, b] = [one.get(name), other.get(name)]
    const known = a ?? b
    if (!known) continue
    const isOther = a !== undefined && b !== undefined && a.path !== b.path
    const found = [...new Set([...(a?.found ?? [undefined]), ...(b?.found ?? [undefined])])]
    const isSure = !isOther && found.length <= MAX_WAYS && (a?.isSure ?? true) && (b?.isSure ?? true)
    joined.set(name, {path: known.path, found: found.slice(0, MAX_WAYS), isSure})
  }
  return joined
}
