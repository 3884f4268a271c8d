import {expect, test} from '@jest/globals'
import {IdleLayers} from '../../../src/rootfs/content/idle-layers.ts'

interface Sized {
  memory: number
}

/** A pool of layers that are named by letters and take 10 bytes each, of which at most one is used at a time. */
function poolOf(once: number, all: number) {
  const kept = new Map<string, Sized>()
  const gone: string[] = []
  const idle = new IdleLayers<Sized>({once, all}, key => {
    gone.push(key)
    kept.delete(key)
  })
  /** Whether each was there still, in turn. */
  const use = (keys: string): string =>
    [...keys]
      .map(key => {
        const layer = kept.get(key)
        idle.take(key)
        kept.set(key, layer ?? {memory: 10})
        idle.add(key, kept.get(key) ?? {memory: 10})
        return layer ? '+' : '-'
      })
      .join('')
  return {idle, use, kept, gone}
}

test('layers of one image go when their part of the room is taken, the first first', () => {
  const {use, gone} = poolOf(20, 100)
  use('abcde')
  expect(gone).toEqual(['a', 'b', 'c'])
})

test('what several images asked for stays, whatever many others come by', () => {
  const {use, gone} = poolOf(20, 100)
  expect(use('xx')).toBe('-+')
  use('abcdefgh')
  expect(use('x')).toBe('+')
  expect(gone).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
})

test('what had to go before it was asked for again stays when it comes back', () => {
  const {use} = poolOf(20, 100)
  expect(use('xabc')).toBe('----')
  // Read twice, and from then on not.
  expect(use('x')).toBe('-')
  expect(use('efghx')).toBe('----+')
})

test('of those that several asked for the one goes that was used longest ago, and all have one room', () => {
  const {use, gone} = poolOf(20, 40)
  use('xxyyzz')
  use('x')
  expect(gone).toEqual([])
  // Two of one image leave room for two.
  use('ab')
  expect(gone).toEqual(['y'])
  expect(use('x')).toBe('+')
  expect(use('y')).toBe('-')
})

test('without room nothing stays, and all is given back when that is asked for', () => {
  const nothing = poolOf(0, 0)
  nothing.use('xxy')
  expect(nothing.gone).toEqual(['x', 'x', 'y'])
  const {idle, use, gone, kept} = poolOf(20, 100)
  use('xxa')
  idle.clear()
  expect(gone.toSorted()).toEqual(['a', 'x'])
  expect(kept.size).toBe(0)
  idle.clear()
  expect(gone).toHaveLength(2)
})

test('a layer that grew while nobody used it is weighed anew', () => {
  const {use, gone, kept} = poolOf(40, 100)
  use('ab')
  const grown = kept.get('a')
  if (grown) grown.memory = 35
  use('c')
  expect(gone).toEqual([])
  use('de')
  expect(gone).toContain('a')
  // And one that is taken again takes its weight with it, whatever that is by now.
  use('a')
  for (const layer of kept.values()) layer.memory = 1000
  expect(use('a')).toBe('+')
})

test('a layer is weighed a few times, however many are kept, and with no room left', () => {
  const weighedOf = (count: number): number => {
    let weighed = 0
    const idle = new IdleLayers<Sized>({once: 5000, all: 5000}, () => undefined)
    for (let number = 0; number < count; number += 1) {
      idle.take(String(number))
      idle.add(String(number), {
        get memory() {
          weighed += 1
          return 10
        },
      })
    }
    return weighed
  }
  for (const count of [400, 4000]) {
    expect(weighedOf(count) / count).toBeGreaterThanOrEqual(1)
    expect(weighedOf(count) / count).toBeLessThan(4)
  }
})
