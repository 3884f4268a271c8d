import {joinPath, type Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {readText} from '../../wrappers/shells.ts'
import {type Dependencies, parseDependencies} from './dependencies.ts'
import {readSettings, settingFiles} from './settings.ts'

/** All services of an image, as OpenRC knows them. */
export interface ServiceTree {
  readonly services: ReadonlyMap<string, Dependencies>
  /** Scripts without an execute bit, which it passes over. */
  readonly idle: readonly string[]
  /** Nothing in it hangs on what only a shell would say, or on the kind of container. */
  readonly isKnown: boolean
}

const INIT_D = '/etc/init.d'
const SETTING = /^rc_(\w+_)?(need|want|use|after|before|provide|keyword|depend_strict|parallel)$/i

/** Reads `depend` of all services; those of others than OpenRC have none. */
export async function readTree(view: WorldView, process: Process): Promise<ServiceTree> {
  const services = new Map<string, Dependencies>()
  const idle: string[] = []
  let isKnown = true
  const names = (await view.directory(INIT_D))?.names ?? []
  for (const name of names) {
    const text = (await readText(view, process, joinPath(INIT_D, name))) ?? ''
    const {node, maybe} = await view.place(joinPath(INIT_D, name))
    const isOwn = /^#!\s*\S*\/(openrc-run|runscript)\b/.test(text)
    const isForeign = /BEGIN INIT INFO/.test(text)
    if (maybe !== undefined) isKnown = false
    if (node?.kind !== 'file' || (!isOwn && !isForeign)) continue
    if ((node.mode & 0o111) === 0) {
      idle.push(name)
      continue
    }
    const dependencies = parseDependencies(isOwn ? text : '')
    const settings = await readSettings(view, process, [joinPath('/etc/conf.d', name)])
    if ([...settings.keys()].some(one => SETTING.test(one))) isKnown = false
    if (!dependencies.isKnown || isForeign) isKnown = false
    services.set(name, dependencies)
  }
  const settings = await readSettings(view, process, await settingFiles(view))
  if ([...settings.keys()].some(one => SETTING.test(one))) isKnown = false
  return {services, idle, isKnown}
}

/** Whether a service is passed over in some containers: `keyword -docker`. */
export function isOptional({keyword}: Dependencies): boolean {
  return keyword.some(word => /^-|^no/.test(word) && !/^(-|no)(stop|shutdown|timeout|jail|prefix)/.test(word))
}

/**
 * The services of a runlevel in the order in which they are started, each behind those that it is to come after, with
 * those that they need and are in none: OpenRC src/librc/librc-depend.c, rc_deptree_depends.
 */
export function startOrder(
  {services}: ServiceTree,
  names: readonly string[],
  isInLevel: (name: string) => boolean,
): readonly string[] {
  const sorted: string[] = []
  const visited = new Set<string>()
  const befores = new Map<string, string[]>()
  for (const [name, {before}] of services) {
    for (const later of before) befores.set(later, [...(befores.get(later) ?? []), name])
  }
  const visit = (name: string): void => {
    if (visited.has(name)) return
    visited.add(name)
    const own = services.get(name)
    if (!own) return
    const inLevel = (others: readonly string[]) =>
      others.flatMap(other => (other === '*' ? [...services.keys()] : providersOf(services, other))).filter(isInLevel)
    const needed = [...own.need, ...own.want].flatMap(other => choose(providersOf(services, other), isInLevel))
    const others = inLevel([...own.use, ...own.after, ...(befores.get(name) ?? []), ...(befores.get('*') ?? [])])
    for (const other of [...needed, ...others]) visit(other)
    sorted.push(name)
  }
  for (const name of names) visit(name)
  return sorted
}

/** Of several that provide a service those of the runlevel, or the first. */
function choose(providers: readonly string[], isInLevel: (name: string) => boolean): readonly string[] {
  const inLevel = providers.filter(isInLevel)
  return inLevel.length > 0 ? inLevel : providers.slice(0, 1)
}

/** The services that stand for a name: the one that is called so, or those that say that they provide it. */
export function providersOf(services: ReadonlyMap<string, Dependencies>, name: string): readonly string[] {
  if (services.has(name)) return [name]
  return [...services].filter(([, {provide}]) => provide.includes(name)).map(([provider]) => provider)
}

/** What a service needs and no service is or provides: it is not started then. */
export function findLacking({services}: ServiceTree, name: string): string | undefined {
  return services.get(name)?.need.find(other => providersOf(services, other).length === 0)
}
