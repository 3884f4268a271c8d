/**
 * An element of a document that is read strictly, as XML 1.0 has it, without namespaces, comments and documents types.
 */
export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  readonly text: string
}

/** Char of https://www.w3.org/TR/xml/#charsets */
const CHARACTER = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u

/** Throws where the text is not one well-formed element behind an XML declaration. */
export function parseXml(document: string): XmlElement {
  if (!CHARACTER.test(document)) throw new Error('there are characters that XML cannot hold')
  const start = '<?xml version="1.0" encoding="UTF-8"?>\n'
  if (!document.startsWith(start)) throw new Error('there is no XML declaration')
  const {value, at} = element(document, start.length)
  if (document.slice(at).trim() !== '') throw new Error(`something stands behind the document: ${document.slice(at)}`)
  return value
}

function element(document: string, from: number): {readonly value: XmlElement; readonly at: number} {
  const open = /<([a-z-]+)((?: [a-z]+="[^"<]*")*)(\/?)>/y
  open.lastIndex = from
  const [whole, name = '', written = '', empty] = open.exec(document) ?? []
  if (whole === undefined) throw new Error(`no element at ${from}: ${document.slice(from, from + 80)}`)
  const pairs = [...written.matchAll(/ ([a-z]+)="([^"<]*)"/g)].map(([, key = '', value = '']) => [key, decode(value)])
  if (new Set(pairs.map(([key]) => key)).size !== pairs.length) throw new Error(`an attribute of ${name} stands twice`)
  const attributes: Record<string, string> = Object.fromEntries(pairs)
  let at = from + whole.length
  if (empty === '/') return {value: {name, attributes, children: [], text: ''}, at}
  const children: XmlElement[] = []
  let text = ''
  for (;;) {
    const next = document.indexOf('<', at)
    if (next < 0) throw new Error(`${name} does not end`)
    text += decode(document.slice(at, next))
    if (document.startsWith(`</${name}>`, next)) {
      return {value: {name, attributes, children, text}, at: next + name.length + 3}
    }
    const child = element(document, next)
    children.push(child.value)
    at = child.at
  }
}

function decode(text: string): string {
  if (text.includes(']]>')) throw new Error(']]> stands in a text')
  return text.replace(/&(?:#(\d+);)?/g, (_, code?: string) => {
    if (code === undefined) throw new Error(`an ampersand begins no reference in ${text}`)
    return String.fromCodePoint(Number(code))
  })
}
