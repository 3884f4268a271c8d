import {execFileSync} from 'node:child_process'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {type RawBlob, type RawImage, rawBlob} from '../../scripts/meaning/raw-image.ts'
import type {RawRegistry} from '../../scripts/meaning/raw-registry.ts'
import {buildTar, type TarItem} from '../../scripts/support/tar-builder.ts'
import {runCli} from '../../src/cli.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {imageOpener} from '../../src/source/open.ts'
import {quietRun} from './quiet-run.ts'
import {temporaryFolder} from './temporary-folder.ts'
import {testClock} from './test-clock.ts'

export const TYPES = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
} as const

/** The sources that need no engine and have the bytes of all documents. */
export const RAW_SOURCES = ['registry', 'oci', 'oci-archive'] as const
export type RawSource = (typeof RAW_SOURCES)[number]

const LINUX = ',"platform":{"os":"linux","architecture":"amd64"}'

/** A descriptor in JSON; `more` are further members, with the comma before them. */
export function describeBlob({mediaType, digest, bytes}: RawBlob, more = ''): string {
  return `{"mediaType":"${mediaType}","digest":"${digest}","size":${bytes.length}${more}}`
}

/** The documents of an image as texts, each of which a test may rewrite. */
export interface Rewriting {
  config?(text: string): string
  manifest?(text: string): string
  index?(text: string): string
}

/** An image for linux/amd64 of one layer: an index of one manifest. `config` is what the config says of the process. */
export function rawImage(
  {config = same, manifest = same, index = same}: Rewriting,
  files: readonly TarItem[],
  process: object = {Entrypoint: ['/app']},
): RawImage {
  const tar = buildTar(files)
  const layer = rawBlob(TYPES.layer, gzipSync(tar))
  const rootfs = {type: 'layers', diff_ids: [rawBlob('', tar).digest]}
  const configText = JSON.stringify({architecture: 'amd64', os: 'linux', config: process, rootfs})
  const configBlob = rawBlob(TYPES.config, config(configText))
  const manifestText = `{"schemaVersion":2,"mediaType":"${TYPES.manifest}","config":${describeBlob(configBlob)},"layers":[${describeBlob(layer)}]}`
  const manifestBlob = rawBlob(TYPES.manifest, manifest(manifestText))
  const entry = describeBlob(manifestBlob, LINUX)
  const root = rawBlob(TYPES.index, index(`{"schemaVersion":2,"mediaType":"${TYPES.index}","manifests":[${entry}]}`))
  return {root, blobs: [manifestBlob, configBlob, layer]}
}

function same(text: string): string {
  return text
}

/** What the command makes of an image. */
export interface Judgement {
  readonly exitCode: number
  readonly findings: readonly Finding[]
  /** All that was printed, where there was no report. */
  readonly printed: string
}

/** Runs the whole command on an image that lies in one of the sources. */
export async function judge(registry: RawRegistry, source: RawSource, image: RawImage): Promise<Judgement> {
  const written: string[] = []
  const exitCode = await runCli([await placeImage(registry, source, image), '--format', 'json'], {
    version: '0.0.0',
    open: imageOpener(quietRun('raw', {temporary: temporaryFolder('raw'), clock: testClock()})),
    readDockerfiles: async () => [],
    stdout: text => written.push(text),
    stderr: text => written.push(text),
    writeFile: async () => undefined,
    color: false,
  })
  const printed = written.join('')
  if (!printed.startsWith('{')) return {exitCode, findings: [], printed}
  // The report is this project's own, and its schema is tested elsewhere.
  return {exitCode, findings: (JSON.parse(printed) as {readonly findings: readonly Finding[]}).findings, printed: ''}
}

async function placeImage(registry: RawRegistry, source: RawSource, image: RawImage): Promise<string> {
  const folder = temporaryFolder('raw')
  switch (source) {
    case 'registry':
      return `docker://${registry.push(folder.slice(-6).toLowerCase(), image)}`
    case 'oci':
      await writeLayout(folder, image)
      return `oci:${folder}`
    case 'oci-archive': {
      const archive = join(temporaryFolder('raw'), 'image.tar')
      await writeLayout(folder, image)
      execFileSync('tar', ['--create', '--file', archive, '--directory', folder, '.'])
      return `oci-archive:${archive}`
    }
  }
}

async function writeLayout(folder: string, {root, blobs}: RawImage): Promise<void> {
  await mkdir(join(folder, 'blobs', 'sha256'), {recursive: true})
  await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  await writeFile(join(folder, 'index.json'), `{"schemaVersion":2,"manifests":[${describeBlob(root)}]}`)
  for (const {digest, bytes} of [root, ...blobs]) {
    await writeFile(join(folder, 'blobs', 'sha256', digest.slice('sha256:'.length)), bytes)
  }
}
