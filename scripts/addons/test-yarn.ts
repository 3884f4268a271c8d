import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {failsToLoad, followModules, pnpFiles, readPnpState} from '../../src/addons/index.ts'
import {scanImage} from '../../src/scan/index.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {makeRoot, type NodeGround, ownNode} from './node-ground.ts'
import type {NpmTarget} from './node-trees.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'
import {YARN_PACKAGES, YARNS, yarnTree} from './yarn-trees.ts'

const START = 'start.cjs'

/** For whom Yarn installs. */
const TARGETS: readonly NpmTarget[] = [
  {cpu: 'x64', libc: 'glibc'},
  {cpu: 'arm64', libc: 'glibc'},
  {cpu: 'x64', libc: 'musl'},
]

/** Has a real Node require packages as Yarn's Plug'n'Play gives them, installed for this platform and for others. */
export async function testYarn(tally: Tally): Promise<void> {
  const ground = await ownNode()
  for (const release of YARNS) for (const target of TARGETS) await testTarget(ground, release, target, tally)
}

async function testTarget(ground: NodeGround, release: string, target: NpmTarget, tally: Tally): Promise<void> {
  await withTemporaryFolder('addons', async root => {
    const app = await makeRoot(root, ground, await yarnTree(target, release))
    const rootfs = scannedRootfs(root)
    const platform = {os: 'linux', architecture: ground.arch, variant: ''}
    const config = imageConfig({env: ['PATH=/usr/local/bin']})
    const {addons} = await scanImage({rootfs, platform, config, ignore: []})
    const state = await readPnpState(rootfs, '/app')
    if (state === undefined) throw new Error(`Yarn ${release} has made no state that can be read`)
    const files = pnpFiles(rootfs, state)
    const where = `Yarn ${release} for ${target.cpu} and ${target.libc}, Node ${ground.version}`
    for (const name of YARN_PACKAGES) {
      await writeFile(join(app, START), `const loaded = require(${JSON.stringify(name)})\n`)
      const modules = await followModules(files, [`/app/${START}`])
      const loaded = new Set(modules.flatMap(({directory}) => directory ?? []))
      const said = addons.filter(one => failsToLoad(one, loaded))
      const failure = await ground.attempt(['--require', join(app, '.pnp.cjs'), START], app)
      tally.take({
        about: `${name}, ${where}`,
        said: said.map(one => one.package),
        failure,
        unsaid: undefined,
      })
    }
    tally.summarize(where)
  })
}
