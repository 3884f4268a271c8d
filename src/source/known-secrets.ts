import {SourceError} from '../errors.ts'

/** What lets us in somewhere: masked in logs, and kept out of all messages. */
export interface KnownSecrets {
  add(secret: string): void
  /** The same text without any of them. */
  hide(text: string): string
  /** The same error without any of them; whatever else was thrown as it is. */
  hideIn(thrown: unknown): unknown
}

/** In characters: what is shorter stands in too many words to be taken out of them. */
const SHORTEST = 6

/** `mask` is called once with each secret. A server may quote what it was sent, in whatever it says. */
export function knownSecrets(mask: (secret: string) => void): KnownSecrets {
  const known = new Set<string>()
  const hide = (text: string): string =>
    [...known]
      .flatMap(secret => [secret, encodeURIComponent(secret.toWellFormed()), encodeURI(secret.toWellFormed())])
      .sort((a, b) => b.length - a.length)
      .reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  return {
    add: secret => {
      mask(secret)
      if (secret.length >= SHORTEST) known.add(secret)
    },
    hide,
    hideIn: thrown => {
      if (!(thrown instanceof SourceError)) return thrown
      const {code, message, hint, cause} = thrown
      return new SourceError(code, hide(message), {hint: hint && hide(hint), cause})
    },
  }
}
