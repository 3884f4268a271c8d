import {expect, test} from '@jest/globals'
import {check} from '../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import {sharedConnections} from '../../src/source/registry/connections.ts'
import {openRegistry} from '../../src/source/registry/open-registry.ts'
import {NO_ENV} from '../source/registry/fixtures.ts'
import {buildElf} from '../support/elf-builder.ts'
import {buildImage} from '../support/image-builder.ts'
import {type RegistryServer, type RegistryServerOptions, startRegistryServer} from '../support/registry-server.ts'

const platform = (architecture: string, machine: number) => ({
  platform: {os: 'linux', architecture},
  process: {Entrypoint: ['/app']},
  layers: [{app: {content: buildElf({machine, align: 0x10000}), mode: 0o755}}],
})
/** Its arm64 is wrong. */
const IMAGE = buildImage([platform('amd64', 62), platform('arm64', 62)])

async function checked(names: readonly string[], options: RegistryServerOptions = {}) {
  const server: RegistryServer = await startRegistryServer(options)
  try {
    for (const [repository, tag] of [
      ['org/app', '1'],
      ['org/app', 'latest'],
      ['org/copy', '1'],
    ] as const) {
      server.push(repository, IMAGE, tag)
    }
    const run = {connections: sharedConnections(), signal: new AbortController().signal, env: NO_ENV}
    const none = {metadata: '', dockerfile: [], ignore: [], baseline: '', platforms: [], rules: []}
    const report = await check(
      parseOptions({...DEFAULTS, ...none, image: names.map(name => `docker://${server.host}/${name}`)}),
      async location => {
        if (location.transport !== 'registry') throw new Error(`${location.text} is in no registry`)
        return openRegistry(location, run)
      },
      {version: '1.0.0'},
    )
    const text = JSON.stringify(report).replaceAll(server.host, 'HOST')
    return {report: JSON.parse(text), requests: server.requests.map(({url}) => url)}
  } finally {
    await server.stop()
  }
}

test('of two tags that are one image the second costs a request, and its result is the same', async () => {
  const both = await checked(['org/app:1', 'org/app:latest'])
  const one = await checked(['org/app:1'])
  expect(both.requests.length).toBe(one.requests.length + 1)
  const [first, second] = both.report.images
  expect({...second, reference: ''}).toEqual({...first, reference: ''})
  expect(first.platforms).toEqual(one.report.images[0].platforms)
  // The wrong program is a finding of each image.
  const found = both.report.findings.filter(({rule}: {rule: string}) => rule === 'wrong-machine')
  expect(found.map(({image}: {image: string}) => image).sort()).toEqual([
    'docker://HOST/org/app:1',
    'docker://HOST/org/app:latest',
  ])
})

test('another repository is read for itself', async () => {
  const layer = IMAGE.platforms[0]?.layers[0]?.digest ?? ''
  const {report} = await checked(['org/app:1', 'org/copy:1'], {
    fault: ({url}) => (url.includes('/org/copy/') && url.endsWith(layer) ? {kind: 'status', status: 404} : undefined),
  })
  const unread = report.findings.filter(({rule}: {rule: string}) => rule === 'platform-unreadable')
  expect(new Set(unread.map(({image}: {image: string}) => image))).toEqual(new Set(['docker://HOST/org/copy:1']))
})
