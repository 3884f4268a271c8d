import {gzipSync} from 'node:zlib'
import {expect} from '@jest/globals'
import {layoutOf, sha256} from '../../scripts/support/layout-builder.ts'
import {buildTar, type TarItem} from '../../scripts/support/tar-builder.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {decodeJson} from '../../src/lib/json.ts'
import type {Limits} from '../../src/lib/limits.ts'
import {boundOf} from '../../src/lib/over-limit.ts'
import {step} from '../../src/provenance/steps.ts'
import {archiveIn} from '../../src/source/archive/archive-file.ts'
import {spool} from '../../src/source/archive/spool.ts'
import {LargeFiles} from '../../src/source/docker/large-files.ts'
import {savedImage} from '../../src/source/docker/saved-image.ts'
import {runProcess} from '../../src/source/process.ts'
import {scriptedDocker} from '../support/scripted-docker.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {type Edges, FINE, tried} from './edge.ts'

const {signal} = new AbortController()
const opened = (content: Uint8Array) => ({...bytesAccess(content), close: async () => undefined})

/** An archive of `docker save` of exactly so many bytes. */
function savedArchive(bytes: number): Uint8Array {
  const {files} = layoutOf([{platforms: [{platform: 'linux/amd64', layers: [{files: [{path: 'a', content: 'a'}]}]}]}])
  const config = [...files].find(([, content]) => Buffer.from(content).includes('diff_ids'))
  if (!config) throw new Error('there is no config')
  const name = `${sha256(config[1]).replace('sha256:', '')}.json`
  const list = [{Config: name, RepoTags: ['app:1'], Layers: ['layer.tar']}]
  const tar = buildTar([
    {name: 'manifest.json', content: JSON.stringify(list)},
    {name, content: config[1]},
    {name: 'layer.tar', content: 'no matter'},
  ])
  return Buffer.concat([tar, Buffer.alloc(bytes - tar.length)])
}

async function followLinks(count: number): Promise<unknown> {
  const links = Array.from({length: count}, (_, at): TarItem => ({name: `l${at + 1}`, type: '2', linkName: `l${at}`}))
  const archive = await archiveIn(opened(buildTar([{name: 'l0', content: 'there'}, ...links])), 'test')
  return archive.has(`l${count}`) ? FINE : 'nothing'
}

async function readLarge(size: number, limits: Limits): Promise<unknown> {
  const node = {path: '/app', kind: 'file', mode: 0o755, uid: 0, gid: 0, size} as const
  const files = new LargeFiles({folder: 'unused', signal, bound: boundOf(limits, 'container-file-bytes')})
  const told = await tried(() => files.read(node, async () => opened(new Uint8Array(size)), size - 1, 1))
  await files.close()
  return told
}

export const HOLDER_EDGES: Edges = {
  'archive-bytes': {
    most: 10_000,
    look: (amount, limits) =>
      tried(async () => {
        const file = bytesAccess(gzipSync(Buffer.alloc(amount)))
        const unpacked = await spool(file, {
          folder: temporaryFolder('holder'),
          signal,
          limit: boundOf(limits, 'archive-bytes'),
        })
        await unpacked.close()
      }),
  },
  'archive-entries': {
    most: 4,
    look: (amount, limits) => {
      // Of one name, too: each is read.
      const tar = buildTar(Array.from({length: amount}, (_, at) => ({name: at === 0 ? 'a' : 'b'})))
      return tried(() => archiveIn(opened(tar), 'test', limits))
    },
  },
  'archive-links': {look: followLinks, beyond: 'nothing'},
  'saved-image-bytes': {
    most: 20_000,
    look: (amount, limits) => {
      const {cli} = scriptedDocker(command => (command === 'save app' ? savedArchive(amount) : undefined))
      const saved = savedImage({cli, signal, temporary: temporaryFolder('holder'), limits}, 'app')
      return tried(async () => {
        await saved.open()
        await saved.close()
      })
    },
  },
  'container-file-bytes': {most: 100_000, look: readLarge},
  'docker-output-bytes': {
    most: 100_000,
    look: (amount, limits) => {
      const options = {env: process.env, outputLimit: boundOf(limits, 'docker-output-bytes')}
      return tried(() => runProcess('head', ['-c', String(amount), '/dev/zero'], options))
    },
    beyond: {
      code: 'unavailable',
      message: expect.stringContaining('(limit docker-output-bytes)'),
      hint: expect.stringContaining('limits: docker-output-bytes='),
    },
  },
  'build-steps': {
    look: async amount => {
      const result = decodeJson({id: 'step1', inputs: Array.from({length: amount}, () => 'step0:0')}, step)
      return result.ok ? FINE : result.problem
    },
    beyond: expect.stringContaining('(limit build-steps)'),
  },
}
