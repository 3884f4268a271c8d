import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {failsToLoad, findPythonSearch, importedBy} from '../../src/addons/index.ts'
import {scanImage} from '../../src/scan/index.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {
  importAll,
  makePythonRoot,
  PROGRAM,
  PYTHON_PLACES,
  PYTHON_VARIANTS,
  type PythonVariant,
} from './python-ground.ts'
import {PYTHON_PACKAGES, PYTHON_UNSAID} from './python-packages.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const START = '/start.py'

/** Has the real Python import packages of Debian, as they are and as they should not be. */
export async function testPython(tally: Tally): Promise<void> {
  for (const variant of PYTHON_VARIANTS) await testVariant(variant, tally)
}

/** The same, in virtual environments, and where `.pth` files and variables lead. */
export async function testPythonPlaces(tally: Tally): Promise<void> {
  for (const variant of PYTHON_PLACES) await testVariant(variant, tally)
}

async function testVariant(variant: PythonVariant, tally: Tally): Promise<void> {
  await withTemporaryFolder('addons', async folder => {
    const root = await makePythonRoot(folder, variant)
    const rootfs = scannedRootfs(root)
    const platform = {os: 'linux', architecture: 'amd64', variant: ''}
    const {python = PROGRAM, env = {}} = variant
    const variables = Object.entries({HOME: '/nonexistent', ...env})
    const config = imageConfig({env: ['PATH=/usr/bin', ...variables.map(([key, value]) => `${key}=${value}`)]})
    const {addons} = await scanImage({rootfs, platform, config, ignore: []})
    const failures = await importAll(root, Object.values(PYTHON_PACKAGES), variant)
    for (const [name, module] of Object.entries(PYTHON_PACKAGES)) {
      await writeFile(join(root, START), `import ${module}\n`)
      const search = await findPythonSearch(rootfs, {
        ...{path: python, file: '/usr/bin/python3.13', first: '/', env: new Map(variables)},
        home: env.HOME,
      })
      if (search === undefined) throw new Error(`${variant.name}: it is not known where Python looks`)
      const loaded = new Set(await importedBy(rootfs, {script: START}, search, addons))
      const said = addons.filter(one => failsToLoad(one, loaded))
      const failure = failures.get(module)
      tally.take({
        about: `${name} (import ${module}), ${variant.name}`,
        said: said.map(one => one.package),
        failure,
        unsaid: PYTHON_UNSAID[module] === undefined ? undefined : module,
      })
    }
    tally.summarize(`Python, ${variant.name}`)
  })
}
