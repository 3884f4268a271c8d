import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {SARIF_RULES} from '../../src/report/render.ts'
import type {Report} from '../../src/report/report.ts'
import {renderSarif} from '../../src/report/sarif.ts'
import {goldenText} from '../support/golden.ts'
import {hostileText} from '../support/hostile-text.ts'
import {parseRunnerCommands} from '../support/runner-commands.ts'
import {
  ALL_MATCH,
  DOCKERFILES,
  FOREIGN_PROGRAM,
  hostileReport,
  MANY_FINDINGS,
  SAMPLE_REPORTS,
  sampleDigest,
} from '../support/sample-reports.ts'

const RULES = [
  {
    id: 'wrong-machine',
    level: 'error',
    summary: 'A file is for another machine.',
    help: 'https://a.example/wrong-machine',
  },
  {
    id: 'platform-missing',
    level: 'error',
    summary: 'A platform is missing.',
    help: 'https://a.example/platform-missing',
  },
] as const

const runOf = (report: Report) => JSON.parse(renderSarif(report, RULES)).runs[0]

test.each(['foreign program', 'tolerated', 'one unread'])('golden: %s', name => {
  const sarif = renderSarif(SAMPLE_REPORTS[name] ?? FOREIGN_PROGRAM, RULES)
  expect(sarif).toBe(goldenText(`report/golden/${name.replaceAll(' ', '-')}.sarif.txt`, sarif))
})

test.each(Object.entries(SAMPLE_REPORTS))('what GitHub asks for: %s', (_, report) => {
  const {results, tool} = runOf(report)
  expect(results).toHaveLength(report.findings.length)
  for (const {ruleId, ruleIndex, locations, partialFingerprints} of results) {
    expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
    expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(/^[\w.!~*'()%-]+(?:\/[\w.!~*'()%-]+)*$/)
    expect(Object.values(partialFingerprints).join()).toMatch(/^[0-9a-f]{32}:\d+(,[0-9a-f]{32}:\d+)?$/)
  }
  for (const {shortDescription, fullDescription, help} of tool.driver.rules) {
    expect([shortDescription.text, fullDescription.text, help.text].every(text => text.length > 0)).toBe(true)
  }
})

test('the line that is to blame, else the file in the image', () => {
  const places = runOf(FOREIGN_PROGRAM).results.map(
    (result: {locations: [{physicalLocation: unknown}]}) => result.locations[0].physicalLocation,
  )
  expect(places).toEqual([
    {artifactLocation: {uri: 'build/Dockerfile'}, region: {startLine: 12, endLine: 14}},
    {artifactLocation: {uri: 'ghcr.io/org/app/linux/riscv64'}, region: {startLine: 1}},
    {artifactLocation: {uri: 'ghcr.io/org/app/linux/arm/v7/usr/lib/test/hello-amd64'}, region: {startLine: 1}},
  ])
})

test('an edit of a Dockerfile is a fix that a viewer can carry out', () => {
  const fixes = runOf(DOCKERFILES).results.map(({fixes}: {fixes?: unknown}) => fixes)
  const line = `FROM golang:1.26@${sampleDigest(0xb5)} AS build`
  const replacements = [{deletedRegion: {startLine: 2, endLine: 2}, insertedContent: {text: line}}]
  const artifactChanges = [{artifactLocation: {uri: 'Dockerfile'}, replacements}]
  expect(fixes).toEqual([[{description: {text: line}, artifactChanges}], undefined, undefined])
})

describe('fingerprints', () => {
  const prints = (report: Report): string[] =>
    runOf(report).results.map(
      (result: {partialFingerprints: Record<string, string>}) => result.partialFingerprints['verifyImageArch/v1'],
    )

  test('are the same for another build of the same image', () => {
    const rebuilt: Report = {
      ...FOREIGN_PROGRAM,
      images: FOREIGN_PROGRAM.images.map(image => ({
        ...image,
        reference: 'ghcr.io/org/app:1.4.3',
        digest: 'sha256:other',
      })),
      findings: FOREIGN_PROGRAM.findings.map(finding => ({
        ...finding,
        image: 'ghcr.io/org/app:1.4.3',
        message: 'other words',
      })),
    }
    expect(prints(rebuilt)).toEqual(prints(FOREIGN_PROGRAM))
  })

  test('are all different', () => {
    expect(new Set(prints(MANY_FINDINGS)).size).toBe(500)
    const [first] = FOREIGN_PROGRAM.findings
    const twice = first === undefined ? [] : [first, first]
    expect(new Set(prints({...FOREIGN_PROGRAM, findings: twice})).size).toBe(2)
  })
})

test('a rule that was not given is described by what its findings say', () => {
  const {rules} = JSON.parse(renderSarif(FOREIGN_PROGRAM, [])).runs[0].tool.driver
  expect(rules.map(({id}: {id: string}) => id)).toEqual(['wrong-machine', 'platform-missing', 'foreign-executable'])
})

test('rules are told without findings, too', () => {
  const {results, tool} = JSON.parse(renderSarif(ALL_MATCH, SARIF_RULES)).runs[0]
  expect(results).toEqual([])
  expect(tool.driver.rules.length).toBe(SARIF_RULES.length)
})

test('a run has no more results than GitHub takes; the gravest stay', () => {
  const [first] = FOREIGN_PROGRAM.findings
  if (first === undefined) throw new Error('the sample has a finding')
  const notes = Array.from({length: 25_000}, (_, index) => ({...first, level: 'note' as const, path: `/${index}`}))
  const {results, properties} = runOf({...FOREIGN_PROGRAM, findings: [...notes, first]})
  expect([results.length, results[0].level, properties.resultsLeftOut]).toEqual([25_000, 'error', 1])
})

test('what an image says is no link, no placeholder and no command', () => {
  fc.assert(
    fc.property(fc.array(hostileText, {minLength: 1, maxLength: 6}), texts => {
      const sarif = renderSarif(hostileReport(texts), RULES)
      expect(parseRunnerCommands(sarif)).toEqual([])
      for (const {message} of JSON.parse(sarif).runs[0].results) {
        expect(message.text).not.toContain('](')
        expect(message.text.replaceAll('{{', '').replaceAll('}}', '')).not.toMatch(/[{}]/)
        expect(message.text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }
    }),
  )
})
