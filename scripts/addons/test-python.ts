import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {failsToLoad, followImports} from '../../src/addons/index.ts'
import {scanImage} from '../../src/scan/index.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {makePythonRoot, PYTHON_VARIANTS, type PythonVariant, runPython} from './python-ground.ts'
import {PYTHON_PACKAGES, PYTHON_UNSAID} from './python-packages.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const SITE = '/usr/lib/python3/dist-packages'
const START = '/start.py'
const SUFFIXES = ['.cpython-313-x86_64-linux-gnu.so', '.abi3.so', '.so']

/** Has the real Python import packages of Debian, as they are and as they should not be. */
export async function testPython(tally: Tally): Promise<void> {
  for (const variant of PYTHON_VARIANTS) await testVariant(variant, tally)
}

async function testVariant(variant: PythonVariant, tally: Tally): Promise<void> {
  await withTemporaryFolder('addons', async folder => {
    const root = await makePythonRoot(folder, variant)
    const rootfs = scannedRootfs(root)
    const platform = {os: 'linux', architecture: 'amd64', variant: ''}
    const {addons} = await scanImage({rootfs, platform, config: imageConfig({env: ['PATH=/usr/bin']}), ignore: []})
    for (const [name, module] of Object.entries(PYTHON_PACKAGES)) {
      await writeFile(join(root, START), `import ${module}\n`)
      const stems = await followImports(rootfs, [START], {directories: ['/', SITE], suffixes: SUFFIXES})
      const said = addons.filter(one => failsToLoad(one, stems))
      const failure = await runPython(root, START)
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
