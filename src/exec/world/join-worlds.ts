import {type Budget, ENTRY} from '../budget.ts'
import {joinSymlinks} from './symlinks.ts'
import {type Change, type Link, textOf, type World, withDoubt} from './world.ts'

/** After one of two ways: what differs between them may be either. */
export function joinWorlds(a: World, b: World): World {
  if (a === b) return a
  const changes = new Map<string, Change>()
  const isLonger = b.recursions.length > a.recursions.length
  const [fewer, more] = isLonger ? [a.recursions, b.recursions] : [b.recursions, a.recursions]
  const shared = fewer.findIndex((one, index) => one !== more[index])
  const recursions = shared < 0 ? fewer : fewer.slice(0, shared)
  const symlinks = joinSymlinks(a.symlinks, b.symlinks)
  let joined: World = {...a, changes, recursions, links: joinLinks(a.links, b.links), symlinks}
  a.budget?.charge('work', ENTRY * (a.changes.size + b.changes.size))
  for (const doubt of b.doubts) joined = withDoubt(joined, doubt)
  for (const {below, by} of [...a.recursions, ...b.recursions].filter(one => !recursions.includes(one))) {
    joined = withDoubt(joined, {below, grade: 'mode', by})
  }
  for (const path of new Set([...a.changes.keys(), ...b.changes.keys()])) {
    const one = a.changes.get(path)
    const other = b.changes.get(path)
    const either = one ?? other
    if (one !== undefined && (one === other || sameChange(one, other, a.budget))) changes.set(path, one)
    else if (either) joined = withDoubt(joined, {below: path, grade: 'replaced', by: either.by})
  }
  return joined
}

function joinLinks(one: World['links'], other: World['links']): World['links'] {
  if (one === other) return one
  const isIn = (links: World['links'], {names}: Link) =>
    links.some(link => link.isSure && names.every(name => link.names.includes(name)))
  const all = [...one, ...other.filter(link => !one.includes(link))]
  return all.map(link => (isIn(one, link) && isIn(other, link) ? link : {...link, isSure: false}))
}

function sameChange(one: Change, other: Change | undefined, budget: Budget | undefined): boolean {
  budget?.charge('work', textOf(one).length + (other ? textOf(other).length : 0))
  return JSON.stringify(one) === JSON.stringify(other)
}
