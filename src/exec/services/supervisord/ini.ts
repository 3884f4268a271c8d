import {ConfigError} from './config-error.ts'

/** The options of a section, by their names in lower case. */
export type Section = Map<string, string>

/** What the files of a configuration hold together. */
export interface Ini {
  readonly sections: Map<string, Section>
  /** `[DEFAULT]`: what every section has unless it says otherwise. */
  readonly defaults: Section
}

export function emptyIni(): Ini {
  return {sections: new Map(), defaults: new Map()}
}

/**
 * Adds the text of one file, as Python's RawConfigParser reads it with supervisor's settings (`UnhosedConfigParser`):
 * comments behind `;` and `#` that follow a blank, values on several lines, and of what is there twice the last.
 *
 * The INI parsers of npm know none of this: an indented line is a value's next line here, and its own option there.
 */
export function addIni({sections, defaults}: Ini, text: string, file: string): void {
  const values = new Map<Section, Map<string, string[]>>()
  let section: Section | undefined
  let option: string[] | undefined
  let indent = 0
  for (const [index, line] of text.replace(/\r\n?/g, '\n').split('\n').entries()) {
    const start = commentStart(line)
    const value = line.slice(0, start).trim()
    if (value === '') {
      if (start === undefined) option?.push('')
      continue
    }
    const depth = line.search(/\S/)
    if (option && depth > indent) {
      option.push(value)
      continue
    }
    indent = depth
    const header = /^\[(.+)\]/.exec(value)?.[1]
    if (header !== undefined) {
      section = header === 'DEFAULT' ? defaults : (sections.get(header) ?? new Map<string, string>())
      if (header !== 'DEFAULT') sections.set(header, section)
      option = undefined
      continue
    }
    const where = `${file}, line ${index + 1}`
    if (!section) throw new ConfigError(`there is an option before the first section: ${where}`)
    const sign = value.search(/[=:]/)
    const name = value.slice(0, Math.max(sign, 0)).trim().toLowerCase()
    if (name === '') throw new ConfigError(`what is neither a section nor an option cannot be read: ${where}`)
    option = [value.slice(sign + 1).trim()]
    const options = values.get(section) ?? new Map<string, string[]>()
    values.set(section, options.set(name, option))
  }
  for (const [into, options] of values) {
    for (const [name, lines] of options) into.set(name, lines.join('\n').trimEnd())
  }
}

/** Where a comment begins: at a sign that begins the line, or that a blank stands before. */
function commentStart(line: string): number | undefined {
  if (/^\s*[#;]/.test(line)) return 0
  const at = line.search(/\s[#;]/)
  return at < 0 ? undefined : at + 1
}

/** An option of a section, or of `[DEFAULT]`. */
export function getOption({sections, defaults}: Ini, section: string, name: string): string | undefined {
  return sections.get(section)?.get(name) ?? defaults.get(name)
}

/** Puts a directory in the place of `%(here)s`, in all that has been read so far. */
export function expandHere({sections, defaults}: Ini, here: string): void {
  for (const section of sections.values()) {
    for (const [name, value] of [...defaults, ...section]) {
      if (value.includes('%(here)s')) section.set(name, value.replaceAll('%(here)s', here))
    }
  }
}
