import {randomBytes} from 'node:crypto'

/** A secret that the program under test is given, under a name for messages. */
export interface Secret {
  readonly name: string
  readonly text: string
}

/** A secret that stands nowhere else in the world. */
export function makeSecret(name: string): Secret {
  // Characters that URLs and JSON write otherwise are part of it.
  return {name, text: `${name}+${randomBytes(9).toString('hex')}/=`}
}

/** The forms of a secret that stand in a text: as it is, percent-encoded, in JSON, and within anything in base64. */
export function secretsIn(text: string, secrets: readonly Secret[]): string[] {
  return secrets.flatMap(({name, text: secret}) =>
    formsOf(secret).flatMap(([form, needle]) => (text.includes(needle) ? [`${name} ${form}`] : [])),
  )
}

/** Every text that gives a secret away: what it looks like, and the text to look for. */
export function formsOf(secret: string): (readonly [string, string])[] {
  const alignments = [0, 1, 2].flatMap(offset => {
    const encoded = encodedAt(secret, offset)
    return [
      [`in base64 at offset ${offset}`, encoded],
      [`in base64url at offset ${offset}`, encoded.replaceAll('+', '-').replaceAll('/', '_')],
    ] as const
  })
  const encoded = encodeURIComponent(secret)
  return [
    ['as it is', secret],
    ['percent-encoded', encoded],
    ['percent-encoded in small letters', encoded.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase())],
    ['reversed', [...secret].reverse().join('')],
    ['in hexadecimal', Buffer.from(secret).toString('hex')],
    ...alignments,
  ]
}

/**
 * What of a text's base64 does not depend on what stands before and behind it, where it begins at `offset` modulo 3.
 */
function encodedAt(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)])
  const whole = bytes.toString('base64').replaceAll('=', '')
  const first = Math.ceil((offset * 8) / 6)
  const last = Math.floor((bytes.length * 8) / 6)
  return whole.slice(first, last)
}
