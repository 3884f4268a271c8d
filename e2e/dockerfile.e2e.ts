// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of Dockerfiles
import {mkdtemp, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {parseCases} from '../scripts/dockerfiles/cases.ts'
import {lintDockerfile} from '../src/dockerfile/index.ts'
import {parseDockerfile} from '../src/dockerfile/parse.ts'
import {resolveDockerfile} from '../src/dockerfile/resolve.ts'
import type {Variables} from '../src/dockerfile/variables.ts'
import {parsePlatform} from '../src/platform/index.ts'
import {run, runAny} from './ground/run.ts'
import {runCli} from './support/run-cli.ts'
import {namesOf, openStand} from './support/stand.ts'

// What a Dockerfile says, asked of the real builder and of ours.

const stand = await openStand()
const {builder} = stand
const env = {...process.env, ...builder.env()}
const right = namesOf(stand, 'right-plain')

/** A build context with nothing but a Dockerfile. */
async function contextOf(text: string): Promise<string> {
  const folder = await mkdtemp(join(stand.scratch, 'dockerfile-'))
  await writeFile(join(folder, 'Dockerfile'), text)
  return folder
}

const buildx = (context: string, ...args: readonly string[]) =>
  runAny('docker', ['buildx', 'build', '--builder', 'default', '--provenance=false', ...args, context], {env})

/** The labels of what the builder makes of a Dockerfile for a platform; undefined where it refuses. */
async function labelsOf(text: string, platform: string): Promise<Readonly<Record<string, string>> | undefined> {
  const context = await contextOf(text)
  const name = `${stand.registry.address}/e2e/labels:${Buffer.from(context).toString('hex').slice(-24)}`
  const built = await buildx(context, '--platform', platform, '--push', '--tag', name)
  if (built.code !== 0) return undefined
  const config = JSON.parse(await run(stand.tools.crane, ['config', '--platform', platform, name]))
  return config.config.Labels ?? {}
}

function platformOf(text: string) {
  const parsed = parsePlatform(text)
  if (!parsed.ok) throw new Error(parsed.problem)
  return parsed.value
}

/** What we say that the variables of the last stage's end are; undefined where we refuse. */
function oursOf(text: string, platform: string): Variables<string> | undefined {
  const parsed = parseDockerfile(text)
  if (!parsed.ok) return undefined
  const resolved = resolveDockerfile(parsed.value, {target: platformOf(platform), build: platformOf('linux/amd64')})
  if (!resolved.ok) return undefined
  const scope = resolved.value.stages.at(-1)?.scope
  return {get: name => scope?.get(name)?.text, has: name => scope?.has(name) ?? false}
}

describe('variables', () => {
  const WORDS = [
    ...['plain', '$A', '${A}', '$A-$A.$A', '$AB', 'x$', '$1', '${A:-d}', '${U:-d}', '${U-d}', '${E:-d}', '${E-d}'],
    ...[
      '${A:+y}',
      '${A+y}',
      '${U:+y}',
      '${E:+y}',
      '${E+y}',
      '${A:?no}',
      '${U:-${A}}',
      '${U:-$A/b}',
      '${P#*/}',
      '${P##*/}',
    ],
    ...['${P%.*}', '${P%%.*}', '${P#/u?r}', '${P/local/share}', '${T/X/-}', '${T//X/-}', '${P//\\//_}', "'$A'", '"$A"'],
    ...['"a b"', '"\'$A\'"', '\\$A', '"\\$A"', '"\\a"', 'a\\ b', '$D', '$S', '${A}${U}x', '\'a\'"b"c', '"${U:-"x"}"'],
  ]
  const setting = "FROM scratch\nENV A=one E= P=/usr/local/lib/x.so.1 S='a b' D='$A' T=aXbXc\n"
  const assigned = WORDS.map((word, index) => `ENV V${index}=${word}`)

  test('words are what the builder makes of them', async () => {
    const labels = WORDS.map((_, index) => `LABEL v${index}="$V${index}"`)
    const text = [setting + assigned.join('\n'), ...labels].join('\n')
    const theirs = await labelsOf(text, 'linux/arm64')
    const ours = oursOf(text, 'linux/arm64')
    const told = (value: (index: number) => string | undefined) =>
      WORDS.map((word, index) => `${word} is ${value(index)}`)
    expect(told(index => ours?.get(`V${index}`))).toEqual(told(index => theirs?.[`v${index}`]))
  })

  test.each(['${A', '${', '${}', '${:x}', '${{A}}', '${A:=x}', '${A^^}', '${A:#x}', "'a", '"a'])(
    '%s is refused by both',
    async word => {
      const text = `${setting}ENV V=${word}`
      expect([await labelsOf(text, 'linux/arm64'), oursOf(text, 'linux/arm64')]).toEqual([undefined, undefined])
    },
  )

  // The table of docs/rules/platform-arg-default.md.
  test.each([
    ['FROM scratch', ''],
    ['FROM scratch\nARG TARGETARCH', 'arm'],
    ['FROM scratch\nARG TARGETARCH=amd64', 'amd64'],
    ['FROM scratch AS a\nARG TARGETARCH=amd64\nFROM a', 'amd64'],
    ['FROM scratch\nARG TARGETARCH=amd64\nARG TARGETARCH', 'arm'],
    ['ARG TARGETARCH\nFROM scratch\nARG TARGETARCH', 'arm'],
    ['ARG TARGETARCH=amd64\nFROM scratch\nARG TARGETARCH', 'amd64'],
    ['ARG TARGETARCH=${TARGETARCH:-amd64}\nFROM scratch\nARG TARGETARCH', 'arm'],
    ['FROM scratch\nARG TARGETARCH=${TARGETARCH:-amd64}', 'amd64'],
    ['FROM scratch\nENV TARGETARCH=env\nARG TARGETARCH=arg', 'arg'],
    ['FROM scratch\nARG TARGETARCH=arg\nENV TARGETARCH=env', 'env'],
  ])('%j gives %j', async (text, expected) => {
    const theirs = await labelsOf(`${text}\nLABEL v="$TARGETARCH"`, 'linux/arm/v7')
    expect(theirs?.v).toBe(expected)
    expect(oursOf(text, 'linux/arm/v7')?.get('TARGETARCH') ?? '').toBe(expected)
  })
})

describe('stages', () => {
  const folder = join(import.meta.dirname, '..', 'scripts', 'dockerfiles', 'cases')

  test('are those of the builder, and what it refuses is refused', async () => {
    const cases = parseCases('syntax', await readFile(join(folder, 'syntax.txt'), 'utf8'))
    // A frontend of its own would have to be pulled.
    const known = cases.filter(({text}) => !/^#\s*syntax=/.test(text))
    expect(known.length).toBeGreaterThan(30)
    for (const {name, text} of known) {
      const {code, stdout} = await buildx(await contextOf(text), '--call=targets,format=json')
      const parsed = parseDockerfile(text)
      // A variable that is not closed is refused only when it is looked at.
      const ours = parsed.ok
        ? parsed.value.stages.map(({name: stage, from}) => [stage ?? '', from.image, from.line])
        : 'refused'
      const theirs = code === 0 ? targetsOf(stdout.toString()) : 'refused'
      expect([name, ours]).toEqual([name, theirs])
    }
  })
})

function targetsOf(json: string): readonly unknown[] {
  const {targets} = JSON.parse(json)
  return targets.map((target: {name?: string; base?: string; location?: {ranges?: [{start: {line: number}}]}}) => [
    target.name ?? '',
    target.base ?? '',
    target.location?.ranges?.[0]?.start.line,
  ])
}

describe('bases', () => {
  const platforms = ['linux/amd64', 'linux/arm64']
  const check = (context: string, ...args: readonly string[]) =>
    runCli(stand, builder, [
      '--dockerfile',
      join(context, 'Dockerfile'),
      '--platforms',
      platforms.join(),
      '--format',
      'json',
      ...args,
    ])

  test('one that is pinned to a child: told before the build, and mended by the line that is told', async () => {
    const raw = JSON.parse(await run(stand.tools.crane, ['manifest', right.tagged]))
    const child = raw.manifests.find(
      ({platform}: {platform: {architecture: string}}) => platform.architecture === 'amd64',
    ).digest
    const context = await contextOf(`FROM ${right.tagged}@${child}\nLABEL a=b\n`)
    const {exitCode: code, stdout} = await check(context)
    const {findings, dockerfiles} = JSON.parse(stdout)
    expect([code, findings.map(({rule, line}: {rule: string; line: number}) => `${rule} ${line}`)]).toEqual([
      1,
      ['base-single-platform 1'],
    ])
    expect(dockerfiles[0].bases).toMatchObject([{kind: 'manifest', platforms: ['linux/amd64']}])
    expect(findings[0].fix).toBe(`FROM ${right.tagged}@${stand.digests['right-plain']}`)

    // The builder's linter says nothing; its build takes the base, and says no more than a warning.
    const linted = await buildx(context, '--platform', 'linux/arm64', '--call=check,format=json')
    expect(rulesOf(linted.stdout.toString())).toEqual([])
    const built = await buildx(context, '--platform', 'linux/arm64', '--output', 'type=cacheonly')
    expect([built.code, built.stderr]).toEqual([0, expect.stringMatching(/InvalidBaseImagePlatform.*\(line 1\)/)])
    const mended = await contextOf(`${findings[0].fix}\nLABEL a=b\n`)
    expect((await check(mended)).exitCode).toBe(0)
    const quiet = await buildx(mended, '--platform', 'linux/arm64', '--output', 'type=cacheonly')
    expect([quiet.code, quiet.stderr]).toEqual([0, expect.not.stringContaining('InvalidBaseImagePlatform')])
  })

  test('an index that lacks a platform stops the build', async () => {
    const context = await contextOf(`FROM ${right.tagged}\nLABEL a=b\n`)
    const args = ['--dockerfile', join(context, 'Dockerfile'), '--platforms', 'linux/s390x', '--format', 'json']
    const {findings} = JSON.parse((await runCli(stand, builder, args)).stdout)
    expect(findings.map(({rule, level}: {rule: string; level: string}) => `${level} ${rule}`)).toEqual([
      'error base-platform-missing',
    ])
    const built = await buildx(context, '--platform', 'linux/s390x', '--output', 'type=cacheonly')
    expect([built.code, built.stderr]).toEqual([1, expect.stringContaining('no match for platform in manifest')])
  })

  test('one that nobody can ask is a note', async () => {
    const context = await contextOf(`FROM ${stand.registry.address}/e2e/none:1\n`)
    const {exitCode: code, stdout} = await check(context)
    const {findings} = JSON.parse(stdout)
    expect([code, findings.length, findings[0].level, findings[0].rule]).toEqual([
      0,
      1,
      'note',
      'base-platform-missing',
    ])
  })

  test('a constant platform is told where the builder’s own linter tells it', async () => {
    const texts = [
      `FROM --platform=linux/amd64 ${right.tagged}\n`,
      `ARG P=linux/amd64\nFROM --platform=$P ${right.tagged}\n`,
      `FROM --platform=linux/amd64 ${right.tagged} AS for-amd64\nFROM ${right.tagged}\nCOPY --from=for-amd64 / /x\n`,
      `FROM --platform=$TARGETPLATFORM ${right.tagged}\n`,
    ]
    const told: string[][] = []
    for (const text of texts) {
      const parsed = parseDockerfile(text)
      if (!parsed.ok) throw new Error(parsed.problem)
      const ours = lintDockerfile(parsed.value, {platforms: platforms.map(platformOf)}).map(({line}) => `ours ${line}`)
      const {stdout} = await buildx(await contextOf(text), '--platform', 'linux/arm64', '--call=check,format=json')
      told.push([...ours, ...rulesOf(stdout.toString())])
    }
    expect(told).toEqual([
      ['ours 1', 'FromPlatformFlagConstDisallowed 1'],
      // Its linter sees a variable and says nothing; the image is one platform's all the same.
      ['ours 2'],
      [],
      ['RedundantTargetPlatform 1'],
    ])
  })
})

function rulesOf(json: string): readonly string[] {
  const {warnings}: {warnings?: readonly {ruleName: string; location: {ranges: readonly {start: {line: number}}[]}}[]} =
    JSON.parse(json)
  return (warnings ?? []).map(({ruleName, location}) => `${ruleName} ${location.ranges[0]?.start.line}`)
}
