import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {check} from '../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import {headlineOf} from '../../src/report/headline.ts'
import {renderJunit} from '../../src/report/junit.ts'
import {renderMarkdown} from '../../src/report/markdown.ts'
import {renderPredicate} from '../../src/report/predicate.ts'
import {FORMATS, render} from '../../src/report/render.ts'
import {failsAt, type Report, type ReportPlatform} from '../../src/report/report.ts'
import {claimedMachine, claimedProgram, type Row, type RowState, rowsOf, stateOf} from '../../src/report/rows.ts'
import {renderText} from '../../src/report/text.ts'
import {RULES} from '../../src/rules/index.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable} from '../support/memory-rootfs.ts'
import {type MemoryImage, type MemoryPlatform, memoryImages} from '../support/memory-source.ts'

// What a report says of an image, whatever the image is and whatever the user set: no two places contradict each other.

const bytesOf = (machine: 'amd64' | 'arm64'): Uint8Array =>
  buildElf({machine: machine === 'amd64' ? 62 : 183, align: 0x10000})
const AMD64 = executable(bytesOf('amd64'))
const ARM64 = executable(bytesOf('arm64'))

/** What may be wrong with a platform, or right. */
const KINDS: Readonly<Record<string, (machine: 'amd64' | 'arm64') => Omit<MemoryPlatform, 'platform'>>> = {
  right: machine => ({config: {entrypoint: ['/app']}, files: {'/app': machine === 'amd64' ? AMD64 : ARM64}}),
  foreign: machine => ({config: {entrypoint: ['/app']}, files: {'/app': machine === 'amd64' ? ARM64 : AMD64}}),
  missing: machine => ({config: {entrypoint: ['/gone']}, files: {'/app': machine === 'amd64' ? AMD64 : ARM64}}),
  'not executable': machine => ({
    config: {entrypoint: ['/app']},
    files: {'/app': executable(bytesOf(machine), 0o644)},
  }),
  'no loader': machine => ({
    config: {entrypoint: ['/app']},
    files: {
      '/app': executable(
        buildElf({machine: machine === 'amd64' ? 62 : 183, align: 0x10000, interpreter: '/lib/ld.so'}),
      ),
    },
  }),
  'a script of foreign programs': machine => ({
    config: {entrypoint: ['/run.sh']},
    files: {
      '/run.sh': executable('#!/bin/sh\nexec /app\n'),
      '/bin/sh': AMD64,
      '/app': machine === 'amd64' ? AMD64 : ARM64,
    },
  }),
  dark: machine => ({
    config: {entrypoint: ['/run.sh']},
    files: {
      '/run.sh': executable('#!/bin/sh\nexec "$(cat /etc/which)"\n'),
      '/bin/sh': machine === 'amd64' ? AMD64 : ARM64,
    },
  }),
  'dark, and aligned to small pages': machine => ({
    config: {entrypoint: ['/run.sh']},
    files: {
      '/run.sh': executable('#!/bin/sh\nexec "$(cat /etc/which)"\n'),
      '/bin/sh': executable(buildElf({machine: machine === 'amd64' ? 62 : 183, align: 0x1000})),
    },
  }),
  'no command': () => ({}),
}

function platformOf(platform: 'linux/amd64' | 'linux/arm64', name: string): MemoryPlatform {
  const kind = KINDS[name]
  if (kind === undefined) throw new Error(`there is no kind ${name}`)
  return {platform, ...kind(platform === 'linux/amd64' ? 'amd64' : 'arm64')}
}

const kind = fc.constantFrom(...Object.keys(KINDS))
const image: fc.Arbitrary<MemoryImage> = fc
  .record({amd64: fc.option(kind), arm64: fc.option(kind), windows: fc.boolean(), absent: fc.boolean()})
  .map(({amd64, arm64, windows, absent}) => ({
    absent: absent ? ['linux/s390x'] : [],
    platforms: [
      ...(amd64 === null ? [] : [platformOf('linux/amd64', amd64)]),
      ...(arm64 === null ? [] : [platformOf('linux/arm64', arm64)]),
      ...(windows ? [{platform: 'windows/amd64'}] : []),
    ],
  }))

const settings = fc.record({
  rules: fc.array(
    fc.tuple(
      fc.constantFrom(
        ...RULES.map(({id}) => id),
        'wrong-machine',
        'missing-program',
        'platform-missing',
        'undetermined',
      ),
      fc.constantFrom('off', 'note', 'warning', 'error'),
    ),
    {maxLength: 6},
  ),
  failOn: fc.constantFrom('error', 'warning', 'never'),
  onUndetermined: fc.constantFrom('pass', 'fail'),
  platforms: fc.constantFrom<readonly string[]>([], ['linux/amd64'], ['linux/amd64', 'linux/arm64', 'linux/s390x']),
})
type Settings = typeof settings extends fc.Arbitrary<infer T> ? T : never

const USUAL: Settings = {rules: [], failOn: 'error', onUndetermined: 'pass', platforms: []}

async function reportOn(images: readonly (MemoryImage | undefined)[], settings: Settings): Promise<Report> {
  const names = images.map((_, index) => `ghcr.io/org/app${index}:1`)
  const known = images.flatMap((one, index) => (one ? [[names[index] ?? '', one] as const] : []))
  const options = parseOptions({
    ...DEFAULTS,
    ...{image: names, metadata: '', dockerfile: [], ignore: [], baseline: ''},
    ...{failOn: settings.failOn, onUndetermined: settings.onUndetermined, platforms: settings.platforms},
    rules: settings.rules.map(([rule, level]) => `${rule}=${level}`),
  })
  return check(options, memoryImages(Object.fromEntries(known)).open, {version: '1.0.0'})
}

/** What the report says each platform is, without a word of how the user takes it. */
function verdicts({images}: Report): readonly unknown[] {
  return images.map(({platforms}) => platforms.map(({platform, verdict}) => [platform, verdict]))
}

/** The rows of the summary's tables, by image and platform: the mark and what stands beside it. */
/** The rows of the tables, their code without what breaks it: the name of a row has its image before it. */
function tableRows(markdown: string): {readonly mark: string; readonly cell: string; readonly name: string}[] {
  const plain = markdown
    .replaceAll('<wbr>', '')
    .replace(/<code>(.*?)<\/code>/g, '`$1`')
    .replaceAll('&#58;', ':')
  return Array.from(plain.matchAll(/^\| (✅|❌|⚠️)&nbsp;(\S+) \| (.*?)(?:<br>(`[^`]+`))? \|$/gmu), found => {
    const [, mark = '', name = '', cell = '', image] = found
    return {mark, name: image === undefined ? name : `${image} ${name}`, cell}
  })
}

/** What a cell says of a platform that is as it should be. */
function expectsClaim(cell: string, row: Row): boolean {
  return cell.startsWith(`${claimedProgram(row.name)}: `) || cell.startsWith(`**${claimedProgram(row.name)}**`)
}

function expectNoContradiction(report: Report): void {
  const rows = rowsOf(report)
  const {outcome, isClean, words, summary, wrong} = headlineOf(report, rows)
  const states = rows.map(stateOf)
  // The headline and the rows.
  if (outcome === 'verified') expect(states.every(state => state === 'match')).toBe(true)
  expect(words === 'verified').toBe(outcome === 'verified')
  expect(outcome === 'failed').toBe(report.verdict === 'fail')
  if (isClean) expect([...report.findings, ...report.switchedOff].filter(({level}) => level !== 'note')).toEqual([])
  if (outcome === 'unchecked')
    expect(report.images.flatMap(({platforms}) => platforms).some(({checked}) => checked)).toBe(false)
  // The text and the summary say what the headline says, the text first and last.
  const text = renderText(report)
  const lines = text.trimEnd().split('\n')
  expect(lines[0]).toMatch(new RegExp(`^${words}: .`))
  expect(lines.at(-1)).toContain(`: ${words}: `)
  expect(lines.at(-1)).toContain(summary)
  expect(text).not.toMatch(/verified: 0 of/)
  const markdown = renderMarkdown(report)
  const headline = markdown.split('\n')[0] ?? ''
  const mark = outcome === 'failed' ? '❌' : isClean ? '✅' : '⚠️'
  expect(headline.startsWith(`## ${mark} `)).toBe(true)
  expect(/verified:/i.test(headline) && !/not verified/i.test(headline)).toBe(outcome === 'verified' && isClean)
  // The headline blames no platform that matches, and with an image that is not there it says so.
  for (const sentence of wrong) expectDeserved(sentence, report, rows)
  // It names what nobody is to be stopped by, too: a platform that is not there, whatever the level of saying so.
  const isNamed = (state: RowState): boolean => ['tolerated', 'undetermined', 'absent'].includes(state)
  expect(wrong.length > 0).toBe(outcome === 'failed' || states.some(isNamed))
  // Each row: its mark, its words and what is known of it.
  const cells = tableRows(markdown).filter(({name}) => !/(?:^| )all$/.test(name))
  expect(cells).toHaveLength(rows.length)
  for (const row of rows) {
    const name = report.images.length > 1 ? `\`${row.image.reference}\` \`${row.name}\`` : `\`${row.name}\``
    const {mark, cell} = cells.find(one => one.name === name) ?? {mark: '', cell: ''}
    const state = stateOf(row)
    const isFailing = row.findings.some(({level}) => failsAt(level, levelOf(report)))
    if (mark === '✅') expect([state, expectsClaim(cell, row), isFailing]).toEqual(['match', true, false])
    if (mark === '❌') expect(report.verdict).toBe('fail')
    if (isFailing) expect(mark).toBe('❌')
    if (state === 'mismatch' || state === 'tolerated') {
      expect(mark).toBe(state === 'mismatch' ? '❌' : '⚠️')
      expect(expectsClaim(cell, row)).toBe(false)
      expect(cell.includes('(tolerated')).toBe(state === 'tolerated')
    }
    if (state === 'undetermined' || state === 'unchecked') expect(cell).toMatch(/^\*\*/)
    // What is known besides takes nothing away from what is not.
    if (state === 'undetermined') expect(cell).toContain('not determined')
  }
  expectHonestPredicates(report)
  // The list of what may be signed has no words; every other format names the rules.
  const worded = FORMATS.filter(format => format !== 'images' && format !== 'predicate')
  expectNamed(report, [...worded.map(format => render(report, format)), renderPredicate(report)])
}

/** A sentence of the headline names only platforms that are not as they should be, and images that are not there. */
function expectDeserved(sentence: string, report: Report, rows: readonly Row[]): void {
  if (/^\d+ more problems?$/.test(sentence)) return
  const unread = report.images.find(({reference, problem}) => problem && sentence.startsWith(`${reference} could not`))
  if (unread) return
  for (const row of rows) {
    const of = report.images.length > 1 ? ` of ${row.image.reference} ` : ' '
    const isNamed = sentence.split(/(?: would| may| is| are| has| have| was| were| could) /)[0]?.includes(row.name)
    if (!isNamed || !sentence.includes(of)) continue
    const isGrave = [...row.findings, ...row.switchedOff].some(({level}) => level !== 'note')
    expect([row.name, stateOf(row) !== 'match' || isGrave]).toEqual([row.name, true])
  }
}

function levelOf({configuration: {failOn}}: Report): 'error' | 'warning' {
  return failOn === 'never' ? 'error' : failOn
}

/** What passes in a predicate matches, and nothing was found of it, counted or not. */
function expectHonestPredicates(report: Report): void {
  for (const image of report.images) {
    const {passedTests, warnedTests, failedTests, result} = JSON.parse(renderPredicate(report, image))
    const rows = rowsOf(report).filter(row => row.image === image)
    for (const row of rows) {
      const isIn = [passedTests, warnedTests, failedTests].map(names => names.includes(row.name))
      expect(isIn.filter(Boolean)).toHaveLength(1)
      const isClean =
        stateOf(row) === 'match' &&
        [...row.findings, ...row.switchedOff].every(
          ({level, ownLevel = level}) => level === 'note' && ownLevel === 'note',
        )
      expect([row.name, isIn[0]]).toEqual([row.name, isClean])
      if (['mismatch', 'tolerated', 'absent'].includes(stateOf(row))) expect(isIn[2]).toBe(true)
    }
    expect(result).toBe(failedTests.length > 0 ? 'FAILED' : warnedTests.length > 0 ? 'WARNED' : 'PASSED')
  }
}

/** Each rule that would have found something, and was kept from it, stands in every format. */
function expectNamed(report: Report, formats: readonly string[]): void {
  for (const rule of new Set(report.switchedOff.map(({rule}) => rule))) {
    for (const format of formats) expect(format).toContain(rule)
  }
}

test('no report contradicts itself, whatever the images are and whatever the user set', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.option(image, {nil: undefined, freq: 8}), {minLength: 2, maxLength: 3}),
      settings,
      async (images, settings) => expectNoContradiction(await reportOn(images, settings)),
    ),
    {numRuns: 150},
  )
})

test('what a platform is does not depend on what the user set', async () => {
  await fc.assert(
    fc.asyncProperty(image, settings, async (one, settings) => {
      const usual = await reportOn([one], {...USUAL, platforms: settings.platforms})
      expect(verdicts(await reportOn([one], settings))).toEqual(verdicts(usual))
    }),
    {numRuns: 100},
  )
})

describe('one platform of each kind', () => {
  const examine = async (name: string, settings: Partial<Settings>): Promise<[ReportPlatform | undefined, Report]> => {
    const report = await reportOn([{platforms: [platformOf('linux/arm64', name)]}], {
      ...USUAL,
      ...settings,
    })
    return [report.images[0]?.platforms[0], report]
  }

  test.each<[string, string, string]>([
    ['right', 'match', 'verified'],
    ['foreign', 'mismatch', 'passed'],
    ['missing', 'mismatch', 'passed'],
    ['not executable', 'mismatch', 'passed'],
    ['no loader', 'mismatch', 'passed'],
    ['a script of foreign programs', 'mismatch', 'passed'],
    ['dark', 'undetermined', 'undetermined'],
    ['no command', 'undetermined', 'undetermined'],
  ])('%s, with all rules off: %s, %s', async (name, verdict, outcome) => {
    const [platform, report] = await examine(name, {rules: RULES.map(({id}) => [id, 'off'])})
    expect([platform?.verdict, platform?.tolerated === true]).toEqual([verdict, verdict === 'mismatch'])
    expect([report.verdict, headlineOf(report).outcome]).toEqual(['pass', outcome])
  })

  test.each<[string, Partial<Settings>, string]>([
    ['right', {}, 'pass'],
    ['right', {onUndetermined: 'fail'}, 'pass'],
    ['dark', {}, 'pass'],
    ['dark', {onUndetermined: 'fail'}, 'fail'],
    ['dark', {onUndetermined: 'fail', failOn: 'never'}, 'fail'],
    ['dark', {onUndetermined: 'fail', rules: [['undetermined', 'off']]}, 'fail'],
  ])('%s with %j: %s', async (name, settings, verdict) => {
    expect((await examine(name, settings))[1].verdict).toBe(verdict)
  })

  test('what is not known is not put down to a warning beside it', async () => {
    const [, report] = await examine('dark, and aligned to small pages', {onUndetermined: 'fail'})
    expect(report.findings.map(({rule}) => rule).toSorted()).toEqual(['page-size', 'undetermined'])
    const markdown = renderMarkdown(report)
    expect(markdown).toMatch(/^## ❌ linux\/arm64 is not known to start: .*which.* \(on-undetermined: fail\)\n/)
    expect(markdown).toContain('| ❌&nbsp;`linux/arm64` | **not determined**: `/bin/sh` (1 more warning) |')
  })

  test('the cell of a mismatch says what is wrong where the machine is right', async () => {
    const [platform, report] = await examine('no loader', {})
    expect(platform?.program.steps[0]?.machine).toBe(claimedMachine('linux/arm64'))
    expect(renderMarkdown(report)).toContain('| ❌&nbsp;`linux/arm64` | **loader missing**: `/app` |')
    expect(renderMarkdown(report)).toMatch(/^## ❌ linux\/arm64 would not start: \/app has no loader\n/)
  })
})

test.each<
  [platforms: readonly string[], onUndetermined: 'pass' | 'fail', verdict: string, states: readonly RowState[]]
>([
  [[], 'pass', 'pass', ['match', 'unchecked']],
  [[], 'fail', 'fail', ['match', 'unchecked']],
  [['linux/amd64'], 'fail', 'pass', ['match']],
  [['linux/amd64', 'linux/arm64'], 'pass', 'fail', ['match', 'absent']],
])('what an engine does not hold of an index, with platforms %j and on-undetermined %s: %s', async (...row) => {
  const [platforms, onUndetermined, verdict, states] = row
  const image = {platforms: [platformOf('linux/amd64', 'right')], absent: ['linux/arm64']}
  const report = await reportOn([image], {...USUAL, platforms, onUndetermined})
  expect([report.verdict, rowsOf(report).map(stateOf)]).toEqual([verdict, states])
  expectNoContradiction(report)
  const isOpen = states.includes('unchecked')
  expect(JSON.parse(renderPredicate(report)).warnedTests).toEqual(isOpen && verdict === 'pass' ? ['linux/arm64'] : [])
  expect(renderJunit(report).includes('<skipped message="was not checked"')).toBe(isOpen && verdict === 'pass')
})
