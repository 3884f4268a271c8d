import {symlink} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {failsToLoad, followLibraries} from '../../src/addons/index.ts'
import {baseName} from '../../src/lib/paths.ts'
import {scanImage} from '../../src/scan/index.ts'
import {addDevices, filesBelow, type RootVariant, replaceBy, replaceFile, runIn, testVariants} from './debian-root.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const LIBRARY = 'usr/lib/R/site-library'
const START = '/start.R'
/** What the configuration of R names, which is made when packages are configured. */
const SETTINGS = ['LC_ALL=C', 'EDITOR=vi', 'PAGER=cat']
/** Of R itself, and where update-alternatives links to when packages are configured. */
const LIBRARIES = ['/usr/lib/R/lib', ...['blas', 'lapack'].map(name => `/usr/lib/x86_64-linux-gnu/${name}`)].join(':')

/** Packages of Debian for R, with native code and without. */
const PACKAGES = ['bit', 'bit64', 'cli', 'digest', 'fansi', 'fastmap', 'glue', 'htmltools', 'httpuv', 'jsonlite']
const MORE = ['later', 'lifecycle', 'magrittr', 'pillar', 'promises', 'rcpp', 'rlang', 'stringi', 'stringr', 'tibble']
const LAST = ['utf8', 'vctrs', 'xml2', 'yaml']

const VARIANTS: readonly RootVariant[] = [
  {name: 'installed on the platform'},
  {name: 'of another machine', change: (root, other) => exchange(root, other, () => true)},
  {
    name: 'some of another machine',
    change: (root, other) => exchange(root, other, name => /^(?:yaml|rlang|stringi|Rcpp)\.so$/.test(name)),
  },
]

/** Puts native code of another machine in the place of the own. */
async function exchange(root: string, other: string, isWanted: (name: string) => boolean): Promise<void> {
  const foreign = new Map((await filesBelow(join(other, LIBRARY), '.so')).map(path => [baseName(path), path]))
  for (const path of await filesBelow(join(root, LIBRARY), '.so')) {
    const taken = foreign.get(baseName(path))
    if (taken !== undefined && isWanted(baseName(path))) await replaceBy(taken, [path])
  }
}

/** Has the real R load packages of Debian, as they are and as they should not be. */
export function testR(tally: Tally): Promise<void> {
  const names = [...PACKAGES, ...MORE, ...LAST]
  const packages = ['r-base-core', 'debianutils', 'sed', 'grep', ...names.map(name => `r-cran-${name}`)]
  return testVariants(
    {kind: 'r', packages, variants: VARIANTS},
    (root, variant) => testVariant(root, variant, names, tally),
    async root => {
      await addDevices(root)
      // What update-alternatives makes; R looks for programs by it.
      await symlink('which.debianutils', join(root, 'usr/bin/which'))
    },
  )
}

async function testVariant(root: string, variant: string, names: readonly string[], tally: Tally): Promise<void> {
  const rootfs = scannedRootfs(root)
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {addons} = await scanImage({rootfs, platform, config: imageConfig({env: ['PATH=/usr/bin']}), ignore: []})
  for (const lower of names) {
    const name = lower === 'rcpp' ? 'Rcpp' : lower
    await replaceFile(join(root, START), `# it\nlibrary(${name})\n`)
    const loaded = await followLibraries(rootfs, [START], addons)
    const said = addons.filter(one => one.language === 'r' && failsToLoad(one, loaded))
    // What Rscript comes to, without the shell script of R before it.
    const environment = [
      '/usr/bin/env',
      'R_HOME=/usr/lib/R',
      `LD_LIBRARY_PATH=${LIBRARIES}`,
      'TMPDIR=/tmp',
      ...SETTINGS,
    ]
    const libraries = 'R_LIBS_SITE=/usr/lib/R/site-library'
    const command = [...environment, libraries, '/usr/lib/R/bin/exec/R', '--no-echo', '--no-restore', `--file=${START}`]
    tally.take({
      about: `R's ${name}, ${variant}`,
      said: said.map(one => one.package),
      failure: await runIn(root, command),
      unsaid: undefined,
    })
  }
  tally.summarize(`R, ${variant}`)
}
