import type {Aliases, AliasHistory, Constants, Place, Places} from './definition.ts'

const NEVER: AliasHistory = []

/** The aliases after one of two ways. */
export function joinAliases(one: Aliases, other: Aliases): Aliases {
  if (one === other) return one
  const names = new Set([...one.keys(), ...other.keys()])
  const all = (name: string) => [...new Set([...(one.get(name) ?? [NEVER]), ...(other.get(name) ?? [NEVER])])]
  return new Map([...names].map(name => [name, all(name)]))
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
    joined.set(name, {path: known.path, found, isSure: !isOther && (a?.isSure ?? true) && (b?.isSure ?? true)})
  }
  return joined
}
