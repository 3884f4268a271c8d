import {describe, expect, test} from '@jest/globals'
import {Budget} from '../../../src/exec/budget.ts'
import {findArithmetic, findClosers, NOWHERE} from '../../../src/exec/shell/look-ahead.ts'
import {parseShell} from '../../../src/exec/shell/parse.ts'

/** All texts of these letters up to a length. */
function textsOf(letters: string, longest: number): string[] {
  const texts = ['']
  let last = texts
  for (let length = 1; length <= longest; length++) {
    last = last.flatMap(text => [...letters].map(letter => text + letter))
    texts.push(...last)
  }
  return texts
}

/** The end of the `((` at `from`, by walking on from it. */
function walkArithmetic(text: string, from: number): number | undefined {
  let open = 0
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') open++
    if (text[at] === '\n' && open === 0) return undefined
    if (text[at] === ')' && --open === 1 && text[at + 1] === ')') return at + 2
  }
  return undefined
}

/** The `)` that closes what was opened before `from`, by walking on from there. */
function walkToCloser(text: string, from: number): number {
  let open = 1
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\\') at++
    else if ('\'"'.includes(character)) {
      at = text.indexOf(character, at + 1)
      if (at < 0) return NOWHERE
    } else if (character === '(') open++
    else if (character === ')' && --open === 0) return at
  }
  return NOWHERE
}

describe('what is read ahead at once is what walking on from each place finds', () => {
  test('((…))', () => {
    const wrong = textsOf('()\na', 8).filter(text => {
      const ends = findArithmetic(text)
      return Array.from(text, (_, at) => (text.startsWith('((', at) ? walkArithmetic(text, at) : undefined)).some(
        (end, at) => end !== ends.get(at),
      )
    })
    expect(wrong).toEqual([])
  })

  test('the closing parenthesis', () => {
    const wrong = textsOf('()\'"\\a', 6).filter(text => {
      const closers = findClosers(text)
      return Array.from(text, (_, at) => walkToCloser(text, at)).some((closer, at) => closer !== closers[at])
    })
    expect(wrong).toEqual([])
  })
})

class CountingBudget extends Budget {
  work = 0

  override charge(...[limit, amount]: Parameters<Budget['charge']>): void {
    if (limit === 'work') this.work += amount
    super.charge(limit, amount)
  }
}

describe('reading ahead takes as many steps as the text has characters', () => {
  test.each<[string, string]>([
    ['subshells in subshells', "((echo '(');true)\n"],
    ['subshells in subshells on one line', '((a); b); '],
    ['substitutions of subshells', 'echo $((a); b)\n'],
    ['substitutions with a quote that ends nowhere', 'echo $((a); b) "$((b); c "\n'],
    ['extended patterns', 'x+(a)\n'],
  ])('%s', (_, text) => {
    for (const times of [10, 1000, 20_000]) {
      const budget = new CountingBudget()
      parseShell(text.repeat(times), budget)
      expect(budget.work).toBeGreaterThan(0)
      expect(budget.work).toBeLessThanOrEqual(2 * text.length * times)
    }
  })

  test.each<[string, string, string]>([
    ['arithmetic in arithmetic', '$((', '))'],
    ['subshells in subshells', '( (', '))'],
    ['substitutions', '$( (', '))'],
  ])('%s: for each level once', (_, open, close) => {
    const budget = new CountingBudget()
    const text = `echo ${open.repeat(40)}${'1'.repeat(10_000)}${close.repeat(40)}`
    parseShell(text, budget)
    expect(budget.work).toBeLessThanOrEqual(41 * text.length)
  })
})
