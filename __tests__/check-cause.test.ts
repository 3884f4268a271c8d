import {expect, test} from '@jest/globals'
import {SourceError} from '../src/errors.ts'
import type {Attestation} from '../src/image/source.ts'
import {check, type OpenImage} from '../src/pipeline/check.ts'
import {DEFAULTS, parseOptions, type RawOptions} from '../src/pipeline/options.ts'
import {annotationsOf} from '../src/report/index.ts'
import type {Report} from '../src/report/report.ts'
import {buildElf} from './support/elf-builder.ts'
import {executable} from './support/memory-rootfs.ts'
import {memoryImages, testDigest} from './support/memory-source.ts'

// From what a source gives to the report: with one platform that is wrong, and one that is right.

const AMD64 = executable(buildElf({machine: 62}))
const ARM64 = executable(buildElf({machine: 183}))
const DOCKERFILE = `FROM --platform=$BUILDPLATFORM golang AS build
ARG TARGETARCH
WORKDIR /src
COPY . .
# The next line was meant
# for a laptop.
RUN GOARCH=amd64 go build -o /app .
FROM scratch
COPY --from=build /app /app
ENTRYPOINT ["/app"]
`
const LAYER = testDigest(0xaa)

const WRITTEN: RawOptions = {
  ...DEFAULTS,
  ...{image: ['app:1'], metadata: '', platforms: [], dockerfile: [], ignore: [], rules: [], baseline: ''},
}

/** What BuildKit writes, as far as it is read: one step, which made the one layer of the image. */
function statement(about: string, data = DOCKERFILE): Uint8Array {
  const position = {start: {line: 9}, end: {line: 9}}
  const predicate = {
    buildDefinition: {
      internalParameters: {
        buildConfig: {llbDefinition: [{id: 'step0', op: {Op: {file: {actions: [{input: -1, output: 0}]}}}}]},
      },
    },
    runDetails: {
      metadata: {
        buildkit_metadata: {
          source: {
            locations: {step0: {locations: [{ranges: [position]}]}},
            infos: [{filename: 'Dockerfile', language: 'Dockerfile', data: Buffer.from(data).toString('base64')}],
          },
          layers: {'step0:0': [[{digest: LAYER}]]},
        },
      },
    },
  }
  const subject = [{name: 'app', digest: {sha256: about.slice('sha256:'.length)}}]
  const head = {_type: 'https://in-toto.io/Statement/v0.1', predicateType: 'https://slsa.dev/provenance/v1', subject}
  return Buffer.from(JSON.stringify({...head, predicate}))
}

interface Setting {
  readonly arm64?: typeof AMD64
  /** What is attached; that it is about the platform is said unless it is given. */
  readonly attached?: (about: string) => Uint8Array
  readonly failure?: Error
  readonly workspace?: Readonly<Record<string, string>>
  readonly options?: Partial<RawOptions>
}

async function run({arm64 = AMD64, attached = statement, failure, workspace = {}, options = {}}: Setting = {}) {
  const config = {entrypoint: ['/app']}
  const images = memoryImages({
    'app:1': {
      platforms: [
        {platform: 'linux/amd64', config, files: {'/app': AMD64}},
        {platform: 'linux/arm64', config, files: {'/app': arm64}},
      ],
    },
  })
  const asked: string[] = []
  const debugged: string[] = []
  const open: OpenImage = async (location, options) => {
    const source = await images.open(location, options)
    return {
      ...source,
      platformImage: async entry => {
        const image = await source.platformImage(entry)
        return {
          ...image,
          layersOf: async paths => {
            asked.push(`layers of ${paths.join()} of ${entry.platform.architecture}`)
            if (failure) throw failure
            return {
              layers: [{index: 0, digest: LAYER, createdBy: 'COPY /app /app # buildkit'}],
              of: new Map([['/app', 0]]),
            }
          },
        }
      },
      attestations: async (entry, type): Promise<readonly Attestation[]> => {
        asked.push(`${type} of ${entry.platform.architecture}`)
        if (failure) throw failure
        return [{digest: testDigest(0xcc), predicateType: `${type}v1`, bytes: attached(entry.descriptor.digest)}]
      },
    }
  }
  const parsed = parseOptions({...WRITTEN, ...options})
  const hints = {
    readWorkspaceFile: async (path: string) => workspace[path],
    debug: (text: string) => debugged.push(text),
  }
  const report = await check(parsed, open, {version: '1.2.3'}, async () => [], hints)
  expect(images.counts.closed).toBe(images.counts.opened)
  const found = report.findings.find(({rule}) => rule === 'wrong-machine')
  return {report, found, asked, debugged}
}

const annotationOf = (report: Report) => annotationsOf(report).find(({title}) => title.startsWith('wrong-machine'))

test('the line that fixes the architecture, and how it should be', async () => {
  const {report, found, asked, debugged} = await run()
  expect(found).toMatchObject({
    platform: 'linux/arm64',
    cause: {file: 'Dockerfile', from: 'provenance', line: 7, layer: {index: 0, digest: LAYER}},
    fix: 'RUN GOARCH=$TARGETARCH go build -o /app .',
  })
  expect(asked).toEqual(['layers of /app of arm64', 'https://slsa.dev/provenance/ of arm64'])
  expect(debugged).toEqual([])
  expect(report.images[0]?.platforms[1]?.program.steps[0]?.layer).toMatchObject({digest: LAYER})
  expect(annotationOf(report)).not.toHaveProperty('file')
})

test('the same file in the workspace: the annotation stands at the line', async () => {
  const {report, found} = await run({workspace: {Dockerfile: DOCKERFILE}})
  expect(found?.cause).toMatchObject({file: 'Dockerfile', line: 7})
  expect(found?.cause?.from).toBeUndefined()
  expect(annotationOf(report)).toMatchObject({file: 'Dockerfile', startLine: 7, endLine: 7})
})

test('another file of that name in the workspace', async () => {
  const {report, found} = await run({workspace: {Dockerfile: `# new\n${DOCKERFILE}`}})
  expect(found?.cause).toMatchObject({file: 'Dockerfile', line: 7, from: 'provenance'})
  expect(annotationOf(report)).not.toHaveProperty('file')
})

test('nothing is asked where nothing is wrong', async () => {
  const {report, asked} = await run({arm64: ARM64})
  expect([report.verdict, asked]).toEqual(['pass', []])
})

test('nothing is asked for what does not fail the job', async () => {
  const warning = {rules: ['wrong-machine=warning', 'identical-platforms=off']}
  const {report, found, asked} = await run({options: warning})
  expect([report.verdict, found?.level, asked]).toEqual(['pass', 'warning', []])
  expect((await run({options: {...warning, failOn: 'warning'}})).asked).toHaveLength(2)
})

test.each<[string, Setting, readonly string[]]>([
  [
    'the provenance of another image',
    {attached: () => statement(testDigest(0x77))},
    [`app:1 linux/arm64: provenance ${testDigest(0xcc)}: its subject is not ${testDigest(2)}`],
  ],
  [
    'what is no provenance',
    {attached: () => Buffer.from('{')},
    [expect.stringMatching(/^app:1 linux\/arm64: provenance sha256:c+: not JSON/) as unknown as string],
  ],
  [
    'a registry that does not answer',
    {failure: new SourceError('unavailable', 'no answer')},
    ['app:1 linux/arm64: layers: no answer', 'app:1 linux/arm64: provenance: no answer'],
  ],
  [
    'a mistake of this program',
    {failure: new TypeError('x is not a function')},
    ['app:1 linux/arm64: layers: x is not a function', 'app:1 linux/arm64: provenance: x is not a function'],
  ],
])('%s: the verdict is the same, and it is told to who asks', async (_, setting, expected) => {
  const {report, found, debugged} = await run(setting)
  expect([report.verdict, found?.level, found?.cause?.line]).toEqual(['fail', 'error', undefined])
  expect(debugged).toEqual(expected)
})
