import {readFileSync} from 'node:fs'
import {expect, test} from '@jest/globals'
import {Ajv2020} from 'ajv/dist/2020.js'
import type {CauseKind} from '../../src/explain/index.ts'
import {annotationsOf, renderJson, renderMarkdown, renderSarif, renderText} from '../../src/report/index.ts'
import type {Report} from '../../src/report/report.ts'
import {FOREIGN_PROGRAM} from '../support/sample-reports.ts'

// A line of a Dockerfile that only the provenance has: it is told, and nothing points at a file of that name.

const cause = {
  kind: 'line' as const,
  message: 'GOARCH=amd64',
  file: 'docker/Dockerfile',
  from: 'provenance' as const,
  line: 7,
  endLine: 7,
}
const {from: _, ...inWorkspace} = cause
const report: Report = {...FOREIGN_PROGRAM, findings: FOREIGN_PROGRAM.findings.map(finding => ({...finding, cause}))}
const here: Report = {
  ...FOREIGN_PROGRAM,
  findings: FOREIGN_PROGRAM.findings.map(finding => ({...finding, cause: inWorkspace})),
}

test('annotations say the line, and stand nowhere', () => {
  const [annotation] = annotationsOf(report)
  expect(annotation).not.toHaveProperty('file')
  expect(annotation).not.toHaveProperty('startLine')
  expect(annotation?.message).toContain('Cause: docker/Dockerfile:7: GOARCH=amd64')
  expect(annotationsOf(here)[0]).toMatchObject({file: 'docker/Dockerfile', startLine: 7, endLine: 7})
})

test('SARIF says the line, and has the image for a location', () => {
  const locationsOf = (one: Report) => JSON.parse(renderSarif(one, [])).runs[0].results[0]
  const {message, locations, partialFingerprints} = locationsOf(report)
  expect(message.text).toContain('docker/Dockerfile:7: GOARCH=amd64.')
  expect(locations[0].physicalLocation.artifactLocation.uri).not.toContain('Dockerfile')
  expect(partialFingerprints).toHaveProperty('primaryLocationLineHash')
  expect(locationsOf(here).locations[0].physicalLocation).toMatchObject({
    artifactLocation: {uri: 'docker/Dockerfile'},
    region: {startLine: 7, endLine: 7},
  })
})

test('text and Markdown say the line', () => {
  expect(renderText(report)).toContain('cause:  docker/Dockerfile:7: GOARCH=amd64')
  expect(renderMarkdown(report)).toContain('- Cause: `docker/Dockerfile:7`: GOARCH=amd64')
})

test('a cause that says no more than the layer is not told beside it', () => {
  const layer = {index: 3, digest: 'sha256:x', createdBy: 'COPY app /app # buildkit'}
  const told = (kind: CauseKind) => {
    const plain = {kind, message: 'it came with layer 3, which "COPY app /app" made', layer}
    const one = {
      ...FOREIGN_PROGRAM,
      findings: FOREIGN_PROGRAM.findings.map(found => ({...found, cause: plain})),
    }
    return [renderText(one).includes('  cause: '), renderMarkdown(one).includes('- Cause: ')]
  }
  expect(told('layer')).toEqual([false, false])
  expect(told('layer-command')).toEqual([true, true])
  expect(told('base-image')).toEqual([true, true])
})

test('JSON says that it is of the provenance, as the schema has it', () => {
  const schema: unknown = JSON.parse(readFileSync('docs/schema/report-v1.schema.json', 'utf8'))
  const isReport = new Ajv2020({allErrors: true, allowUnionTypes: true}).compile(Object(schema))
  const json = JSON.parse(renderJson(report))
  const {kind: _kind, ...told} = cause
  expect(json.findings[0].cause).toEqual(told)
  expect(Object.keys(json.findings[0].cause)).toEqual(['message', 'file', 'from', 'line', 'endLine'])
  expect([isReport(json), isReport.errors]).toEqual([true, null])
})
