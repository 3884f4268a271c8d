import {mkdtemp} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {createLimiter} from '../src/lib/concurrency.ts'
import {serverEnvironment} from './ground/ground.ts'
import {type Registry, startRegistry} from './ground/registry.ts'
import {Repository} from './ground/registry-api.ts'
import {openStand} from './support/stand.ts'
import {startProgram} from './support/tested-program.ts'

// `registry:HOST/PREFIX*` against Debian's registry, whose catalog has more than one page.

const stand = await openStand()
/** One more than the names of a page that is asked for. */
const REPOSITORIES = 1001
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

let folder = ''
let registry: Registry
beforeAll(async () => {
  folder = await mkdtemp(join(stand.scratch, 'listing-'))
  registry = await startRegistry(stand.tools, join(folder, 'registry'), serverEnvironment(stand.folder))
  const push = async (name: string, ...tags: readonly string[]): Promise<void> => {
    const repository = new Repository(registry, name)
    const config = await repository.pushBlob('{}', 'application/vnd.oci.image.config.v1+json')
    for (const tag of tags) {
      await repository.pushManifest({schemaVersion: 2, mediaType: MANIFEST, config, layers: []}, MANIFEST, tag)
    }
  }
  const limiter = createLimiter(16)
  const names = Array.from({length: REPOSITORIES}, (_, at) => `many/app-${String(at).padStart(4, '0')}`)
  await Promise.all(names.map(name => limiter(() => push(name, '1'))))
  await push('zoo/app', '1.0', '1.1', 'latest', `sha256-${'a'.repeat(64)}.sig`)
  await push('zoo/app/worker', '1.0')
})
afterAll(async () => registry.stop())

async function plan(pattern: string) {
  const args = ['plan', '--source', 'registry', '--images-from', `registry:${registry.address}/${pattern}`]
  const run = await startProgram(join(stand.dist, 'cli.mjs'), args, {
    cwd: folder,
    env: {HOME: folder, PATH: '/usr/bin:/bin', XDG_RUNTIME_DIR: folder},
  }).ended
  const plain = (text: string) => text.replaceAll(registry.address, 'HOST')
  return {exitCode: run.exitCode, stdout: plain(run.stdout), stderr: plain(run.stderr)}
}

describe('the images of a registry', () => {
  test('by a prefix and by tags, without what belongs to other images', async () => {
    const {exitCode, stdout, stderr} = await plan('zoo/*:1.*')
    expect(exitCode).toBe(0)
    expect(stdout.match(/HOST\/[^"\s]+/g)).toEqual(['HOST/zoo/app:1.0', 'HOST/zoo/app:1.1', 'HOST/zoo/app/worker:1.0'])
    expect((await plan('zoo/*')).stderr).toContain('HOST/zoo/app: tags of signatures and other referrers: 1')
    expect(stderr).toBe('')
  })

  test('all of a catalog that has several pages', async () => {
    const {stdout} = await plan('many/*')
    expect(new Set(stdout.match(/HOST\/many\/app-\d{4}:1/g)).size).toBe(REPOSITORIES)
  })

  test('of which there are none is wrong usage', async () => {
    expect(await plan('nobody/*')).toMatchObject({exitCode: 2, stderr: expect.stringContaining('names no image')})
    expect(await plan('nobody/app')).toMatchObject({exitCode: 3, stderr: expect.stringContaining('NAME_UNKNOWN')})
  })
})
