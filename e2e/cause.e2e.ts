import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from '@jest/globals'
import type {ExplainedFinding} from '../src/explain/index.ts'
import {buildImage, type ContextFile, writeContext} from './ground/buildx.ts'
import {type Engine, STORES} from './ground/engine.ts'
import {busybox} from './ground/programs.ts'
import {run} from './ground/run.ts'
import {parseReport} from './support/checks.ts'
import {runCli} from './support/run-cli.ts'
import {startRunningBuilder} from './support/running-builder.ts'
import {openStand} from './support/stand.ts'
import {startWebServer, type WebServer} from './support/web-server.ts'

// From a wrong file to the line that is to blame, with what real builds tell: the provenance in full or in brief, or
// the history of the image alone. RUN steps do run here, in a builder of their own.

const stand = await openStand()
const {address} = stand.registry
const PLATFORMS = ['linux/amd64', 'linux/arm64']

/** What `--provenance` is told, by the name that its images are tagged with. */
const PROVENANCES = {
  'max-v0.2': 'mode=max,version=v0.2',
  'max-v1': 'mode=max,version=v1',
  'min-v1': 'mode=min,version=v1',
  off: 'false',
} as const
type Provenance = keyof typeof PROVENANCES

/** Where an image is looked into: both engines, and the registry itself. */
const READERS = [...STORES, 'registry'] as const
type Reader = (typeof READERS)[number]

interface Case {
  readonly name: string
  readonly dockerfile: readonly string[]
  readonly args?: readonly string[]
  /** The file of linux/arm64 that is wrong. */
  readonly path: string
  /** The line to blame, and how it should be. */
  readonly line: number
  readonly fix: string
  /** What the history says of the layer. */
  readonly createdBy: string
}

let builder: Engine
let web: WebServer
let workspace = ''
let cases: readonly Case[] = []

beforeAll(async () => {
  const [running, amd64, arm64] = await Promise.all([startRunningBuilder(stand), busybox('amd64'), busybox('arm64')])
  builder = running
  const body = await readFile(amd64)
  web = await startWebServer(() => ({status: 200, body, headers: {'content-type': 'application/octet-stream'}}))
  workspace = join(stand.scratch, 'cause')
  await mkdir(workspace)
  const pinned = await buildBases(amd64, arm64)
  cases = casesOf(pinned)
  const files: Readonly<Record<string, ContextFile>> = {
    'main.go': {kind: 'text', text: 'package main\n'},
    'bin/amd64/app': {kind: 'copy', from: amd64},
    'bin/arm64/app': {kind: 'copy', from: arm64},
    'bin/app': {kind: 'copy', from: amd64},
    note: {kind: 'text', text: 'a note\n'},
  }
  const context = await writeContext(workspace, files)
  for (const {name, dockerfile, args = []} of cases) {
    await writeFile(join(context, `Dockerfile.${name}`), `${dockerfile.join('\n')}\n`)
    // The first build makes the layers, which the others only describe otherwise.
    const [first, ...others] = Object.entries(PROVENANCES).map(
      ([tag, provenance]) =>
        () =>
          buildImage(builder, {
            context,
            tag: `${address}/cause/${name}:${tag}`,
            platforms: PLATFORMS,
            provenance,
            args: ['--network', 'none', '--file', join(context, `Dockerfile.${name}`), ...args],
          }),
    )
    await first?.()
    await Promise.all(others.map(build => build()))
  }
  workspace = context
}, 600_000)

afterAll(async () => {
  await web?.stop()
  await builder?.stop()
})

/** `cause/base`, with programs of each platform, and `cause/golang`, whose `go` copies the program of $GOARCH. */
async function buildBases(amd64: string, arm64: string) {
  const go = '#!/bin/sh\nmkdir -p "$(dirname "$3")"\ncp "/usr/local/go/lib/$GOARCH" "$3"\n'
  const context = await writeContext(stand.scratch, {
    Dockerfile: {
      kind: 'text',
      text: `FROM scratch AS base
ARG TARGETARCH
COPY $TARGETARCH /bin/sh

FROM base AS golang
COPY --from=base /bin/sh /bin/cp
COPY --from=base /bin/sh /bin/mkdir
COPY --from=base /bin/sh /bin/dirname
COPY lib /usr/local/go/lib
COPY go /usr/local/bin/go
ENV PATH=/usr/local/bin:/bin
`,
    },
    amd64: {kind: 'copy', from: amd64},
    arm64: {kind: 'copy', from: arm64},
    'lib/amd64': {kind: 'copy', from: amd64},
    'lib/arm64': {kind: 'copy', from: arm64},
    go: {kind: 'text', text: go, mode: 0o755},
  })
  const build = (name: string) =>
    buildImage(builder, {
      context,
      tag: `${address}/cause/${name}:1`,
      platforms: PLATFORMS,
      provenance: 'false',
      args: ['--target', name],
    })
  const [{digest: index}] = [await build('base'), await build('golang')]
  const raw = await run('docker', ['buildx', 'imagetools', 'inspect', '--raw', `${address}/cause/base:1`], {
    env: {...process.env, ...builder.env()},
  })
  const {manifests}: {manifests: {digest: string; platform: {architecture: string}}[]} = JSON.parse(raw)
  const amd64Digest = manifests.find(({platform}) => platform.architecture === 'amd64')?.digest ?? ''
  return {index, amd64: amd64Digest}
}

function casesOf(pinned: {readonly index: string; readonly amd64: string}): readonly Case[] {
  const golang = `${address}/cause/golang:1`
  const base = `${address}/cause/base:1`
  return [
    {
      name: 'goarch',
      dockerfile: [
        `FROM --platform=$BUILDPLATFORM ${golang} AS build`,
        'ARG TARGETOS',
        'ARG TARGETARCH',
        'WORKDIR /src',
        'COPY main.go ./',
        'ENV CGO_ENABLED=0',
        'RUN GOOS=$TARGETOS GOARCH=amd64 go build -o /out/app ./...',
        '',
        `FROM ${base}`,
        'COPY note /note',
        'COPY --from=build /out/app /usr/local/bin/app',
        'ENTRYPOINT ["/usr/local/bin/app"]',
      ],
      path: '/usr/local/bin/app',
      line: 7,
      fix: 'RUN GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app ./...',
      createdBy: 'COPY /out/app /usr/local/bin/app # buildkit',
    },
    {
      name: 'several-stages',
      dockerfile: [
        `FROM --platform=$BUILDPLATFORM ${golang} AS toolchain`,
        '',
        'FROM toolchain AS build',
        'ARG TARGETARCH',
        'RUN set -e; \\',
        '    # a comment \\',
        '    export GOARCH=amd64; \\',
        '    go build -o /work/tool .',
        '',
        'FROM scratch AS files',
        'COPY --from=build --link /work/tool /usr/bin/tool',
        '',
        `FROM ${base} AS final`,
        'COPY --from=files --link / /',
        'ENTRYPOINT ["tool"]',
        '',
        'FROM final AS later',
        'COPY note /later',
      ],
      args: ['--target', 'final'],
      path: '/usr/bin/tool',
      line: 7,
      fix: 'export GOARCH=$TARGETARCH; \\',
      createdBy: 'COPY / / # buildkit',
    },
    {
      name: 'arg-default',
      dockerfile: [
        `FROM ${base}`,
        'COPY note /note',
        'ARG TARGETARCH=amd64',
        'COPY bin/$TARGETARCH/app /app',
        'ENTRYPOINT ["/app"]',
      ],
      path: '/app',
      line: 3,
      fix: 'ARG TARGETARCH',
      createdBy: 'COPY bin/amd64/app /app # buildkit',
    },
    {
      name: 'pinned-base',
      dockerfile: ['# The base.', `FROM ${base}@${pinned.amd64}`, 'COPY note /note', 'ENTRYPOINT ["/bin/sh"]'],
      path: '/bin/sh',
      line: 2,
      fix: `FROM ${base}@${pinned.index}`,
      createdBy: 'COPY amd64 /bin/sh # buildkit',
    },
    {
      name: 'build-platform',
      dockerfile: [
        `FROM --platform=$BUILDPLATFORM ${base} AS tools`,
        `FROM --platform=$BUILDPLATFORM ${base}`,
        'COPY note /note',
        'ENTRYPOINT ["/bin/sh"]',
      ],
      path: '/bin/sh',
      line: 2,
      fix: `FROM ${base}`,
      createdBy: 'COPY amd64 /bin/sh # buildkit',
    },
    {
      name: 'download',
      dockerfile: [
        `FROM ${base}`,
        `ADD --chmod=755 http://${web.address}/v1/tool-linux-amd64 /usr/local/bin/tool`,
        'COPY bin/app /usr/local/bin/app',
        'ENTRYPOINT ["/usr/local/bin/tool"]',
      ],
      path: '/usr/local/bin/tool',
      line: 2,
      fix: `ARG TARGETARCH above line 2, and there: ADD --chmod=755 http://${web.address}/v1/tool-linux-$TARGETARCH /usr/local/bin/tool`,
      createdBy: `ADD --chmod=755 http://${web.address}/v1/tool-linux-amd64 /usr/local/bin/tool # buildkit`,
    },
    {
      name: 'context',
      dockerfile: [
        `FROM ${base}`,
        'COPY note \\',
        '  /note',
        'COPY bin/app /usr/local/bin/app',
        'CMD ["/usr/local/bin/app"]',
      ],
      path: '/usr/local/bin/app',
      line: 4,
      fix: 'COPY bin/$TARGETARCH/app /usr/local/bin/app (after ARG TARGETARCH, with the file of each platform in a folder of its own)',
      createdBy: 'COPY bin/app /usr/local/bin/app # buildkit',
    },
  ]
}

const NAMES = [
  'goarch',
  'several-stages',
  'arg-default',
  'pinned-base',
  'build-platform',
  'download',
  'context',
] as const

function caseOf(name: string): Case {
  const found = cases.find(one => one.name === name)
  if (!found) throw new Error(`there is no case ${name}`)
  return found
}

/** The finding on the file that is wrong; that there is one, and no verdict but the right one, is checked as well. */
async function check(
  reader: Reader,
  name: string,
  tag: Provenance,
  args: readonly string[] = [],
): Promise<ExplainedFinding> {
  const engine = stand.engines[reader === 'registry' ? 'classic' : reader]
  const image = `${reader === 'registry' ? 'docker://' : ''}${address}/cause/${name}:${tag}`
  const {exitCode, stdout, stderr} = await runCli(stand, engine, [image, '--format', 'json', ...args])
  expect({exitCode, stderr}).toEqual({exitCode: 1, stderr: ''})
  const {findings} = parseReport(stdout)
  const {path} = caseOf(name)
  const found = findings.find(one => one.platform === 'linux/arm64' && one.path === path && one.level === 'error')
  if (!found) throw new Error(`nothing found on ${path}: ${JSON.stringify(findings, null, 1)}`)
  return found
}

describe.each<[Reader, Provenance]>([
  ['registry', 'max-v0.2'],
  ['registry', 'max-v1'],
  ['classic', 'max-v1'],
  ['containerd', 'max-v0.2'],
])('read by %s, with provenance %s', (reader, tag) => {
  test.concurrent.each(NAMES)('%s: the line, and how it should be', async name => {
    const {line, fix, createdBy} = caseOf(name)
    const found = await check(reader, name, tag)
    expect(found.cause).toMatchObject({file: `Dockerfile.${name}`, from: 'provenance', line, layer: {createdBy}})
    expect(found.fix).toBe(fix)
  })

  test.concurrent('goarch: the same file in the workspace', async () => {
    const found = await check(reader, 'goarch', tag, ['--dockerfile', join(workspace, 'Dockerfile.goarch')])
    expect(found.cause?.from).toBeUndefined()
    expect(found.cause).toMatchObject({file: expect.stringMatching(/Dockerfile\.goarch$/), line: 7})
    // The finding of the rule on that line is told in this one.
    expect(found.evidence.dockerfile).toMatchObject([{rule: 'hardcoded-platform', line: 7}])
  })
})

describe.each<[Reader, Provenance]>([
  ['registry', 'min-v1'],
  ['registry', 'off'],
  ['containerd', 'min-v1'],
  ['classic', 'off'],
])('read by %s, with provenance %s', (reader, tag) => {
  test.concurrent.each(['goarch', 'context'])('%s: the layer, and what made it', async name => {
    const {cause} = await check(reader, name, tag)
    expect(cause?.layer).toMatchObject({createdBy: caseOf(name).createdBy, digest: expect.stringMatching(/^sha256:/)})
    expect(cause?.line).toBeUndefined()
  })

  test.concurrent.each(NAMES)('%s: the line, with the Dockerfile of the workspace', async name => {
    const {line, fix} = caseOf(name)
    const found = await check(reader, name, tag, ['--dockerfile', join(workspace, `Dockerfile.${name}`)])
    expect(found.cause).toMatchObject({file: expect.stringMatching(`Dockerfile.${name}$`), line})
    expect(found.fix).toBe(fix)
  })
})

test('provenance in brief: the base that is pinned to one platform, and the index to pin instead', async () => {
  const {cause, fix} = await check('registry', 'pinned-base', 'min-v1')
  expect(cause?.message).toContain('which is the manifest of linux/amd64, not an index')
  expect(fix).toBe(caseOf('pinned-base').fix)
})

test('provenance in brief: the base of which another platform was taken', async () => {
  const {cause} = await check('registry', 'build-platform', 'min-v1')
  expect(cause?.message).toContain('of which the build took linux/amd64')
})

test('all readers tell the same layer', async () => {
  const told = await Promise.all(READERS.map(reader => check(reader, 'goarch', 'off')))
  expect(new Set(told.map(({cause}) => JSON.stringify(cause))).size).toBe(1)
})
