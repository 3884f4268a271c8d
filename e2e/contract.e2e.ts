import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import {CONTRACT_IMAGES} from '../__tests__/support/contract-images.ts'
import type {BuiltImage} from '../__tests__/support/image-builder.ts'
import {layoutFiles, legacyFiles, savedFiles, writeArchive, writeLayout} from '../__tests__/support/image-writers.ts'
import {describeSource} from '../__tests__/support/source-contract.ts'
import {parseReference} from '../src/image/reference.ts'
import {imageOpener} from '../src/source/open.ts'
import {type Engine, STORES, type Store} from './ground/engine.ts'
import {run as runCommand} from './ground/run.ts'
import {parseReport} from './support/checks.ts'
import {pushBuilt} from './support/push-built.ts'
import {runCli} from './support/run-cli.ts'
import {openStand} from './support/stand.ts'

// The contract that all sources share, over the real engines and the real registry.

const stand = await openStand()
const folder = join(stand.scratch, 'contract')
beforeAll(() => mkdir(folder))

const openerOf = (env: Readonly<Record<string, string | undefined>>) =>
  imageOpener({
    env,
    signal: new AbortController().signal,
    run: 'contract',
    temporary: folder,
    announceDaemon: () => undefined,
    announcePull: () => undefined,
    mask: () => undefined,
    warn: () => undefined,
    progress: () => undefined,
    version: 'contract',
    cache: {folder},
  })

const open = (env: Readonly<Record<string, string | undefined>>, transport: Transport, text: string) => {
  const reference = parseReference(text)
  if (!reference.ok) throw new Error(reference.problem)
  return openerOf(env)({transport, text, reference: reference.value})
}
type Transport = 'docker' | 'docker-daemon' | 'registry'

describeSource('the real registry', {
  open: async (image, number) =>
    open({HOME: folder}, 'registry', await pushBuilt(stand.registry, `contract/registry${number}`, '1', image)),
})

const TITLES = Object.keys(CONTRACT_IMAGES) as (keyof typeof CONTRACT_IMAGES)[]

/** An engine on overlayfs does not unpack a hard link to what another layer has. */
const LINKS = {'a hard link to a lower layer': /no such file or directory/}

/** With E2E_SAMPLE=2 each store is asked for every second image, and not for the same ones. */
const sample = Number(process.env.E2E_SAMPLE ?? 1)

for (const [number, store] of STORES.entries()) {
  const engine = stand.engines[store]
  describeSource(`docker, the ${store} store`, {
    only: TITLES.filter((_, at) => at % sample === number % sample),
    // What the engine tells of an image, its layers are no part of.
    lacks: ['layers', 'mount-points'],
    refuses: LINKS,
    open: async (image, number) =>
      open(engine.env(), 'docker', await pushBuilt(stand.registry, `contract/${store}${number}`, '1', image)),
  })
}

/**
 * Of what only an engine has, files are read as of any other image; these differ in how the image itself is told of.
 */
const DAEMON = [
  'a static program on a base',
  'one platform alone',
  'the program of another machine',
  'a hard link to a lower layer',
  'a working directory, a command by its path in it, a user by number',
  'a HEALTHCHECK of another machine',
  'variants of one architecture',
  'no command',
  'one layer twice',
] as const

/** Brings an image into the engine alone. */
async function load(engine: Engine, image: string, file: string): Promise<void> {
  await runCommand('docker', ['load', '--input', file], {env: {...process.env, ...engine.env()}})
  loaded.push([engine, image])
}
const loaded: [Engine, string][] = []
afterAll(async () => {
  for (const [engine, image] of loaded) {
    await runCommand('docker', ['image', 'rm', image], {env: {...process.env, ...engine.env()}})
  }
})

describeSource('docker-daemon, the classic store', {
  onePlatform: 'first',
  only: DAEMON,
  lacks: ['manifests', 'layers', 'mount-points'],
  refuses: LINKS,
  open: async (image, number) => {
    const name = `contract.test/classic${number}:1`
    const [platform] = image.platforms
    if (!platform) throw new Error('an image without platforms')
    const file = await writeArchive(join(folder, `classic${number}.tar`), legacyFiles(image, platform, {tags: [name]}))
    await load(stand.engines.classic, name, file)
    return open(stand.engines.classic.env(), 'docker-daemon', name)
  },
})

describeSource('docker-daemon, the containerd store', {
  only: DAEMON,
  lacks: ['layers', 'mount-points'],
  refuses: LINKS,
  open: async (image, number) => {
    const name = `contract.test/containerd${number}:1`
    const file = await writeArchive(join(folder, `containerd${number}.tar`), layoutFiles([{image, tag: name}]))
    await load(stand.engines.containerd, name, file)
    return open(stand.engines.containerd.env(), 'docker-daemon', name)
  },
})

/** Images, each of several platforms, of which all that a report can say is said. */
const REPORTED = [
  'a static program on a base',
  'the program of another machine',
  'a script, its interpreter of another machine',
  'a library of another machine',
  'services of runit and s6, some of another machine',
  'links to the program, absolute and relative, through directories',
  'hard links in one layer, one of them renamed above',
  'a program that an upper layer takes away',
  'a directory that the user may not enter',
  'a HEALTHCHECK of another machine',
  'variants of one architecture',
  'no command',
] as const satisfies readonly (keyof typeof CONTRACT_IMAGES)[]

/**
 * What a source does not tell: `name`, under which nobody could sign the image; `layer`, which brought a file;
 * `cause of less than an error`, for which no engine is made to save an image.
 */
type Untold = 'name' | 'layer' | 'cause of less than an error'

/** How each source is asked for these images, and how its report differs from the registry's. Nothing else may. */
const WAYS: readonly {
  readonly way: string
  readonly engine?: Store
  readonly untold: readonly Untold[]
  location(number: number, image: BuiltImage): Promise<string>
}[] = [
  ...STORES.map(store => ({
    way: `docker, the ${store} store`,
    engine: store,
    untold: ['layer', 'cause of less than an error'] as const,
    location: async (number: number) => `${stand.registry.address}/reported/image${number}:1`,
  })),
  {
    way: 'oci:',
    untold: ['name'],
    location: async (number, image) => `oci:${await writeLayout(fileOf(number, 'layout'), layoutFiles([{image}]))}`,
  },
  {
    way: 'oci-archive:',
    untold: ['name'],
    location: async (number, image) =>
      `oci-archive:${await writeArchive(fileOf(number, 'oci.tar.gz'), layoutFiles([{image}]), 'gzip')}`,
  },
  {
    way: 'docker-archive:, as Docker writes it since 25',
    untold: ['name'],
    location: async (number, image) => {
      const [platform] = image.platforms
      if (!platform) throw new Error('an image without platforms')
      return `docker-archive:${await writeArchive(fileOf(number, 'docker.tar'), savedFiles(image, platform))}`
    },
  },
]
const fileOf = (number: number, name: string): string => join(folder, `reported${number}-${name}`)

describe('the report of the command is the same, byte for byte but for the reference', () => {
  const report = async (engine: Store, locations: readonly string[]): Promise<string> => {
    const {exitCode, stdout, stderr} = await runCli(stand, stand.engines[engine], [...locations, '--format', 'json'])
    // How far it is, where the machine is slow.
    expect({exitCode, stderr: stderr.replaceAll(/^.*: docker export: .* read\n/gm, '')}).toEqual({
      exitCode: 1,
      stderr: '',
    })
    parseReport(stdout)
    return stdout
  }
  let expected = ''
  beforeAll(async () => {
    const pushed = REPORTED.map((title, number) =>
      pushBuilt(stand.registry, `reported/image${number}`, '1', CONTRACT_IMAGES[title]),
    )
    expected = await report(
      'classic',
      (await Promise.all(pushed)).map(image => `docker://${image}`),
    )
  })

  test.each(WAYS)('$way', async ({engine = 'classic', untold, location}) => {
    const locations = await Promise.all(REPORTED.map((title, number) => location(number, CONTRACT_IMAGES[title])))
    expect(comparable(await report(engine, locations), locations, untold)).toBe(
      comparable(
        expected,
        REPORTED.map((_, number) => `docker://${stand.registry.address}/reported/image${number}:1`),
        untold,
      ),
    )
  })

  test('that of the registry leaves nothing untold', () => {
    const {images} = parseReport(expected)
    expect(images.map(({name}) => name)).toEqual(
      REPORTED.map((_, number) => `${stand.registry.address}/reported/image${number}`),
    )
    const steps = images.flatMap(({platforms}) => platforms.flatMap(({program}) => program.steps))
    expect(steps.filter(({kind, layer}) => kind !== undefined && layer === undefined)).toEqual([])
  })
})

/** A report with the references put in order, and without what cannot be told. */
function comparable(report: string, locations: readonly string[], untold: readonly Untold[]): string {
  const named = locations.reduce(
    (text, location, number) => text.replaceAll(JSON.stringify(location), `"image ${number}"`),
    report,
  )
  const told = (key: string, value: unknown): unknown => {
    if (untold.some(left => left === key)) return undefined
    const isLess = typeof value === 'object' && value !== null && 'level' in value && value.level !== 'error'
    return isLess && untold.includes('cause of less than an error') ? {...value, cause: undefined} : value
  }
  return JSON.stringify(JSON.parse(named, told), null, 2)
}
