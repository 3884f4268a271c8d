import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {imageConfig} from '../__tests__/support/image-config.ts'
import {followModules} from '../src/addons/index.ts'
import {scanImage} from '../src/scan/index.ts'
import {emulatedNode, makeRoot, type NodeGround, ownNode} from './addons/node-ground.ts'
import {NODE_PACKAGES, NOT_MODELLED} from './addons/node-packages.ts'
import {type NodeVariant, nodeTree, nodeVariants} from './addons/node-trees.ts'
import {scannedRootfs} from './addons/scanned-rootfs.ts'
import {withTemporaryFolder} from './support/temporary-folder.ts'

/*
 * npm run test:addons [-- --only NAME --arch amd64,arm64]
 *
 * Real packages of npm with native code, installed for the platform and for others, changed as it happens in images;
 * each is required by a real Node: amd64's natively, arm64's in QEMU. What src/addons says of a script that requires a
 * package must be so: an error is one, and a right tree has none. Where a package fails and nothing is said, it must be
 * one that scripts/addons/node-packages.ts names as not modelled. Exit code 2 where it cannot run.
 */

const {values} = parseArgs({options: {only: {type: 'string'}, arch: {type: 'string', default: 'amd64,arm64'}}})
/** The script that requires a package. */
const START = 'start.cjs'
process.exitCode = await main()

async function main(): Promise<number> {
  const tally = {passed: 0, failed: 0, unsaid: 0}
  const unsaid = new Set<string>()
  for (const arch of values.arch.split(',')) {
    const ground = await (arch === 'amd64' ? ownNode() : emulatedNode()).catch((error: unknown) => {
      console.error(`test:addons cannot run for ${arch}: ${error instanceof Error ? error.message : error}`)
      return undefined
    })
    if (ground === undefined) return 2
    for (const variant of nodeVariants(ground.cpu)) await testVariant(ground, variant, tally, unsaid)
  }
  if (values.only === undefined) {
    for (const name of Object.keys(NOT_MODELLED)) {
      if (unsaid.has(name)) continue
      tally.failed += 1
      console.log(`FAILED ${name} needs no explanation`)
    }
  }
  console.log(`test:addons: ${tally.passed} passed, ${tally.failed} failed; ${tally.unsaid} failures are not modelled`)
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1
}

async function testVariant(
  ground: NodeGround,
  variant: NodeVariant,
  tally: {passed: number; failed: number; unsaid: number},
  unsaid: Set<string>,
): Promise<void> {
  await withTemporaryFolder('addons', async root => {
    const app = await makeRoot(root, ground, await nodeTree(variant.installedFor))
    await variant.change?.(app)
    const rootfs = scannedRootfs(root)
    const platform = {os: 'linux', architecture: ground.arch, variant: ''}
    const {addons} = await scanImage({
      rootfs,
      platform,
      config: imageConfig({env: ['PATH=/usr/local/bin']}),
      ignore: [],
    })
    const counts = {said: 0, failures: 0}
    for (const name of Object.keys(NODE_PACKAGES)) {
      if (values.only !== undefined && values.only !== name) continue
      await writeFile(join(app, START), `const loaded = require(${JSON.stringify(name)})\n`)
      const modules = await followModules(rootfs, [`/app/${START}`])
      const loaded = new Set(modules.map(({directory}) => directory))
      const said = addons.filter(({directory, isRequired}) => isRequired && loaded.has(directory))
      const failure = await ground.attempt([START], app)
      const about = `${name}@${NODE_PACKAGES[name]}, ${variant.name}, Node ${ground.version} on ${ground.arch}`
      if (said.length > 0) counts.said += 1
      if (failure !== undefined) counts.failures += 1
      if (failure === undefined && said.length > 0) {
        tally.failed += 1
        console.log(`FAILED ${about}: it loads, and we say that ${said.map(one => one.package).join(', ')} does not`)
      } else if (failure !== undefined && said.length === 0 && NOT_MODELLED[name] === undefined) {
        tally.failed += 1
        console.log(`FAILED ${about}: it fails (${failure}), and we say nothing`)
      } else if (failure !== undefined && said.length === 0) {
        tally.unsaid += 1
        unsaid.add(name)
      } else tally.passed += 1
    }
    console.log(
      `${variant.name}, Node ${ground.version} on ${ground.arch}: ${counts.failures} packages fail, ${counts.said} are said to`,
    )
  })
}
