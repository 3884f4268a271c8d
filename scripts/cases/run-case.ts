import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {buildImage} from '../../__tests__/support/image-builder.ts'
import {quietRun} from '../../__tests__/support/quiet-run.ts'
import {type RegistryServer, startRegistryServer} from '../../__tests__/support/registry-server.ts'
import {type CliIo, runCli} from '../../src/cli.ts'
import {SourceError} from '../../src/errors.ts'
import type {OpenImage} from '../../src/pipeline/check.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {imageOpener} from '../../src/source/open.ts'
import {readDockerfiles} from '../../src/workspace/read-dockerfiles.ts'
import type {Case} from './case.ts'
import type {Outcome} from './judge.ts'

/** What the cases' Dockerfiles may stand on: one image for two platforms, under the names that they use. */
export interface BaseImages {
  readonly host: string
  /** Digests of the index, and of its manifest for linux/amd64. */
  readonly index: string
  readonly amd64: string
  stop(): Promise<void>
}

/** A registry in this process, as the README of the cases asks for. */
export async function startBaseImages(): Promise<BaseImages> {
  const server: RegistryServer = await startRegistryServer()
  const image = buildImage(
    ['amd64', 'arm64'].map(architecture => ({
      platform: {os: 'linux', architecture},
      layers: [{'etc/base': architecture}],
    })),
  )
  server.push('base', image, 'latest')
  server.push('kubectl', image, '1.33')
  const amd64 = image.platforms[0]?.manifest.digest
  if (amd64 === undefined) throw new Error('the base image has no platform')
  return {host: server.host, index: image.root.digest, amd64, stop: () => server.stop()}
}

/** Puts the registry and its digests into the text of a Dockerfile. */
export function fillPlaceholders(text: string, {host, index, amd64}: Omit<BaseImages, 'stop'>): string {
  return text.replaceAll('{registry}', host).replaceAll('{index}', index).replaceAll('{amd64}', amd64)
}

/** Runs the command on one case: on `FOLDER/ID`, an OCI image layout, or on its Dockerfile, which is written there. */
export async function runCase(one: Case, folder: string, bases: BaseImages): Promise<Outcome> {
  const place = join(folder, one.id)
  const written: string[] = []
  const problems: string[] = []
  if (one.dockerfile !== undefined) {
    await mkdir(place, {recursive: true})
    await writeFile(join(place, 'Dockerfile'), fillPlaceholders(one.dockerfile, bases))
  }
  const what = one.dockerfile === undefined ? [`oci:${place}`] : ['--dockerfile', 'Dockerfile']
  const platforms = one.platforms.flatMap(platform => ['--platforms', platform])
  const exitCode = await runCli([...what, ...platforms, ...one.args, '--format', 'json'], {
    version: '0.0.0',
    open: onlyFrom(bases.host),
    readDockerfiles: globs => readDockerfiles(globs, place),
    stdout: text => written.push(text),
    stderr: text => problems.push(text),
    writeFile: async () => undefined,
    color: false,
  } satisfies CliIo)
  return {exitCode, findings: parseFindings(written.join('')), stderr: problems.join('')}
}

/** No case depends on what a registry of the world has today: it has nothing. */
function onlyFrom(host: string): OpenImage {
  const open = imageOpener(quietRun('cases'))
  return async (location, options) => {
    if (location.transport === 'registry' && !location.text.startsWith(`${host}/`))
      throw new SourceError('unavailable', `${location.text} is not asked for by these tests`)
    return open(location, options)
  }
}

/** The report is this project's own, and its schema is tested elsewhere. */
function parseFindings(text: string): readonly Finding[] {
  return text === '' ? [] : (JSON.parse(text) as {readonly findings: readonly Finding[]}).findings
}
