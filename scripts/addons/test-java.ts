import {imageConfig} from '../../__tests__/support/image-config.ts'
import {failsToLoad} from '../../src/addons/index.ts'
import {readStartup} from '../../src/exec/index.ts'
import {findLoadedPackages} from '../../src/facts/loaded-packages.ts'
import {scanImage} from '../../src/scan/index.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {
  agentCommand,
  JAVA_AGENT_CASES,
  JAVA_VARIANTS,
  type JavaVariant,
  makeAgentRoot,
  makeJavaRoot,
  runAgent,
  runJava,
} from './java-ground.ts'
import {JAVA_LIBRARIES, JAVA_UNSAID} from './java-packages.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

/** Has the real JVM use libraries of Debian, with natives in jars as their makers have them, and for others. */
export async function testJava(tally: Tally): Promise<void> {
  for (const variant of JAVA_VARIANTS) await testVariant(variant, tally)
  await testAgents(tally)
}

/** Has it load native agents, of the platform and of another machine. */
async function testAgents(tally: Tally): Promise<void> {
  await withTemporaryFolder('addons', async folder => {
    const root = await makeAgentRoot(folder)
    const rootfs = scannedRootfs(root)
    const platform = {os: 'linux', architecture: 'amd64', variant: ''}
    for (const one of JAVA_AGENT_CASES) {
      const env = ['PATH=/usr/bin', ...Object.entries(one.env).map(pair => pair.join('='))]
      const config = imageConfig({env, entrypoint: [...agentCommand(one)]})
      const {addons} = await scanImage({rootfs, platform, config, ignore: []})
      const {steps} = await readStartup({rootfs, platform, config})
      const loaded = await findLoadedPackages(steps, {rootfs, volumes: [], env, workingDir: '/', user: '', addons})
      const said = addons.filter(problem => failsToLoad(problem, loaded))
      const failure = await runAgent(root, one)
      tally.take({about: `agent ${one.name}`, said: said.map(problem => problem.package), failure, unsaid: undefined})
    }
    tally.summarize('Java, native agents', 'starts')
  })
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
