import {formatJson} from './escape.ts'
import {headlineOf} from './headline.ts'
import {reportJson} from './json.ts'
import type {Report} from './report.ts'

/**
 * The same as the JSON report, one object a line, for tools that read line by line: `type` is `report`, `image`,
 * `platform`, `dockerfile`, `finding` or `switchedOff`, and the other keys are those
 * of docs/schema/report-v1.schema.json.
 */
export function renderJsonLines(report: Report): string {
  const {images, dockerfiles = [], findings, switchedOff, ...rest} = reportJson(report)
  const {words, wrong} = headlineOf(report)
  const lines: object[] = [{type: 'report', ...rest, headline: {words, wrong}}]
  for (const {platforms, ...image} of images) {
    lines.push({type: 'image', ...image})
    for (const platform of platforms) lines.push({type: 'platform', image: image.reference, ...platform})
  }
  for (const dockerfile of dockerfiles) lines.push({type: 'dockerfile', ...dockerfile})
  for (const finding of findings) lines.push({type: 'finding', ...finding})
  for (const finding of switchedOff) lines.push({type: 'switchedOff', ...finding})
  return lines.map(toLine).join('')
}

/** formatJson breaks lines between values only: in a text a line break is `\n`. */
export function toLine(value: object): string {
  const json = formatJson(value).trimEnd().split('\n')
  return `${json.map(line => line.trimStart()).join(' ')}\n`
}
