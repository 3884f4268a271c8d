import {describe, expect, test} from '@jest/globals'
import {SourceError} from '../../src/errors.ts'
import {readBuildRecord} from '../../src/explain/build-record.ts'
import {seenFile} from '../../src/explain/seen-file.ts'
import type {Attestation, FileLayers, ImageSource, LayerInfo, PlatformImage} from '../../src/image/source.ts'
import type {ScanFacts} from '../../src/scan/index.ts'
import {testNode, testPlatformFacts, testStep} from '../support/facts.ts'
import {imageConfig} from '../support/image-config.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'
import {testDigest, testRoot} from '../support/memory-source.ts'
import {APP, readStatement} from '../support/provenance.ts'

const LAYERS: readonly LayerInfo[] = [{index: 0, digest: testDigest(1), createdBy: 'COPY . /'}]
const steps = [
  testStep({path: '/app', node: testNode('/opt/app')}),
  testStep({path: '/lib/x.so', node: {...testNode('/usr/lib/x.so'), layer: 0}}),
  testStep({path: '/missing'}),
]
const platform = testPlatformFacts('linux/arm64', {steps})
const facts = {...platform, entry: {...platform.entry, descriptor: {...platform.entry.descriptor, digest: APP}}}

interface Answers {
  readonly layersOf?: (paths: readonly string[]) => Promise<FileLayers>
  readonly attestations?: () => Promise<readonly Attestation[]>
  readonly layers?: readonly LayerInfo[]
}

async function gather(wrong: readonly string[], {layersOf, attestations, layers = []}: Answers) {
  const close = async () => undefined
  const image: PlatformImage = {
    entry: facts.entry,
    config: imageConfig({}),
    layers,
    rootfs: memoryRootfs({}),
    ...(layersOf ? {layersOf} : {}),
    close,
  }
  const source: ImageSource = {
    reference: 'app',
    name: 'app',
    root: async () => testRoot([]),
    platformImage: async () => image,
    ...(attestations ? {attestations} : {}),
    close,
  }
  return readBuildRecord(source, image, facts, wrong)
}

const told = async (): Promise<FileLayers> => ({layers: LAYERS, of: new Map([['/opt/app', 0]])})
const attestation = (name: string): Attestation => ({
  digest: testDigest(7),
  predicateType: 'https://slsa.dev/provenance/v1',
  bytes: readStatement(name),
})

describe('layers', () => {
  test('are asked only of files that do not say theirs, by the path of the file itself, once', async () => {
    const asked: (readonly string[])[] = []
    const layersOf = (paths: readonly string[]) => {
      asked.push(paths)
      return told()
    }
    const record = await gather(['/app', '/opt/app', '/lib/x.so', '/missing', '/unheard-of'], {layersOf})
    expect(asked).toEqual([['/opt/app']])
    expect([...record.layerOf]).toEqual([
      ['/usr/lib/x.so', 0],
      ['/opt/app', 0],
    ])
    expect([record.layers, record.problems]).toEqual([LAYERS, []])
  })

  test('are not asked where all say theirs', async () => {
    const layersOf = async (): Promise<FileLayers> => {
      throw new Error('asked')
    }
    expect(await gather(['/lib/x.so'], {layersOf, layers: LAYERS})).toMatchObject({layers: LAYERS, problems: []})
  })

  test('that cannot be told change nothing', async () => {
    const layersOf = async (): Promise<FileLayers> => {
      throw new SourceError('unavailable', 'no room')
    }
    expect(await gather(['/app'], {layersOf})).toEqual({layers: [], layerOf: new Map(), problems: ['layers: no room']})
  })
})

describe('provenance', () => {
  test('that is about this manifest', async () => {
    const {provenance, problems} = await gather(['/app'], {attestations: async () => [attestation('app-max-v1')]})
    expect(provenance?.files.map(({filename}) => filename)).toEqual(['Dockerfile'])
    expect(problems).toEqual([])
  })

  test('that is about another is told and not believed; a second one is', async () => {
    const attestations = async () => [attestation('link-max-v1'), attestation('app-min-v1')]
    const {provenance, problems} = await gather(['/app'], {attestations})
    expect(provenance?.bases).toHaveLength(1)
    expect(problems).toEqual([`provenance ${testDigest(7)}: its subject is not ${APP}`])
  })

  test('that cannot be had', async () => {
    const attestations = async (): Promise<readonly Attestation[]> => {
      throw new SourceError('digest-mismatch', 'attestation is not what its digest says')
    }
    const record = await gather(['/app'], {attestations})
    expect(record.provenance).toBeUndefined()
    expect(record.problems).toEqual(['provenance: attestation is not what its digest says'])
  })
})

test('a cancelled run is not gone on with', async () => {
  const aborted = new SourceError('aborted', 'the run was cancelled')
  const refuse = async (): Promise<never> => {
    throw aborted
  }
  await expect(gather(['/app'], {layersOf: refuse})).rejects.toBe(aborted)
  await expect(gather(['/app'], {attestations: refuse})).rejects.toBe(aborted)
})

test.each([
  ['/app', '/opt/app'],
  ['/opt/app', '/opt/app'],
  ['/missing', undefined],
  ['/none', undefined],
])('the file at %s is %s', (path, expected) => {
  expect(seenFile(facts, path)?.path).toBe(expected)
})

test('a file that only a walk through all files saw has the layer that the walk saw', () => {
  const foreign = {path: '/opt/x', machine: 'x86-64', what: 'ELF', fit: 'foreign', place: 'other', mode: 0o755, size: 9}
  const scan = {
    ...{files: 1, machines: [], foreign: [{...foreign, layer: 3}], beyond: 0, notPrograms: []},
    ...{libraries: {programs: 0, problems: []}, suppressed: [], ignored: [], commands: []},
    pathPrograms: {native: 0, all: 0},
  }
  // Only the path and the layer are looked at.
  expect(seenFile({...facts, scan: scan as unknown as ScanFacts}, '/opt/x')).toMatchObject({path: '/opt/x', layer: 3})
  expect(seenFile({...facts, scan: scan as unknown as ScanFacts}, '/opt/y')).toBeUndefined()
})
