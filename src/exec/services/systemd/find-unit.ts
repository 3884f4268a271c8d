import {baseName} from '../../../lib/paths.ts'
import {cleanPath, joinPath, type Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {readText} from '../../wrappers/shells.ts'
import {upToProblem} from './load-problem.ts'
import {parseUnit, type UnitFile} from './unit-file.ts'

/** Where the manager looks for units, the first of which wins: systemd.unit(5), "Unit File Load Path". */
const DIRECTORIES = [
  ...['/etc/systemd/system.control', '/run/systemd/system.control', '/run/systemd/transient'],
  ...['/run/systemd/generator.early', '/etc/systemd/system', '/etc/systemd/system.attached', '/run/systemd/system'],
  ...['/run/systemd/system.attached', '/run/systemd/generator', '/usr/local/lib/systemd/system'],
  ...['/usr/lib/systemd/system', '/lib/systemd/system', '/run/systemd/generator.late'],
]

/** The names in each directory of units, which are listed once: over an engine each look is a process. */
export type UnitIndex = readonly {readonly directory: string; readonly names: ReadonlySet<string>}[]

export async function indexUnits(view: WorldView): Promise<UnitIndex> {
  const index: {directory: string; names: ReadonlySet<string>}[] = []
  for (const directory of DIRECTORIES) {
    const listing = await view.directory(directory)
    // One may be a link to the other.
    if (listing && !index.some(one => one.directory === listing.at))
      index.push({directory: listing.at, names: new Set(listing.names)})
  }
  return index
}

/** A unit with its drop-ins, and the units that its directories name. */
export interface Unit {
  /** Behind all links: of an alias, what it stands for, unless that has a file of its own. */
  readonly name: string
  /** What it stands for, also of a template. */
  readonly standsFor: string
  readonly settings: UnitFile
  /** By `.wants`, `.requires` and `.upholds`. */
  readonly wanted: readonly string[]
  /** By `.requires` alone. */
  readonly required: readonly string[]
  /** Nothing may have made it another one. */
  readonly isSure: boolean
}

/** Looks for a unit by its name. Undefined where it is not there, or may be masked. */
export async function findUnit(
  view: WorldView,
  index: UnitIndex,
  process: Process,
  name: string,
): Promise<Unit | 'masked' | undefined> {
  // An alias of a template leads to its file, also where the same instance of the other name has a file of its own.
  const file = (await findFile(view, index, name)) ?? (await findFile(view, index, templateOf(name)))
  const names = [...new Set([name, ...(file ? [aliasOf(file, name)] : [])])]
  const own = names.at(-1) ?? name
  const all = [...names, ...names.map(templateOf)]
  const {wanted, required} = await linkedTo(view, index, all)
  // Links alone are enough for a target.
  if (!file)
    return wanted.length > 0 && name.endsWith('.target')
      ? {name, standsFor: name, settings: [], wanted, required, isSure: true}
      : undefined
  if (file.isMasked) return file.isSure ? 'masked' : undefined
  const text = await readText(view, process, file.at)
  if (text === undefined) return undefined
  const settings = [...parseUnit(text)]
  for (const path of await dropIns(view, index, all)) {
    settings.push(...upToProblem(parseUnit((await readText(view, process, path)) ?? '')))
  }
  // An instance of the other name with a file of its own is another unit.
  const isRival = own !== name && baseName(file.at).includes('@.') && (await findFile(view, index, own)) !== undefined
  return {name: isRival ? name : own, standsFor: own, settings, wanted, required, isSure: file.isSure}
}

interface File {
  /** Behind all links. */
  readonly at: string
  readonly isMasked: boolean
  readonly isSure: boolean
}

async function findFile(view: WorldView, index: UnitIndex, name: string, links = 0): Promise<File | undefined> {
  for (const {directory, names} of index) {
    if (!names.has(name)) continue
    const path = joinPath(directory, name)
    const own = await view.place(path, {followLast: false})
    if (!own.node) continue
    const target = own.node.kind === 'symlink' ? own.node.target : undefined
    const alias = target === undefined ? undefined : unitAt(index, directory, target)
    // A link to another name among the units is an alias of that unit, wherever its file is.
    if (alias !== undefined && alias !== name && links < MAX_LINKS) return findFile(view, index, alias, links + 1)
    const {node, at, maybe} = await view.place(path)
    const isNull = target === '/dev/null'
    const isMasked = isNull || node?.kind !== 'file' || (node.size === 0 && maybe === undefined)
    return {at, isMasked, isSure: isNull || maybe === undefined}
  }
  return undefined
}

/** The most aliases of each other that are followed. */
const MAX_LINKS = 8

/** The name of a unit that a symlink of a directory of units leads to; undefined where it leads elsewhere. */
function unitAt(index: UnitIndex, directory: string, target: string): string | undefined {
  const path = cleanPath(target.startsWith('/') ? target : joinPath(directory, target))
  const at = path.slice(0, path.lastIndexOf('/')) || '/'
  return index.some(one => one.directory === at) ? baseName(path) : undefined
}

/** The unit that a link among the units leads to; a link to elsewhere keeps its name. */
function aliasOf({at}: File, name: string): string {
  const target = baseName(at)
  const isUnit = /\/systemd\/system$/.test(at.slice(0, at.lastIndexOf('/')))
  if (!isUnit || target === name || target === templateOf(name)) return name
  // A template's alias stands for the same instance of another template.
  return target.includes('@.') ? target.replace('@.', `@${instanceOf(name)}.`) : target
}

/** `getty@tty1.service` is made by `getty@.service`. */
function templateOf(name: string): string {
  return name.replace(/@[^@]*(\.[a-z]+)$/, '@$1')
}

/** `tty1` of `getty@tty1.service`. */
export function instanceOf(name: string): string {
  return /@(.*)\.[a-z]+$/.exec(name)?.[1] ?? ''
}

/** A link that leads to /dev/null or to an empty file names nothing: null_or_empty_path. */
async function isNull(view: WorldView, path: string, links = 0): Promise<boolean> {
  const {node} = await view.place(path, {followLast: false})
  if (node?.kind !== 'symlink') return node?.kind === 'file' && node.size === 0 && links > 0
  const target = node.target ?? ''
  if (target === '/dev/null') return true
  const next = cleanPath(target.startsWith('/') ? target : joinPath(path.slice(0, path.lastIndexOf('/')), target))
  return links < MAX_LINKS && isNull(view, next, links + 1)
}

/** What the directories of links beside these units name: `NAME.wants`, `NAME.requires`, `NAME.upholds`. */
async function linkedTo(
  view: WorldView,
  index: UnitIndex,
  names: readonly string[],
): Promise<Pick<Unit, 'wanted' | 'required'>> {
  const [wanted, required] = [new Set<string>(), new Set<string>()]
  for (const {directory, names: there} of index) {
    for (const name of new Set(names)) {
      for (const kind of ['wants', 'requires', 'upholds']) {
        if (!there.has(`${name}.${kind}`)) continue
        const folder = joinPath(directory, `${name}.${kind}`)
        for (const one of (await view.directory(folder))?.names ?? []) {
          if (await isNull(view, joinPath(folder, one))) continue
          wanted.add(one)
          if (kind === 'requires') required.add(one)
        }
      }
    }
  }
  return {wanted: [...wanted], required: [...required]}
}

/** `NAME.d/*.conf`, by their names; one of the same name in an earlier directory stands in its place. */
async function dropIns(view: WorldView, index: UnitIndex, names: readonly string[]): Promise<readonly string[]> {
  const [name = ''] = names
  const kind = name.slice(name.lastIndexOf('.') + 1)
  const folders = [...new Set([...names, ...prefixesOf(name), kind])].map(one => `${one}.d`)
  const found = new Map<string, string>()
  for (const folder of folders) {
    for (const {directory, names: there} of index) {
      const listing = there.has(folder) ? await view.directory(joinPath(directory, folder)) : undefined
      for (const file of listing?.names ?? []) {
        if (file.endsWith('.conf') && !found.has(file)) found.set(file, joinPath(directory, `${folder}/${file}`))
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, path]) => path)
}

/** `a-.service` and `a-b-.service` of `a-b-c.service`. */
function prefixesOf(name: string): readonly string[] {
  const [stem = '', end = ''] = [name.slice(0, name.lastIndexOf('.')), name.slice(name.lastIndexOf('.'))]
  const parts = stem.split('-')
  return parts.slice(1).map((_, index) => `${parts.slice(0, index + 1).join('-')}-${end}`)
}
