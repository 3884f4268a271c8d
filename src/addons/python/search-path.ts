import {posix} from 'node:path'
import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {fileAt, namesIn, readTextAt} from '../files.ts'
import {parseVirtualEnvironment} from './virtual-environment.ts'

type Files = Pick<RootFs, 'lookup' | 'list' | 'open'>

/** How a Python is started, as far as it decides where modules are looked for. */
export interface PythonStart {
  /** Of the program, as it was called: no link in it is followed. */
  readonly path: string
  /** Of its file. */
  readonly file: string
  /** What `sys.path` begins with: the directory of the script, or the working directory. */
  readonly first: string | undefined
  readonly env: ReadonlyMap<string, string>
  /** It takes no notice of variables: `-E`, `-I`. */
  readonly ignoresEnv?: boolean
  /** The home directory of the user, where it is known. */
  readonly home: string | undefined
}

/** Where a Python looks for modules. */
export interface PythonSearch {
  /** `sys.path`, in its order. */
  readonly directories: readonly string[]
  /** Of these, what holds the standard library. */
  readonly standard: ReadonlySet<string>
  /** Directories of packages beside those, for other releases: it does not look there. */
  readonly unsearched: readonly string[]
}

/**
 * `sys.path` of a Python as Modules/getpath.py and Lib/site.py make it: the directory of the script, PYTHONPATH, the
 * standard library, the packages of the user, of a virtual environment (`pyvenv.cfg` beside the program or above it)
 * or else of where the program is installed, each with the directories that its `.pth` files name. Undefined where
 * something else decides: PYTHONHOME, a `.pth` file that changes `sys.path` by itself.
 */
export async function findPythonSearch(files: Files, start: PythonStart): Promise<PythonSearch | undefined> {
  const {path, file, first, env, ignoresEnv = false, home} = start
  if (!ignoresEnv && ['PYTHONHOME', 'PYTHONPLATLIBDIR'].some(name => env.has(name))) return undefined
  const place = await virtualEnvironmentOf(files, path)
  const bases = await basesOf(file, place)
  const release = await releaseOf(files, file, place?.version, bases)
  if (release === undefined) return undefined
  const prefixes = place === undefined || place.seesSystem ? bases.slice(0, 1) : []
  const ofUser = home === undefined || (place !== undefined && !place.seesSystem) ? [] : [`${home}/.local`]
  const roots = [...ofUser, ...(place === undefined ? [] : [place.prefix]), ...prefixes]
  const sites: string[] = []
  const unsearched: string[] = []
  for (const root of roots) {
    for (const one of await sitesBelow(files, root)) {
      if (one.release === undefined || one.release === release) sites.push(one.path)
      else unsearched.push(one.path)
    }
  }
  const added = await addedByPth(files, sites)
  if (added === undefined) return undefined
  const standard = bases.flatMap(base =>
    ['lib', 'lib64'].flatMap(lib => [`${base}/${lib}/python${release}`, `${base}/${lib}/python${release}/lib-dynload`]),
  )
  const named = ignoresEnv ? [] : (env.get('PYTHONPATH') ?? '').split(':').filter(one => one.startsWith('/'))
  return {
    directories: unique([...(first === undefined ? [] : [first]), ...named.map(trimmed), ...standard, ...added]),
    standard: new Set(standard),
    unsearched,
  }
}

/** Packages that come with every Python or virtual environment. */
const USUAL = /^(?:pip|setuptools|wheel|distlib|_virtualenv)[-.]/

/** The packages that are installed in a directory, by what their metadata are called; without pip and its like. */
export async function installedIn(files: Files, site: string): Promise<readonly string[]> {
  const names = await namesIn(files, site)
  return names
    .filter(name => /\.(?:dist|egg)-info$/.test(name) && !USUAL.test(name))
    .map(name => name.replace(/(?:-[^-]*)?(?:-py3[^-]*)?\.[^.]*$/, ''))
    .sort()
}

/** The release in the name of a program, `python3.13`; else what a virtual environment says of it. */
export function releaseInName(file: string): string | undefined {
  return /\/python(3\.[0-9]+t?)$/.exec(file)?.[1]
}

interface Place {
  readonly prefix: string
  readonly home: string | undefined
  readonly version: string | undefined
  readonly seesSystem: boolean
}

/** The virtual environment that a program is of, by the path by which it is started. */
async function virtualEnvironmentOf(files: Files, path: string): Promise<Place | undefined> {
  const directory = path.replace(/\/[^/]*$/, '')
  const prefix = directory.replace(/\/[^/]*$/, '')
  for (const config of [`${prefix}/pyvenv.cfg`, `${directory}/pyvenv.cfg`]) {
    const text = await readTextAt(files, config, LIMITS['addon-settings-bytes'].most)
    if (text !== undefined) return {prefix, ...parseVirtualEnvironment(text)}
  }
  return undefined
}

/** Where the standard library may be: above the program's file, else where `home` says, else where it was built for. */
async function basesOf(file: string, place: Place | undefined): Promise<readonly string[]> {
  const installed = file.replace(/\/[^/]*\/[^/]*$/, '')
  const above = place?.home?.replace(/\/[^/]*\/*$/, '')
  const isOwn = place !== undefined && installed === place.prefix
  return unique([...(isOwn ? [] : [installed]), ...(above === undefined ? [] : [above]), '/usr/local', '/usr'])
}

async function releaseOf(
  files: Files,
  file: string,
  version: string | undefined,
  bases: readonly string[],
): Promise<string | undefined> {
  const named = releaseInName(file)
  if (named !== undefined || version !== undefined) return named ?? version
  const [base = ''] = bases
  const found = (await namesIn(files, `${base}/lib`)).flatMap(name => /^python(3\.[0-9]+t?)$/.exec(name)?.[1] ?? [])
  const known: string[] = []
  for (const release of found) {
    const library = `${base}/lib/python${release}`
    if ((await fileAt(files, `${library}/os.py`)) !== undefined || (await has(files, `${library}/lib-dynload`)))
      known.push(release)
  }
  return known.length === 1 ? known[0] : undefined
}

/** Directories of packages below a prefix, with the release that they are for. */
async function sitesBelow(
  files: Files,
  prefix: string,
): Promise<readonly {readonly path: string; readonly release: string | undefined}[]> {
  const found: {path: string; release: string | undefined}[] = []
  const isDebian = prefix === '/usr' && (await has(files, '/usr/lib/python3/dist-packages'))
  const places = prefix === '/usr' ? ['/usr/local', '/usr'] : [prefix]
  for (const place of places) {
    for (const lib of ['lib', 'lib64']) {
      for (const name of await namesIn(files, `${place}/${lib}`)) {
        const release = /^python(3\.[0-9]+t?)$/.exec(name)?.[1]
        if (release === undefined && !(isDebian && place === '/usr' && name === 'python3')) continue
        const kind = isDebian ? 'dist-packages' : 'site-packages'
        const path = `${place}/${lib}/${name}/${kind}`
        if (await has(files, path)) found.push({path, release})
      }
    }
  }
  return found
}

/**
 * The directories, each with those behind it that its `.pth` files name. https://docs.python.org/3/library/site.html
 */
async function addedByPth(files: Files, sites: readonly string[]): Promise<readonly string[] | undefined> {
  const directories: string[] = []
  for (const site of sites) {
    directories.push(site)
    const names = [...(await namesIn(files, site))].filter(name => /^[^.].*\.pth$/.test(name)).sort()
    // At once: what is asked for together is read in one pass over a layer.
    const texts = await Promise.all(
      names
        .slice(0, LIMITS['configuration-files'].most)
        .map(name => readTextAt(files, `${site}/${name}`, LIMITS['addon-settings-bytes'].most)),
    )
    for (const text of texts) {
      for (const line of (text ?? '').split(/\r\n|\n|\r/)) {
        if (line.startsWith('#') || line.trim() === '') continue
        if (/^import[ \t]/.test(line)) {
          if (/\bsys\s*\.\s*path\b/.test(line)) return undefined
          continue
        }
        const path = line.trimEnd()
        const directory = trimmed(path.startsWith('/') ? path : `${site}/${path}`)
        if (await has(files, directory)) directories.push(directory)
      }
    }
  }
  return directories
}

async function has(files: Pick<RootFs, 'lookup'>, path: string): Promise<boolean> {
  return (await files.lookup(path)).outcome === 'found'
}

function trimmed(path: string): string {
  return posix.normalize(path).replace(/(?<=.)\/+$/, '')
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
