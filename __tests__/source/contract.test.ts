import {join} from 'node:path'
import {afterAll, beforeAll} from '@jest/globals'
import {parseReference} from '../../src/image/reference.ts'
import {openDockerArchive} from '../../src/source/archive/docker-archive.ts'
import {openOciArchive} from '../../src/source/archive/oci-archive.ts'
import {openLayout} from '../../src/source/layout/layout.ts'
import {openRegistry} from '../../src/source/registry/open-registry.ts'
import type {BuiltImage, BuiltPlatform} from '../support/image-builder.ts'
import {layoutFiles, legacyFiles, savedFiles, writeArchive, writeLayout} from '../support/image-writers.ts'
import {type RegistryServer, startRegistryServer} from '../support/registry-server.ts'
import {describeSource} from '../support/source-contract.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {NO_ENV} from './registry/fixtures.ts'

let folder = ''
let server: RegistryServer | undefined
beforeAll(async () => {
  folder = temporaryFolder('contract')
  server = await startRegistryServer()
})
afterAll(async () => {
  await server?.stop()
})

const {signal} = new AbortController()
const archive = (file: string) => ({reference: `archive:${file}`, file, temporary: folder, signal})
const firstPlatform = ({platforms: [platform]}: BuiltImage): BuiltPlatform => {
  if (!platform) throw new Error('an image without platforms')
  return platform
}

describeSource('registry', {
  open: async (image, number) => {
    server?.push(`org/app${number}`, image, '1')
    const reference = parseReference(`${server?.host}/org/app${number}:1`)
    if (!reference.ok) throw new Error(reference.problem)
    return openRegistry({text: 'app', reference: reference.value}, {env: NO_ENV, signal})
  },
})

describeSource('layout', {
  open: async (image, number) =>
    openLayout({directory: await writeLayout(join(folder, `layout${number}`), layoutFiles([{image}]))}),
})

for (const compression of ['none', 'gzip', 'zstd'] as const) {
  describeSource(`oci-archive, ${compression}`, {
    open: async (image, number) => {
      const file = await writeArchive(
        join(folder, `${compression}${number}.tar`),
        layoutFiles([{image, tag: 'org/app:1'}]),
        compression,
      )
      return openOciArchive({...archive(file), tag: undefined})
    },
  })
}

describeSource('docker-archive since Docker 25', {
  open: async (image, number) => {
    const file = await writeArchive(join(folder, `saved${number}.tar`), savedFiles(image, firstPlatform(image)))
    return openDockerArchive({...archive(file), image: undefined})
  },
})

for (const style of ['docker', 'skopeo', 'kaniko'] as const) {
  describeSource(`docker-archive before, by ${style}`, {
    onePlatform: 'each',
    lacks: ['manifests'],
    open: async (image, number) => {
      const file = await writeArchive(
        join(folder, `${style}${number}.tar`),
        legacyFiles(image, firstPlatform(image), {style}),
      )
      return openDockerArchive({...archive(file), image: undefined})
    },
  })
}
