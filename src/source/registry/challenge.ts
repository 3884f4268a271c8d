/** What a server asks for: RFC 9110 §11.6.1. Schemes and parameter names are lower-case here. */
export interface Challenge {
  readonly scheme: string
  readonly parameters: ReadonlyMap<string, string>
}

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const PARAMETER = new RegExp(`^(${TOKEN})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${TOKEN}))`)
const SCHEME = new RegExp(`^(${TOKEN})(?=$|[\\s,])`)
const TOKEN68 = /^[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|$))/

/**
 * Parses a WWW-Authenticate header, of which several may have been joined:
 *
 *     challenges := challenge *( "," challenge )
 *     challenge  := scheme [ token68 / parameter *( "," parameter ) ]
 *     parameter  := token "=" ( token / quoted-string )
 *
 * A comma may stand before a parameter or before the next challenge. What cannot be understood ends the list.
 */
export function parseChallenges(header: string): readonly Challenge[] {
  const challenges: {scheme: string; parameters: Map<string, string>}[] = []
  let rest = header
  for (;;) {
    rest = rest.replace(/^[\s,]+/, '')
    if (rest === '') return challenges
    const parameter = PARAMETER.exec(rest)
    const current = challenges.at(-1)
    if (parameter && current) {
      const [whole, name = '', quoted, plain = ''] = parameter
      const value = quoted === undefined ? plain : quoted.replace(/\\(.)/g, '$1')
      // The first of two stands: what comes later must not redirect us.
      if (!current.parameters.has(name.toLowerCase())) current.parameters.set(name.toLowerCase(), value)
      rest = rest.slice(whole.length)
      continue
    }
    const scheme = SCHEME.exec(rest)?.[1]
    if (scheme === undefined) return challenges
    challenges.push({scheme: scheme.toLowerCase(), parameters: new Map()})
    rest = rest.slice(scheme.length).replace(/^\s+/, '')
    // `Negotiate` and its like carry one opaque word.
    if (!PARAMETER.test(rest) && !SCHEME_THEN_PARAMETER.test(rest)) rest = rest.replace(TOKEN68, '')
  }
}

/** `Basic realm="x"` after a scheme without parameters and without a comma between them. */
const SCHEME_THEN_PARAMETER = new RegExp(`^${TOKEN}\\s+${TOKEN}\\s*=`)
