import {describe, expect, test} from '@jest/globals'
import {Coverage, type FileCounters} from '../../scripts/fuzz/coverage.ts'
import {fuzz} from '../../scripts/fuzz/loop.ts'
import {mutate} from '../../scripts/fuzz/mutate.ts'
import {shrink} from '../../scripts/fuzz/shrink.ts'
import {type FuzzTarget, holds, texts} from '../../scripts/fuzz/target.ts'
import {sourceWords} from '../../scripts/fuzz/words.ts'
import {seededRandom} from '../../scripts/kernel/random.ts'

const PLAIN = {name: 'test', seeds: () => texts('start'), limit: 100, millisecondsPerKiB: 1} as const

/** Fails for what begins with the password, and counts how much of it is right. */
function locked(password: string): {readonly target: FuzzTarget; readonly coverage: Coverage} {
  const file: FileCounters = {s: Object.fromEntries([...password].map((_, at) => [at, 0])), f: {}, b: {}}
  const run = (input: Uint8Array): number => {
    for (const [at, letter] of [...password].entries()) {
      if (input[at] !== letter.charCodeAt(0)) return at
      file.s[at] = (file.s[at] ?? 0) + 1
    }
    throw new TypeError('open')
  }
  return {target: {...PLAIN, run}, coverage: new Coverage([file])}
}

const NO_COVERAGE = new Coverage([])
const runs = (most: number) => ({seed: 1, words: [], corpus: [], goesOn: (done: number) => done < most})

describe('the loop', () => {
  test('finds what is behind several conditions, step by step, and makes it short', async () => {
    const {target, coverage} = locked('Fuzz!')
    const {findings, reached, reachedFirst} = await fuzz(target, {coverage, ...runs(60_000)})
    expect(findings).toMatchObject([{kind: 'threw', input: Buffer.from('Fuzz!')}])
    expect([reachedFirst, reached]).toEqual([0, 5])
  })

  test('does not get there blindly', async () => {
    const {target} = locked('Fuzz!')
    expect((await fuzz(target, {coverage: NO_COVERAGE, ...runs(60_000)})).findings).toEqual([])
  })

  test('starts from the corpus, and knows the words', async () => {
    const first = locked('Fuzz!')
    const corpus = texts('Fuzz?')
    const fromCorpus = await fuzz(first.target, {...runs(20_000), coverage: first.coverage, corpus})
    expect([fromCorpus.reachedFirst, fromCorpus.findings.length]).toEqual([4, 1])
    const {target} = locked('Fuzz!')
    const words = texts('Fuzz!')
    expect((await fuzz(target, {...runs(2000), coverage: NO_COVERAGE, words})).findings).toHaveLength(1)
  })

  test('does the same again for the same seed', async () => {
    const once = async (seed: number) => {
      const {target, coverage} = locked('abc')
      return fuzz(target, {...runs(3000), coverage, seed})
    }
    expect(await once(7)).toEqual(await once(7))
    expect((await once(7)).kept).not.toEqual((await once(8)).kept)
  })

  test('sees what does not hold, what takes too long, and what differs from one time to the next', async () => {
    const kinds = async (run: FuzzTarget['run']) => {
      const {findings} = await fuzz({...PLAIN, run}, {coverage: NO_COVERAGE, ...runs(600)})
      return findings.map(({kind}) => kind)
    }
    let count = 0
    expect(await kinds(() => 1)).toEqual([])
    expect(await kinds(input => holds(input.length < 8, 'short'))).toEqual(['threw'])
    expect(await kinds(() => count++)).toEqual(['changeable'])
    const busy = (): void => {
      for (const before = process.threadCpuUsage(); process.threadCpuUsage(before).user < 260_000; );
    }
    const {findings} = await fuzz({...PLAIN, seeds: () => texts('s'), run: busy}, {coverage: NO_COVERAGE, ...runs(0)})
    expect(findings.map(({kind}) => kind)).toEqual(['slow'])
  })

  test('tells of each input before it is read', async () => {
    const told: string[] = []
    const run = (input: Uint8Array) => expect(told.at(-1)).toBe(Buffer.from(input).toString('hex'))
    const onInput = (input: Uint8Array) => told.push(Buffer.from(input).toString('hex'))
    const {findings, executions} = await fuzz({...PLAIN, run}, {coverage: NO_COVERAGE, ...runs(50), onInput})
    expect([findings, executions]).toEqual([[], 50])
  })
})

describe('its parts', () => {
  test('places count once, twice, thrice, and then by powers of two', () => {
    const file: FileCounters = {s: {0: 0}, f: {}, b: {0: [0, 0]}}
    const coverage = new Coverage([file])
    expect(coverage.size).toBe(3)
    const seen = [1, 1, 2, 3, 4, 7, 8, 1000, 5000].map(hits => {
      file.s[0] = hits
      return coverage.isNew()
    })
    expect(seen).toEqual([true, false, true, true, true, false, true, true, false])
    expect(coverage.reached).toBe(1)
    file.s[0] = 2
    expect(coverage.features()).toEqual([2])
    expect(coverage.features()).toEqual([])
  })

  test('changed inputs stay within the limit, and follow from the seed', () => {
    const material = {corpus: texts('one\ntwo 12', 'other'), words: texts('word'), limit: 50}
    const make = (seed: number) => {
      const random = seededRandom(seed)
      return Array.from({length: 2000}, () => mutate(Buffer.from('one\ntwo 12'), {...material, random}))
    }
    const all = make(1)
    expect(all.filter(({length}) => length > 50)).toEqual([])
    expect(new Set(all.map(input => Buffer.from(input).toString('hex'))).size).toBeGreaterThan(1500)
    expect(make(1)).toEqual(all)
  })

  test('what is not needed is left out', async () => {
    const has = async (input: Uint8Array) => Buffer.from(input).includes('a') && Buffer.from(input).includes('b')
    expect(Buffer.from(await shrink(Buffer.from('xxaxxxxxxbxx'), has)).toString()).toBe('ab')
  })

  test('words of a source', () => {
    const source = "import {x} from './not.ts'\n// 'nor'\nif (a === 'yes\\n' || b === 0x7f || c === 0x1234) return ''"
    expect(sourceWords([source]).map(word => Buffer.from(word).toString('latin1'))).toEqual([
      'yes\n',
      '\u007f',
      '\u0012\u0034',
      '\u0034\u0012',
    ])
  })
})
