import {readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {baseName} from '../../src/lib/paths.ts'
import {scanImage} from '../../src/scan/index.ts'
import {addDevices, filesBelow, type RootVariant, replaceBy, runIn, testVariants} from './debian-root.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const APPLICATIONS = 'usr/lib/erlang/lib'
const OTHER_APPLICATIONS = APPLICATIONS

/** Packages of Debian with native functions, and modules that have some, or none. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'erlang-crypto': ['crypto'],
  'erlang-asn1': ['asn1rt_nif', 'asn1ct'],
  'erlang-jiffy': ['jiffy', 'jiffy_utf8'],
  'erlang-p1-cache-tab': ['ets_cache'],
  'erlang-p1-stringprep': ['stringprep'],
  'erlang-p1-xml': ['fxml', 'fxml_stream'],
  'erlang-p1-yaml': ['fast_yaml'],
  'erlang-p1-tls': ['fast_tls', 'p1_sha'],
  'erlang-p1-zlib': ['ezlib'],
}

const VARIANTS: readonly RootVariant[] = [
  {name: 'installed on the platform'},
  {name: 'of another machine', change: (root, other) => exchange(root, other, () => true)},
  {
    name: 'some of another machine',
    change: (root, other) => exchange(root, other, name => /^(?:crypto|jiffy|fxml)\.so$/.test(name)),
  },
]

/** Puts native functions of another machine in the place of the own. */
async function exchange(root: string, other: string, isWanted: (name: string) => boolean): Promise<void> {
  const foreign = new Map(
    (await filesBelow(join(other, OTHER_APPLICATIONS), '.so')).map(path => [baseName(path), path]),
  )
  for (const path of await filesBelow(join(root, APPLICATIONS), '.so')) {
    const taken = foreign.get(baseName(path))
    if (taken !== undefined && isWanted(baseName(path))) await replaceBy(taken, [path])
  }
}

/** Has the real Erlang load modules of Debian's packages, as they are and as they should not be. */
export function testErlang(tally: Tally): Promise<void> {
  const packages = ['erlang-base', ...Object.keys(PACKAGES)]
  return testVariants(
    {kind: 'erlang', packages, variants: VARIANTS},
    (root, name) => testVariant(root, name, tally),
    addDevices,
  )
}

async function testVariant(root: string, variant: string, tally: Tally): Promise<void> {
  const rootfs = scannedRootfs(root)
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {addons} = await scanImage({rootfs, platform, config: imageConfig({env: ['PATH=/usr/bin']}), ignore: []})
  const told = addons.filter(({language}) => language === 'erlang').flatMap(({modules = []}) => modules.map(baseName))
  const [erts = ''] = (await readdir(join(root, 'usr/lib/erlang'))).filter(name => name.startsWith('erts-'))
  for (const [name, modules] of Object.entries(PACKAGES)) {
    for (const module of modules) {
      const load = `case code:ensure_loaded(${module}) of {module, _} -> halt(0); _ -> halt(1) end.`
      const program = `/usr/lib/erlang/${erts}/bin/erlexec`
      const environment = [
        '/usr/bin/env',
        'ROOTDIR=/usr/lib/erlang',
        `BINDIR=/usr/lib/erlang/${erts}/bin`,
        'EMU=beam',
        'HOME=/tmp',
      ]
      tally.take({
        about: `${name} (${module}), ${variant}`,
        said: told.filter(one => one === module),
        failure: await runIn(root, [...environment, program, '+S', '1:1', '-noshell', '-noinput', '-eval', load]),
        unsaid: undefined,
      })
    }
  }
  tally.summarize(`Erlang, ${variant}`, 'modules')
}
