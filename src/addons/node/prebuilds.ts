import type {NodeTarget} from './node-target.ts'

/** Names of files that end in `.node`, by directory. */
export type AddonNames = ReadonlyMap<string, readonly string[]>

/** What node-gyp-build takes; `missing` with what the package has for others. */
export type PrebuildChoice =
  | {readonly kind: 'takes'; readonly path: string}
  | {readonly kind: 'missing'; readonly present: readonly string[]}
  /** It is not known, or nothing of it is here. */
  | {readonly kind: 'unknown'}

/** Variables that lead node-gyp-build elsewhere; and `NAME_PREBUILD`. */
const SETTINGS = /^(?:npm_config_(?:arch|platform)|LIBC|ARM_VERSION|PREBUILDS_ONLY|ELECTRON_RUN_AS_NODE)$|_PREBUILD$/

export interface PrebuildInput {
  /** Of the package. */
  readonly directory: string
  readonly names: AddonNames
  readonly target: NodeTarget
  readonly env: ReadonlyMap<string, string>
}

/**
 * Which add-on node-gyp-build 4 loads for a package: the first of build/Release, of build/Debug, then of prebuilds, at
 * last of prebuilds beside Node's program. https://github.com/prebuild/node-gyp-build
 */
export function choosePrebuild({directory, names, target, env}: PrebuildInput): PrebuildChoice {
  if ([...env.keys()].some(name => SETTINGS.test(name))) return {kind: 'unknown'}
  for (const built of ['build/Release', 'build/Debug']) {
    // Node gives the names of a directory in the order of their bytes.
    const [first] = [...(names.get(`${directory}/${built}`) ?? [])].sort()
    if (first !== undefined) return {kind: 'takes', path: `${directory}/${built}/${first}`}
  }
  const places = [directory, ...target.directories].map(place => `${place}/prebuilds`)
  for (const place of places) {
    const chosen = chooseIn(place, names, target)
    if (chosen !== undefined) return chosen
  }
  const own = `${directory}/prebuilds/`
  const present = [...names.keys()].filter(one => one.startsWith(own)).sort()
  return present.length === 0 ? {kind: 'unknown'} : {kind: 'missing', present}
}

function chooseIn(prebuilds: string, names: AddonNames, target: NodeTarget): PrebuildChoice | undefined {
  const tuples = [...names.keys()]
    .filter(directory => directory.startsWith(`${prebuilds}/`))
    .map(directory => directory.slice(prebuilds.length + 1))
    .filter(name => !name.includes('/'))
    .sort()
    .flatMap(name => {
      const [system, arches, ...more] = name.split('-')
      const list = arches?.split('+') ?? []
      const isOurs = system === 'linux' && more.length === 0 && list.every(Boolean) && list.includes(target.arch)
      return isOurs ? [{name, count: list.length}] : []
    })
    .sort((a, b) => a.count - b.count)
  const [tuple] = tuples
  if (tuple === undefined) return undefined
  const directory = `${prebuilds}/${tuple.name}`
  const tagged = [...(names.get(directory) ?? [])].sort().map(parseTags)
  const fits = tagged.map(tags => ({tags, fit: fitOf(tags, target)})).filter(({fit}) => fit !== 'no')
  if (fits.length === 0) return undefined
  if (fits.some(({fit}) => fit === 'maybe')) return {kind: 'unknown'}
  const [winner] = fits.map(({tags}) => tags).sort(compareTags)
  return winner && {kind: 'takes', path: `${directory}/${winner.file}`}
}

interface Tags {
  readonly file: string
  readonly specificity: number
  readonly runtime?: string
  readonly napi?: true
  readonly abi?: string
  readonly uv?: string
  readonly armv?: string
  readonly libc?: string
}

/** The words of a file's name between dots. */
function parseTags(file: string): Tags {
  let tags: Tags = {file, specificity: 0}
  for (const word of file.split('.').slice(0, -1)) {
    const tag = tagOf(word)
    if (tag !== undefined) tags = {...tags, ...tag, specificity: tags.specificity + 1}
  }
  return tags
}

function tagOf(word: string): Partial<Tags> | undefined {
  if (word === 'node' || word === 'electron' || word === 'node-webkit') return {runtime: word}
  if (word === 'napi') return {napi: true}
  if (word.startsWith('abi')) return {abi: word.slice(3)}
  if (word.startsWith('uv')) return {uv: word.slice(2)}
  if (word.startsWith('armv')) return {armv: word.slice(4)}
  return word === 'glibc' || word === 'musl' ? {libc: word} : undefined
}

/** `maybe`: it depends on what is not known of Node. */
function fitOf(tags: Tags, {arch, abi, isAlpine}: NodeTarget): 'yes' | 'no' | 'maybe' {
  if (tags.runtime !== undefined && tags.runtime !== 'node') return 'no'
  if (tags.libc !== undefined && tags.libc !== (isAlpine ? 'musl' : 'glibc')) return 'no'
  let fit: 'yes' | 'maybe' = 'yes'
  if (tags.abi !== undefined && tags.abi !== abi && tags.napi !== true) {
    if (abi !== undefined) return 'no'
    fit = 'maybe'
  }
  // libuv has been of version 1 since Node 4.
  if (tags.uv !== undefined && tags.uv !== '1') return 'no'
  if (tags.armv !== undefined) {
    if (arch === 'arm') fit = 'maybe'
    else if (arch === 'arm64' && tags.armv !== '8') return 'no'
    else if (arch !== 'arm64') fit = 'maybe'
  }
  return fit
}

/** What says the runtime comes first, then what says the ABI, then what says most. */
function compareTags(a: Tags, b: Tags): number {
  if (a.runtime !== b.runtime) return a.runtime === 'node' ? -1 : 1
  if (a.abi !== b.abi) return a.abi !== undefined ? -1 : 1
  return b.specificity - a.specificity
}
