import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {failsToLoad, followModules, madeOf} from '../../src/addons/index.ts'
import {scanImage} from '../../src/scan/index.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {makeRoot, type NodeGround} from './node-ground.ts'
import {MADE, NODE_PACKAGES, NOT_MODELLED} from './node-packages.ts'
import {type NodeVariant, nodeTree, nodeVariants} from './node-trees.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

/** The script that requires a package. */
const START = 'start.cjs'

/** Has a real Node require packages of npm, as they are and as they should not be. */
export async function testNode(ground: NodeGround, tally: Tally): Promise<void> {
  for (const variant of nodeVariants(ground.cpu)) await testVariant(ground, variant, tally)
}

async function testVariant(ground: NodeGround, variant: NodeVariant, tally: Tally): Promise<void> {
  await withTemporaryFolder('addons', async root => {
    const app = await makeRoot(root, ground, await nodeTree(variant.installedFor))
    await variant.change?.(app)
    const rootfs = scannedRootfs(root)
    const platform = {os: 'linux', architecture: ground.arch, variant: ''}
    const config = imageConfig({env: ['PATH=/usr/local/bin']})
    const {addons} = await scanImage({rootfs, platform, config, ignore: []})
    const where = `${variant.name}, Node ${ground.version} on ${ground.arch}`
    for (const [name, version] of Object.entries(NODE_PACKAGES)) {
      const use = MADE.includes(name) ? "const made = new loaded(':memory:')\n" : ''
      await writeFile(join(app, START), `const loaded = require(${JSON.stringify(name)})\n${use}`)
      const modules = await followModules(rootfs, [`/app/${START}`])
      const loaded = new Set(modules.flatMap(({directory, makes}) => [directory ?? [], makes.map(madeOf)].flat()))
      const said = addons.filter(one => failsToLoad(one, loaded))
      const failure = await ground.attempt([START], app)
      tally.take({
        about: `${name}@${version}, ${where}`,
        said: said.map(one => one.package),
        failure,
        unsaid: NOT_MODELLED[name] === undefined ? undefined : name,
      })
    }
    tally.summarize(where)
  })
}
