import {escapeLog} from './escape.ts'

/** An element with its attributes in their order; what is undefined is left out. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content: readonly string[] = [],
): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeXml(String(value))}"`],
  )
  const start = `<${name}${written.join('')}`
  return content.length === 0 ? `${start}/>` : `${start}>${content.join('')}</${name}>`
}

/**
 * Text in an element or an attribute. Controls, which XML 1.0 cannot hold at all, are shown as marks (§2.2 Char), and
 * nothing is a command to a runner that prints it; line breaks are ours to make.
 */
export function escapeXml(text: string): string {
  return escapeLog(text).replace(/[&<>"'\uFFFE\uFFFF]/g, character => `&#${character.codePointAt(0)};`)
}
