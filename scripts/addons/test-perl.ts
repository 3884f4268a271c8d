import {rm} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {followUses} from '../../src/addons/index.ts'
import {scanImage} from '../../src/scan/index.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {copyDirectory, copyRoot, debianRoot, replaceBy, replaceFile, runIn} from './debian-root.ts'
import {PERL_PACKAGES, PERL_UNSAID} from './perl-packages.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const MODULES = 'usr/lib/x86_64-linux-gnu/perl5'
const OTHER_MODULES = MODULES.replace('x86_64', 'aarch64')
const START = '/start.pl'

interface Variant {
  readonly name: string
  /** Changes a copy of amd64's root; `other` is arm64's. */
  change?(root: string, other: string): Promise<void>
}

const VARIANTS: readonly Variant[] = [
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
export async function testPerl(tally: Tally): Promise<void> {
  const [own, other] = await Promise.all([rootOf('amd64'), rootOf('arm64')])
  for (const variant of VARIANTS) {
    await withTemporaryFolder('addons', async folder => {
      const root = await copyRoot(own, folder)
      await variant.change?.(root, other)
      await testVariant(root, variant, tally)
    })
  }
}

function rootOf(arch: 'amd64' | 'arm64'): Promise<string> {
  return debianRoot('perl', arch, ['perl', ...Object.keys(PERL_PACKAGES)])
}

async function testVariant(root: string, variant: Variant, tally: Tally): Promise<void> {
  const rootfs = scannedRootfs(root)
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {addons} = await scanImage({rootfs, platform, config: imageConfig({env: ['PATH=/usr/bin']}), ignore: []})
  const inc = [...new Set(addons.flatMap(one => one.searched ?? []))]
  const others = [...new Set(addons.flatMap(one => (one.outcome.kind === 'missing' ? [one.directory] : [])))]
  const counts = {said: 0, failures: 0}
  for (const [name, feature] of Object.entries(PERL_PACKAGES)) {
    await replaceFile(join(root, START), `use ${feature};\n`)
    const stems = await followUses(rootfs, [START], {inc, others})
    const said = addons.filter(
      ({directory, isRequired, modules = []}) =>
        (isRequired && stems.has(directory)) || modules.some(stem => stems.has(stem)),
    )
    const failure = await runIn(root, ['/usr/bin/perl', START])
    if (said.length > 0) counts.said += 1
    if (failure !== undefined) counts.failures += 1
    tally.take({
      about: `${name} (use ${feature}), ${variant.name}`,
      said: said.map(one => one.package),
      failure,
      unsaid: PERL_UNSAID[feature] === undefined ? undefined : feature,
    })
  }
  console.log(`Perl, ${variant.name}: ${counts.failures} packages fail, ${counts.said} are said to`)
}
