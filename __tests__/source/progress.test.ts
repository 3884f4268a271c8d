import {expect, test} from '@jest/globals'
import {slowProgress} from '../../src/source/progress.ts'

test('nothing is told of short work, and of long work a line every five seconds', () => {
  const told: string[] = []
  let now = 1_000_000
  const progress = slowProgress(
    message => void told.push(message),
    () => now,
  )
  for (let second = 0; second <= 21; second += 1) {
    progress(() => `second ${second}`)
    now += 1000
  }
  expect(told).toEqual(['second 10', 'second 15', 'second 20'])
})
