import type {Annotation} from '../../src/report/index.ts'

/** The line that `core[level](message, properties)` prints: issueCommand of @actions/core. */
export function printedAnnotation({level, message, ...properties}: Annotation): string {
  const {title, file, startLine: line, endLine} = properties
  const pairs = Object.entries({title, file, line, endLine}).flatMap(([key, value]) =>
    value === undefined ? [] : `${key}=${escapeCommandProperty(String(value))}`,
  )
  return `::${level} ${pairs.join(',')}::${escapeCommandData(message)}`
}

/** The data of a workflow command, as @actions/core escapes it. */
export function escapeCommandData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

/** A property of a workflow command, as @actions/core escapes it. */
export function escapeCommandProperty(text: string): string {
  return escapeCommandData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
