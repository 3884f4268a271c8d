import {execFileSync} from 'node:child_process'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {buildImage} from '../../e2e/ground/buildx.ts'
import {startGround} from '../../e2e/ground/ground.ts'
import {CONTAINER_PLATFORMS, writeContainerContext} from '../container/context.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {platformSizes} from './platform-sizes.ts'

/** In bytes, of one platform as a registry keeps it. */
const LARGEST = 60e6

/**
 * Builds the container image by a real engine into `image.tar`, an OCI archive, and writes its digest beside it. Throws
 * where a platform is larger than it should be. `sizes` is by platform.
 */
export async function buildContainer(
  output: string,
): Promise<{readonly archive: string; readonly sizes: ReadonlyMap<string, number>}> {
  const archive = join(output, 'image.tar')
  await withTemporaryFolder('container', async folder => {
    // The build leaves what it says of itself beside its context.
    const context = join(folder, 'context')
    await writeContainerContext(context)
    const ground = await startGround()
    try {
      const {digest} = await buildImage(ground.builder, {
        context,
        platforms: CONTAINER_PLATFORMS,
        output: `type=oci,dest=${archive}`,
        args: ['--build-arg', 'SOURCE_DATE_EPOCH=0'],
      })
      writeFileSync(join(output, 'image.digest'), `${digest}\n`)
    } finally {
      await ground.stop()
    }
  })
  const sizes = platformSizes(path => execFileSync('tar', ['-xOf', archive, path], {encoding: 'utf8'}))
  if (sizes.size !== CONTAINER_PLATFORMS.length) throw new Error(`${archive} has ${[...sizes.keys()].join(', ')}`)
  for (const [platform, size] of sizes) {
    if (size > LARGEST) throw new Error(`${platform} of ${archive} has ${size} bytes, expected at most ${LARGEST}`)
  }
  return {archive, sizes}
}

/** Has the command that is released verify the image that is released: every file, and a warning fails. */
export function verifyContainer(archive: string, report: string): void {
  const options = ['--platforms', CONTAINER_PLATFORMS.join(','), '--fail-on', 'warning', '--on-undetermined', 'fail']
  const args = ['dist/cli.mjs', `oci-archive:${archive}`, ...options, '--report', `json=${report}`]
  execFileSync(process.execPath, args, {stdio: 'inherit'})
}
