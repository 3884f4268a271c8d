// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {describe, expect, test} from '@jest/globals'
import type {BaseAnswers} from '../../src/dockerfile/index.ts'
import type {Platform} from '../../src/platform/index.ts'
import {RULES} from '../../src/rules/index.ts'
import {runRules} from '../../src/rules/run.ts'
import {testDockerfile} from '../support/dockerfile-facts.ts'
import {testDigest, testPlatform} from '../support/memory-source.ts'

/*
 * Siblings of Dockerfiles from public reports: one that builds each platform, and changes of one or two places in it.
 * After a `good` change nothing is reported; after a `broken` one exactly one finding is, in the line that was changed.
 */
type Edit = readonly [from: string, to: string]

interface Kind {
  readonly text: string
  readonly good: readonly (readonly [what: string, ...edits: readonly Edit[]])[]
  readonly broken: readonly (readonly [what: string, finding: string, ...edits: readonly Edit[]])[]
}

const BOTH = ['linux/amd64', 'linux/arm64'].map(testPlatform)
const AMD64 = testPlatform('linux/amd64')
const INDEX = testDigest(1)
const MANIFEST = testDigest(2)

const indexOf = (platforms: readonly Platform[]) => ({kind: 'index', digest: INDEX, platforms}) as const
const manifestOf = (platform: Platform) => ({kind: 'manifest', digest: MANIFEST, platform}) as const
type Answer = NonNullable<ReturnType<BaseAnswers['get']>>
const BASES: BaseAnswers = new Map<string, Answer>([
  ['golang:1.26', indexOf(BOTH)],
  ['alpine:3.22', indexOf(BOTH)],
  [`alpine:3.22@${INDEX}`, indexOf(BOTH)],
  [`alpine:3.22@${MANIFEST}`, manifestOf(AMD64)],
  [`golang:1.26@${MANIFEST}`, manifestOf(AMD64)],
  ['org/tools:amd64', manifestOf(AMD64)],
  ['org/old:1', indexOf([AMD64])],
])

const KINDS: Readonly<Record<string, Kind>> = {
  'a program that is cross-compiled': {
    text: `FROM --platform=$BUILDPLATFORM golang:1.26 AS build
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app .
FROM alpine:3.22
COPY --from=build /out/app /usr/local/bin/app
ENTRYPOINT ["app"]
`,
    good: [
      ['as it is'],
      ['with braces', ['$TARGETARCH', '${TARGETARCH}']],
      ['the system by default', ['ARG TARGETOS TARGETARCH', 'ARG TARGETOS=linux TARGETARCH']],
      ['a constant system', ['GOOS=$TARGETOS', 'GOOS=linux']],
      [
        'by ENV',
        ['RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH ', 'ENV GOOS=$TARGETOS GOARCH=$TARGETARCH\nRUN '],
      ],
      ['by a fallback', ['GOARCH=$TARGETARCH', 'GOARCH=${TARGETARCH:-amd64}']],
      ['compiled natively', ['--platform=$BUILDPLATFORM ', ''], [' GOOS=$TARGETOS GOARCH=$TARGETARCH', '']],
      ['a base pinned to its index', ['FROM alpine:3.22', `FROM alpine:3.22@${INDEX}`]],
      ['the target said again', ['FROM alpine', 'FROM --platform=$TARGETPLATFORM alpine']],
      ['nothing below it', ['FROM alpine:3.22', 'FROM scratch']],
      ['the builder’s machine pinned, where Go cross-compiles', ['golang:1.26 AS', `golang:1.26@${MANIFEST} AS`]],
    ],
    broken: [
      ['a constant machine', 'warning hardcoded-platform 3', ['GOARCH=$TARGETARCH', 'GOARCH=amd64']],
      [
        'a default for the machine',
        'error platform-arg-default 2',
        ['TARGETOS TARGETARCH\n', 'TARGETOS TARGETARCH=amd64\n'],
      ],
      ['no machine at all', 'warning hardcoded-platform 3', [' GOOS=$TARGETOS GOARCH=$TARGETARCH', '']],
      [
        'the final stage on the builder',
        'error build-platform-in-final-stage 4',
        ['FROM alpine', 'FROM --platform=$BUILDPLATFORM alpine'],
      ],
      [
        'the final stage on a constant',
        'warning hardcoded-platform 4',
        ['FROM alpine', 'FROM --platform=linux/amd64 alpine'],
      ],
      [
        'a base pinned to a manifest',
        'error base-single-platform 4',
        ['FROM alpine:3.22', `FROM alpine:3.22@${MANIFEST}`],
      ],
      ['a base that lacks a platform', 'error base-platform-missing 4', ['FROM alpine:3.22', 'FROM org/old:1']],
    ],
  },
  'a tool that is fetched': {
    text: `FROM alpine:3.22
ARG TARGETARCH
RUN apk add --no-cache curl && curl -fsSLo /usr/local/bin/yq https://dl.example/yq_linux_$TARGETARCH
CMD ["yq"]
`,
    good: [
      ['as it is'],
      ['by uname', ['$TARGETARCH\n', '$(uname -m)\n'], ['ARG TARGETARCH\n', '']],
      ['by dpkg', ['$TARGETARCH\n', '$(dpkg --print-architecture)\n'], ['ARG TARGETARCH\n', '']],
      [
        'by ADD',
        ['RUN apk add --no-cache curl && curl -fsSLo /usr/local/bin/yq ', 'ADD '],
        ['$TARGETARCH\n', '$TARGETARCH /yq\n'],
      ],
      [
        'by a case',
        ['RUN apk', 'RUN case $TARGETARCH in amd64) A=x64;; arm64) A=arm64;; esac; apk'],
        ['_$TARGETARCH\n', '_$A\n'],
      ],
      ['a package', ['curl && curl -fsSLo /usr/local/bin/yq https://dl.example/yq_linux_$TARGETARCH', 'yq']],
    ],
    broken: [
      ['for one machine', 'warning hardcoded-platform 3', ['$TARGETARCH\n', 'amd64\n']],
      ['by its other name', 'warning hardcoded-platform 3', ['$TARGETARCH\n', 'x86_64\n']],
      ['for the other machine', 'warning hardcoded-platform 3', ['$TARGETARCH\n', 'arm64\n']],
      ['without its ARG', 'warning hardcoded-platform 2', ['ARG TARGETARCH\n', '']],
      [
        'its ARG in another stage',
        'warning hardcoded-platform 3',
        ['FROM alpine:3.22\nARG TARGETARCH', 'ARG TARGETARCH\nFROM alpine:3.22'],
      ],
      ['with a default', 'error platform-arg-default 2', ['ARG TARGETARCH', 'ARG TARGETARCH=amd64']],
    ],
  },
  'files of another image': {
    text: `FROM alpine:3.22
COPY --from=golang:1.26 /usr/local/go/bin/gofmt /usr/local/bin/gofmt
`,
    good: [
      ['as it is'],
      [
        'by a stage',
        ['FROM alpine:3.22\nCOPY --from=golang:1.26', 'FROM golang:1.26 AS go\nFROM alpine:3.22\nCOPY --from=go'],
      ],
    ],
    broken: [
      [
        'pinned to a manifest',
        'warning base-single-platform 2',
        ['--from=golang:1.26', `--from=golang:1.26@${MANIFEST}`],
      ],
      [
        'a stage pinned to a manifest',
        'warning base-single-platform 1',
        [
          'FROM alpine:3.22\nCOPY --from=golang:1.26',
          `FROM golang:1.26@${MANIFEST} AS go\nFROM alpine:3.22\nCOPY --from=go`,
        ],
      ],
      [
        'of an image that lacks a platform',
        'error base-platform-missing 2',
        ['--from=golang:1.26', '--from=org/old:1'],
      ],
    ],
  },
}

function edited(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`${from} is not in the Dockerfile`)
    return before.replace(from, () => to)
  }, text)
}

function told(text: string): readonly string[] {
  const dockerfiles = [testDockerfile(text, {platforms: BOTH, bases: BASES})]
  const findings = runRules(RULES, {images: [], dockerfiles, requested: BOTH}, new Map())
  return findings.map(({level, rule, line}) => `${level} ${rule} ${line}`)
}

describe.each(Object.entries(KINDS))('%s', (_, {text, good, broken}) => {
  test.each(good)('good: %s', (_, ...edits) => {
    expect(told(edited(text, edits))).toEqual([])
  })

  test.each(broken)('broken: %s', (_, finding, ...edits) => {
    expect(told(edited(text, edits))).toEqual([finding])
  })
})
