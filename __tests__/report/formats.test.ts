import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {renderCodeQuality} from '../../src/report/code-quality.ts'
import {renderImages} from '../../src/report/images.ts'
import {renderJson} from '../../src/report/json.ts'
import {renderJsonLines} from '../../src/report/json-lines.ts'
import {render} from '../../src/report/render.ts'
import {staleSuppressions} from '../../src/report/stale-suppressions.ts'
import {tolerancesOf} from '../../src/report/tolerance.ts'
import {CODE_QUALITY} from '../support/code-quality-schema.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {parseRunnerCommands} from '../support/runner-commands.ts'
import {
  ALL_MATCH,
  FOREIGN_PROGRAM,
  hostileReport,
  NOT_CHECKED,
  SAMPLE_REPORTS,
  SEVERAL_IMAGES,
} from '../support/sample-reports.ts'

const NAMES = Object.keys(SAMPLE_REPORTS).filter(name => !/hostile|many/.test(name))

describe('code quality', () => {
  test.each(NAMES)('golden: %s', name => {
    const json = renderCodeQuality(SAMPLE_REPORTS[name] ?? FOREIGN_PROGRAM)
    expect(json).toBe(goldenText(`report/golden/${name.replaceAll(' ', '-')}.codequality.txt`, json))
  })

  test.each(Object.entries(SAMPLE_REPORTS))('GitLab takes it: %s', (_, report) => {
    const entries = JSON.parse(renderCodeQuality(report))
    expect([CODE_QUALITY(entries), CODE_QUALITY.errors]).toEqual([true, null])
    const prints = entries.map(({fingerprint}: {fingerprint: string}) => fingerprint)
    expect(new Set(prints).size).toBe(prints.length)
    const unread = report.images.filter(({problem}) => problem !== undefined)
    const hidden = tolerancesOf(report).filter(({found}) => found.length > 0)
    const stale = staleSuppressions(report)
    expect(entries).toHaveLength(report.findings.length + unread.length + hidden.length + stale.length)
  })

  test('whatever an image says', () => {
    fc.assert(
      fc.property(fc.array(hostileText, {minLength: 1, maxLength: 6}), texts => {
        const json = renderCodeQuality(hostileReport(texts))
        expect(parseRunnerCommands(json)).toEqual([])
        expect(CODE_QUALITY(JSON.parse(json))).toBe(true)
      }),
      {numRuns: 50},
    )
  })
})

describe('JSON Lines', () => {
  test.each(NAMES)('golden: %s', name => {
    const lines = renderJsonLines(SAMPLE_REPORTS[name] ?? FOREIGN_PROGRAM)
    expect(lines).toBe(goldenText(`report/golden/${name.replaceAll(' ', '-')}.jsonl.txt`, lines))
  })

  test.each(Object.entries(SAMPLE_REPORTS))('hold what the JSON report holds: %s', (_, report) => {
    const lines = renderJsonLines(report)
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    const of = (wanted: string) => lines.filter(({type}) => type === wanted).map(({type: _, ...rest}) => rest)
    const json = JSON.parse(renderJson(report))
    expect(of('finding')).toEqual(json.findings)
    expect(of('switchedOff')).toEqual(json.switchedOff)
    expect(of('dockerfile')).toEqual(json.dockerfiles ?? [])
    expect(of('image')).toEqual(json.images.map(({platforms: _, ...image}: {platforms: unknown}) => image))
    expect(of('platform').map(({image: _, ...rest}) => rest)).toEqual(
      json.images.flatMap(({platforms}: {platforms: unknown[]}) => platforms),
    )
  })

  test('whatever an image says, a line is an object', () => {
    fc.assert(
      fc.property(fc.array(hostileText, {minLength: 1, maxLength: 6}), texts => {
        const text = renderJsonLines(hostileReport(texts))
        expect(parseRunnerCommands(text)).toEqual([])
        for (const line of text.trimEnd().split('\n')) expect(typeof JSON.parse(line)).toBe('object')
      }),
      {numRuns: 50},
    )
  })
})

test.each([
  ['all that passed', ALL_MATCH, 1],
  ['only those in a registry', SEVERAL_IMAGES, 2],
  ['none of a check that failed', FOREIGN_PROGRAM, 0],
  ['none that was not looked into', NOT_CHECKED, 0],
])('images: %s', (_, report, count) => {
  const lines = renderImages(report).split('\n').slice(0, -1)
  expect(lines).toHaveLength(count)
  for (const line of lines) expect(line).toMatch(/^[a-z0-9./-]+@sha256:[0-9a-f]{64}$/)
})

test('predicates: one as a document, several one per line', () => {
  expect(JSON.parse(render(ALL_MATCH, 'predicate')).result).toBe('PASSED')
  const lines = render(SEVERAL_IMAGES, 'predicate').trimEnd().split('\n')
  expect(lines.map(line => JSON.parse(line).verifyImageArch.subject.name)).toEqual([
    'ghcr.io/org/api',
    'ghcr.io/org/worker',
    'docker-daemon:tool:dev',
  ])
})
