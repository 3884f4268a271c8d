import {imageConfig} from '../../__tests__/support/image-config.ts'
import {scanImage} from '../../src/scan/index.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {JAVA_VARIANTS, type JavaVariant, makeJavaRoot, runJava} from './java-ground.ts'
import {JAVA_LIBRARIES, JAVA_UNSAID} from './java-packages.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

/** Has the real JVM use libraries of Debian, with natives in jars as their makers have them, and for others. */
export async function testJava(tally: Tally): Promise<void> {
  for (const variant of JAVA_VARIANTS) await testVariant(variant, tally)
}

async function testVariant(variant: JavaVariant, tally: Tally): Promise<void> {
  await withTemporaryFolder('addons', async folder => {
    const root = await makeJavaRoot(folder, variant)
    const platform = {os: 'linux', architecture: 'amd64', variant: ''}
    const config = imageConfig({env: ['PATH=/usr/bin']})
    const {addons} = await scanImage({rootfs: scannedRootfs(root), platform, config, ignore: []})
    for (const library of JAVA_LIBRARIES) {
      const said = addons.filter(one => one.language === 'java' && one.package === library.name)
      const failure = await runJava(root, library, variant)
      tally.take({
        about: `${library.name}, natives ${variant.name}`,
        said: said.map(one => one.package),
        failure,
        unsaid: JAVA_UNSAID[library.name] === undefined ? undefined : library.name,
      })
    }
    tally.summarize(`Java, natives ${variant.name}`, 'libraries')
  })
}
