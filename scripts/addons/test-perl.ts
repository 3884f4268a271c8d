import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {failsToLoad, followUses, perlPath} from '../../src/addons/index.ts'
import {scanImage} from '../../src/scan/index.ts'
import {copyDirectory, type RootVariant, replaceBy, replaceFile, runIn, testVariants} from './debian-root.ts'
import {PERL_PACKAGES, PERL_UNSAID} from './perl-packages.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const MODULES = 'usr/lib/x86_64-linux-gnu/perl5'
const OTHER_MODULES = MODULES.replace('x86_64', 'aarch64')
const START = '/start.pl'

const VARIANTS: readonly RootVariant[] = [
  {name: 'installed on the platform'},
  {
    name: 'of another machine, in its directory',
    change: async (root, other) => {
      await rm(join(root, MODULES), {recursive: true})
      await copyDirectory(join(other, OTHER_MODULES), join(root, OTHER_MODULES))
    },
  },
  {
    name: 'for another machine beside the own',
    change: (root, other) => copyDirectory(join(other, OTHER_MODULES), join(root, OTHER_MODULES)),
  },
  {
    name: 'of another machine, in the own directory',
    change: (root, other) => copyDirectory(join(other, OTHER_MODULES), join(root, MODULES)),
  },
  {
    name: 'of another machine in two packages',
    change: async (root, other) => {
      for (const name of ['Clone/Clone.so', 'DBI/DBI.so']) {
        await replaceBy(join(other, OTHER_MODULES, '5.40/auto', name), [join(root, MODULES, '5.40/auto', name)])
      }
    },
  },
]

/** Has the real Perl use packages of Debian, as they are and as they should not be. */
export function testPerl(tally: Tally): Promise<void> {
  const packages = ['perl', ...Object.keys(PERL_PACKAGES)]
  return testVariants({kind: 'perl', packages, variants: VARIANTS}, (root, variant) =>
    testVariant(root, variant, tally),
  )
}

async function testVariant(root: string, variant: string, tally: Tally): Promise<void> {
  const rootfs = scannedRootfs(root)
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {addons} = await scanImage({rootfs, platform, config: imageConfig({env: ['PATH=/usr/bin']}), ignore: []})
  for (const [name, feature] of Object.entries(PERL_PACKAGES)) {
    await replaceFile(join(root, START), `use ${feature};\n`)
    const stems = await followUses(rootfs, [START], perlPath(addons))
    const said = addons.filter(one => failsToLoad(one, stems))
    const failure = await runIn(root, ['/usr/bin/perl', START])
    tally.take({
      about: `${name} (use ${feature}), ${variant}`,
      said: said.map(one => one.package),
      failure,
      unsaid: PERL_UNSAID[feature] === undefined ? undefined : feature,
    })
  }
  tally.summarize(`Perl, ${variant}`)
}
