import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {cacheFolder, exists} from './cache.ts'
import {run} from './run.ts'

/** The keys of Debian's archive, as every Debian machine has them; they sign all suites, those to come included. */
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'

/** How old the lists of a suite may be before they are read anew. */
const LISTS_AGE_MINUTES = 360

/** The updates of this process, by folder, so that those who want the same one share it. */
const UPDATES = new Map<string, Promise<void>>()

// Run by whoever holds the lock, who looks first whether another has done it meanwhile. The source is read from the
// standard input; `gencaches` saves the downloads that follow, all at once, from each parsing the lists for itself.
const UPDATE = `
[ -z "$(find . -maxdepth 1 -name updated -mmin "-$0")" ] || exit 0
cat > debian.sources
: > status
apt-get "$@" -o APT::Update::Error-Mode=any update
apt-cache "$@" gencaches
touch updated
`

/** A suite of Debian for one architecture, read by an apt of its own that neither sees nor changes the machine's. */
export interface Suite {
  readonly suite: string
  readonly arch: string
  /** `main` where nothing is said; others are kept apart from it, lists and all. */
  readonly components?: readonly string[]
}

/** Runs `apt-get` or `apt-cache` against a suite; the lists must have been read by `updateLists`. */
export async function runApt(suite: Suite, args: readonly string[], cwd?: string): Promise<string> {
  return run('apt-get', [...options(suite), ...args], cwd === undefined ? {} : {cwd})
}

/**
 * Reads the package lists of a suite, unless they are recent. Signatures are checked against the machine's own
 * Debian keyring. Two processes may ask at once: `flock` lets one wait for the other, also if one of them dies.
 */
export async function updateLists(suite: Suite, force = false): Promise<void> {
  const folder = suiteFolder(suite)
  const known = force ? undefined : UPDATES.get(folder)
  const update = known ?? readLists(suite, force)
  UPDATES.set(folder, update)
  // A failure is told to those who waited, and the next one tries again.
  await update.catch((error: unknown) => {
    UPDATES.delete(folder)
    throw error
  })
}

async function readLists(suite: Suite, force: boolean): Promise<void> {
  const folder = suiteFolder(suite)
  const parts = ['lists/partial', 'cache/archives/partial']
  await Promise.all(parts.map(name => mkdir(join(folder, name), {recursive: true})))
  const signedBy = (await exists(KEYRING)) ? `Signed-By: ${KEYRING}\n` : ''
  const source = `Types: deb\nURIs: ${await debianSource()}\nSuites: ${suite.suite}\nComponents: ${componentsOf(suite).join(' ')}\n${signedBy}`
  const minutes = force ? 0 : LISTS_AGE_MINUTES
  await run('flock', [folder, 'sh', '-ec', UPDATE, String(minutes), ...options(suite)], {cwd: folder, input: source})
}

/**
 * The address from which this machine gets Debian, as apt itself understands its configuration, so that a mirror or
 * a proxy that was set up for the machine serves the other suites too, and no host is named here.
 */
async function debianSource(): Promise<string> {
  const lock = join(cacheFolder(), 'apt')
  // A machine that was just set up has no lists yet, and apt cannot tell the sources apart; its own lock does not wait.
  const found = (await configuredSource()) ?? (await run('flock', [lock, 'apt-get', 'update']).then(configuredSource))
  if (found === undefined) throw new Error('apt has no source of Debian: the end-to-end tests need a Debian machine')
  return found
}

async function configuredSource(): Promise<string | undefined> {
  const lines = await run('apt-get', [
    'indextargets',
    '--format',
    '$(CREATED_BY)|$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)',
  ])
  const prefix = 'Packages|Debian|Debian|main|'
  return lines
    .split('\n')
    .find(line => line.startsWith(prefix))
    ?.slice(prefix.length)
}

function options(suite: Suite): readonly string[] {
  const folder = suiteFolder(suite)
  const settings = {
    'Dir::State': folder,
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::State::status': join(folder, 'status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Cache::pkgcache': 'pkgcache.bin',
    'Dir::Etc::sourcelist': join(folder, 'debian.sources'),
    // Parts of the machine's configuration that must not leak in: other sources, pins, hooks after an update.
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'APT::Architecture': suite.arch,
    'APT::Architectures': suite.arch,
    'APT::Default-Release': '',
    'APT::Sandbox::User': 'root',
    'APT::Update::Post-Invoke': '',
    'APT::Update::Post-Invoke-Success': '',
    'Acquire::GzipIndexes': 'true',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  }
  return ['-q', ...Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`])]
}

function suiteFolder(suite: Suite): string {
  const components = componentsOf(suite).filter(name => name !== 'main')
  return join(cacheFolder(), 'apt', [suite.suite, suite.arch, ...components].join('-'))
}

function componentsOf({components = ['main']}: Suite): readonly string[] {
  return components
}
