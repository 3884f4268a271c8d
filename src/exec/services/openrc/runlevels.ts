import {joinPath} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'

const RUNLEVELS = '/etc/runlevels'

/** A runlevel behind those that are in it: directories of their names. */
export async function chainOf(view: WorldView, level: string): Promise<readonly string[]> {
  const found: string[] = []
  const visit = async (name: string, above: readonly string[]): Promise<void> => {
    if (above.includes(name) || !(await isRunlevel(view, name))) return
    const at = found.indexOf(name)
    if (at >= 0) found.splice(at, 1)
    found.push(name)
    for (const inside of (await view.directory(joinPath(RUNLEVELS, name)))?.names ?? []) {
      const {node} = await view.place(joinPath(joinPath(RUNLEVELS, name), inside))
      if (node?.kind === 'directory') await visit(inside, [...above, name])
    }
  }
  await visit(level, [])
  return found.toReversed()
}

export function isRunlevel(view: WorldView, name: string): Promise<boolean> {
  return view.directory(joinPath(RUNLEVELS, name)).then(listing => listing !== undefined)
}

/** By their names, in order. */
export async function servicesIn(view: WorldView, level: string): Promise<readonly string[]> {
  const directory = joinPath(RUNLEVELS, level)
  const found: string[] = []
  for (const name of (await view.directory(directory))?.names ?? []) {
    if (name.startsWith('.') || name.endsWith('.sh')) continue
    const {node} = await view.place(joinPath(directory, name))
    if (node !== undefined && node.kind !== 'directory') found.push(name)
  }
  return found.toSorted()
}

/** Those that count as in every runlevel after `sysinit`, where a service uses them. */
export async function servicesInBoot(view: WorldView, level: string): Promise<readonly string[]> {
  return level === 'sysinit' ? [] : servicesIn(view, 'boot')
}
