import {RULES} from '../rules/index.ts'
import {helpOf} from '../rules/run.ts'
import {renderJson} from './json.ts'
import {renderMarkdown} from './markdown.ts'
import type {Report} from './report.ts'
import {renderSarif, type SarifRule} from './sarif.ts'
import {renderText, type TextOptions} from './text.ts'

/** What the command writes. */
export const FORMATS = ['text', 'json', 'markdown', 'sarif'] as const
export type Format = (typeof FORMATS)[number]

export function isFormat(text: string): text is Format {
  return FORMATS.some(format => format === text)
}

/** All rules as SARIF tells of them. */
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
    case 'markdown':
      return renderMarkdown(report)
    case 'sarif':
      return renderSarif(report, SARIF_RULES)
  }
}
