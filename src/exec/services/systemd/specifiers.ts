import type {Meanings} from './exec-line.ts'
import {instanceOf} from './find-unit.ts'

/**
 * A unit is read by the name that it is first asked for, which may be an alias, and is called by its own afterwards:
 * unit_load_fragment. Of several names only the run knows which is the first.
 */
export function specifierOfAll(names: readonly string[]): Meanings['specifier'] {
  const all = names.map(specifierOf)
  return letter => {
    const values = new Set(all.map(one => one(letter)))
    return values.size === 1 ? [...values][0] : undefined
  }
}

/** An instance may be read by its own name, whatever it is asked for by. */
export function instanceOnly(name: string): readonly string[] {
  return name.includes('@') ? [name] : []
}

/** systemd.unit(5), "Specifiers": those that hang on the name alone, and few others. */
function specifierOf(name: string): Meanings['specifier'] {
  const stem = name.slice(0, name.lastIndexOf('.'))
  const [prefix = ''] = stem.split('@')
  const instance = instanceOf(name)
  const last = prefix.split('-').at(-1) ?? ''
  const known: Readonly<Record<string, string>> = {
    ...{
      n: name,
      N: stem,
      p: prefix,
      i: instance,
      j: last,
      J: unescaped(last),
      P: unescaped(prefix),
      I: unescaped(instance),
    },
    ...{
      t: '/run',
      S: '/var/lib',
      C: '/var/cache',
      L: '/var/log',
      E: '/etc',
      T: '/tmp',
      V: '/var/tmp',
      f: `/${unescaped(instance || prefix)}`,
    },
  }
  return letter => (Object.hasOwn(known, letter) ? known[letter] : undefined)
}

/** systemd-escape(1), backwards. */
function unescaped(text: string): string {
  return text
    .replaceAll('-', '/')
    .replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}
