import {RULES} from '../rules/index.ts'
import {helpOf} from '../rules/run.ts'
import {renderCodeQuality} from './code-quality.ts'
import {renderImages} from './images.ts'
import {renderJson} from './json.ts'
import {renderJsonLines, toLine} from './json-lines.ts'
import {renderJunit} from './junit.ts'
import {renderMarkdown} from './markdown.ts'
import {predicateJson, renderPredicate} from './predicate.ts'
import type {Report} from './report.ts'
import {renderSarif, type SarifRule} from './sarif.ts'
import {renderText, type TextOptions} from './text.ts'

/** What the command writes. */
export const FORMATS = [
  'text',
  'json',
  'jsonl',
  'markdown',
  'sarif',
  'junit',
  'codequality',
  'predicate',
  'images',
] as const
export type Format = (typeof FORMATS)[number]

export function isFormat(text: string): text is Format {
  return FORMATS.some(format => format === text)
}

/** All rules as SARIF lists them. */
export const SARIF_RULES: readonly SarifRule[] = RULES.map(({id, level, summary}) => ({
  id,
  level,
  summary,
  help: helpOf(id),
}))

/** The report in one of the formats; colours are for text only. */
export function render(report: Report, format: Format, options: TextOptions = {}): string {
  switch (format) {
    case 'text':
      return renderText(report, options)
    case 'json':
      return renderJson(report)
    case 'jsonl':
      return renderJsonLines(report)
    case 'junit':
      return renderJunit(report)
    case 'codequality':
      return renderCodeQuality(report)
    case 'predicate':
      return renderPredicates(report)
    case 'images':
      return renderImages(report)
    case 'markdown':
      return renderMarkdown(report)
    case 'sarif':
      return renderSarif(report, SARIF_RULES)
  }
}

/** A predicate is about one subject: of several images there is one per line. */
function renderPredicates(report: Report): string {
  const {images} = report
  if (images.length < 2) return renderPredicate(report)
  return images.map(image => toLine(predicateJson(report, image))).join('')
}
