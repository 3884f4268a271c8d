// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {describe, expect, test} from '@jest/globals'
import {
  askBases,
  type BaseAnswer,
  buildsOf,
  lintBuilds,
  lintDockerfile,
  namedBases,
} from '../../src/dockerfile/index.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'
import {SourceError} from '../../src/errors.ts'
import type {ImageRoot} from '../../src/image/source.ts'
import {testPlatform, testRoot} from '../support/memory-source.ts'

const BOTH = [testPlatform('linux/amd64'), testPlatform('linux/arm64')]
const INDEX = testRoot(['linux/amd64', 'linux/arm64'])
const PINNED = INDEX.entries[0]?.descriptor
const CHILD = PINNED?.digest ?? ''
const MANIFEST: ImageRoot = {...INDEX, kind: 'manifest', descriptor: PINNED, entries: INDEX.entries.slice(0, 1)}
const OLD = `sha256:${'e'.repeat(64)}`
/** What the tag held before it moved. */
const OLD_MANIFEST: ImageRoot = {...MANIFEST, descriptor: testRoot([]).descriptor}

function parsed(text: string) {
  const result = parseDockerfile(text)
  if (!result.ok) throw new Error(result.problem)
  return result.value
}

const baseReferences = (dockerfile: ReturnType<typeof parsed>, platforms: typeof BOTH): readonly string[] =>
  namedBases(buildsOf(dockerfile, {platforms})).flatMap(({reference, isKnown}) => (isKnown ? [reference] : []))

/** A registry that has `app:1`, its child, and `small:1` for one platform; `gone` is not there. */
async function ask(_: unknown, text: string): Promise<ImageRoot> {
  if (text === 'app:1') return INDEX
  if (text.endsWith(CHILD)) return MANIFEST
  if (text.endsWith(OLD)) return OLD_MANIFEST
  if (text === 'small:1') return testRoot(['linux/amd64'])
  if (text === 'lone:1') return MANIFEST
  if (text === 'denied:1') throw new SourceError('denied', 'the registry refuses us')
  if (text === 'aborted:1') throw new SourceError('aborted', 'cancelled')
  throw new SourceError('not-found', `${text} is not there`)
}

async function problems(text: string): Promise<readonly string[]> {
  const dockerfile = parsed(text)
  const bases = await askBases(baseReferences(dockerfile, BOTH), ask)
  return lintDockerfile(dockerfile, {platforms: BOTH, bases}).map(
    ({rule, level, line, platforms, fix}) => `${level} ${rule} ${line} ${platforms} ${fix}`,
  )
}

describe('which bases are asked', () => {
  test.each([
    ['FROM a', ['a']],
    ['FROM scratch', []],
    ['FROM a AS b\nFROM b', ['a']],
    ['FROM a AS x\nFROM b', ['b']],
    ['FROM --platform=$BUILDPLATFORM a AS b\nFROM c\nCOPY --from=b / /', ['c']],
    ['FROM --platform=linux/amd64 a', []],
    ['ARG V=1\nFROM a:$V\nFROM a:$V', ['a:1']],
    ['ARG V\nFROM a:$V', []],
    ['FROM a-${BUILDARCH}:1', []],
    ['FROM a\nCOPY --from=b:1 /x /x', ['a', 'b:1']],
    ['FROM a\nRUN --mount=type=bind,from=b:1,target=/b cp /b/x /x', ['a', 'b:1']],
    ['FROM --platform=$BUILDPLATFORM a AS x\nCOPY --from=b:1 / /\nFROM c\nCOPY --from=x / /', ['b:1', 'c']],
    ['FROM a AS b\nFROM c\nCOPY --from=b / /\nCOPY --from=0 / /\nCOPY --from=B / /', ['a', 'c']],
    ['FROM a\nCOPY --from=$B / /\nCOPY --from=${B:-b} / /', ['a']],
    ['FROM a\nCOPY --from=a /x /x', ['a']],
    ['FROM a AS x\nCOPY --from=b:1 / /\nFROM c', ['c']],
    ['FROM a-${TARGETARCH}:1', ['a-amd64:1', 'a-arm64:1']],
  ])('%j', (text, expected) => {
    expect(baseReferences(parsed(text), BOTH)).toEqual(expected)
  })
})

describe('answers', () => {
  test.each<[string, BaseAnswer['kind']]>([
    ['app:1', 'index'],
    [`app:1@${CHILD}`, 'manifest'],
    ['denied:1', 'unknown'],
    ['gone:1', 'unknown'],
    ['No Reference', 'unknown'],
  ])('%s: %s', async (text, kind) => {
    expect((await askBases([text], ask)).get(text)?.kind).toBe(kind)
  })

  test('a cancelled run is none', async () => {
    await expect(askBases(['aborted:1'], ask)).rejects.toMatchObject({code: 'aborted'})
  })
})

describe('what is said of bases', () => {
  test('one that is there for all platforms', async () => {
    expect(await problems('FROM app:1')).toEqual([])
  })

  test('pinned to a child of the index: the fix is the line with the index', async () => {
    expect(await problems(`FROM app:1@${CHILD} AS x`)).toEqual([
      `error base-single-platform 1 linux/arm64 FROM app:1@${INDEX.descriptor?.digest} AS x`,
    ])
  })

  test('pinned to what the tag no longer holds: the fix says so', async () => {
    const [problem] = await problems(`FROM app:1@${OLD}`)
    expect(problem).toContain(`FROM app:1@${INDEX.descriptor?.digest} (the index of 1 today`)
  })

  test('pinned without a tag: nobody knows which index', async () => {
    const [problem] = await problems(`FROM app@${CHILD}`)
    expect(problem).toContain(`Pin the digest of the index instead of ${CHILD}`)
  })

  test('an index that lacks a platform', async () => {
    expect(await problems('FROM small:1')).toEqual([
      expect.stringContaining('error base-platform-missing 1 linux/arm64'),
    ])
  })

  test('a lone manifest at a tag', async () => {
    expect(await problems('FROM lone:1')).toEqual([
      expect.stringContaining('error base-platform-missing 1 linux/arm64'),
    ])
  })

  test('a stage that only prepares files may be for all platforms', async () => {
    expect(await problems(`FROM app:1@${CHILD} AS x\nRUN npm run build\nFROM app:1\nCOPY --from=x /d /d`)).toEqual([
      expect.stringContaining('warning base-single-platform 1'),
    ])
    expect(await problems(`FROM app:1@${CHILD} AS x\nRUN go build -o /d\nFROM app:1\nCOPY --from=x /d /d`)).toEqual([
      expect.stringContaining('error base-single-platform 1'),
    ])
  })

  test('a stage of the builder may stand on one platform', async () => {
    const text = `FROM --platform=$BUILDPLATFORM app:1@${CHILD} AS x\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build\nFROM app:1\nCOPY --from=x /d /d`
    expect(await problems(text)).toEqual([])
  })

  test('a platform alone that is the base’s', async () => {
    const dockerfile = parsed(`FROM app:1@${CHILD}`)
    const bases = await askBases([`app:1@${CHILD}`], ask)
    expect(lintDockerfile(dockerfile, {platforms: BOTH.slice(0, 1), bases})).toEqual([])
  })

  test('files of an image that is pinned to a child of its index: a warning, for they may be for all platforms', async () => {
    expect(await problems(`FROM app:1\nCOPY --from=app:1@${CHILD} /d /d`)).toEqual([
      `warning base-single-platform 2 linux/arm64 COPY --from=app:1@${INDEX.descriptor?.digest} /d /d`,
    ])
    expect(await problems(`FROM app:1\nRUN --mount=from=app:1@${CHILD},target=/b cp /b/d /d`)).toEqual([
      expect.stringMatching(/^warning base-single-platform 2 linux\/arm64 RUN --mount=from=app:1@/),
    ])
    expect(await problems('FROM app:1\nCOPY --from=lone:1 /d /d')).toEqual([
      expect.stringContaining('warning base-platform-missing 2 linux/arm64'),
    ])
  })

  test('files of an image whose index lacks a platform: the builder stops, whatever the stage stands on', async () => {
    const error = expect.stringContaining('error base-platform-missing 2 linux/arm64')
    expect(await problems('FROM app:1\nCOPY --from=small:1 /d /d')).toEqual([error])
    const text = 'FROM --platform=$BUILDPLATFORM app:1 AS x\nCOPY --from=small:1 /d /d\nFROM app:1\nCOPY --from=x /d /d'
    expect(await problems(text)).toEqual([error])
  })

  test('a stage on the builder’s platform may take the tools of that platform', async () => {
    const text = `FROM --platform=$BUILDPLATFORM app:1 AS x\nCOPY --from=app:1@${CHILD} /t /t\nFROM app:1\nCOPY --from=x /d /d`
    expect(await problems(text)).toEqual([])
  })
})

describe('what could not be asked', () => {
  const lint = async (text: string) => {
    const builds = buildsOf(parsed(text), {platforms: BOTH})
    return lintBuilds(builds, await askBases(baseReferences(parsed(text), BOTH), ask)).unasked.map(
      ({reference, line}) => `${reference} ${line}`,
    )
  }

  test.each<[string, readonly string[]]>([
    ['FROM gone', ['gone 1']],
    ['FROM app:1\nCOPY --from=gone:1 / /', ['gone:1 2']],
    ['FROM app:1\nCOPY --from=org/gone / /', ['org/gone 2']],
    // A named context, more likely.
    ['FROM app:1\nCOPY --from=assets / /', []],
    ['FROM gone\nCOPY --from=gone / /', ['gone 1']],
    ['FROM app:1\nCOPY --from="No Reference" / /', ['No Reference 2']],
  ])('%j', async (text, expected) => {
    expect(await lint(text)).toEqual(expected)
  })
})
