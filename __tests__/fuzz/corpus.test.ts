import {readdirSync, readFileSync} from 'node:fs'
import {expect, test} from '@jest/globals'
import {attempt, attemptTwice} from '../../scripts/fuzz/attempt.ts'
import {readCorpus} from '../../scripts/fuzz/corpus.ts'
import type {FuzzTarget} from '../../scripts/fuzz/target.ts'

const FOLDER = new URL('../../scripts/fuzz/', import.meta.url)
const namesIn = (folder: string): string[] =>
  readdirSync(new URL(folder, FOLDER)).map(file => file.replace(/\.[a-z]+$/, ''))
const NAMES = namesIn('targets')

async function load(name: string): Promise<FuzzTarget> {
  const {target}: {target: FuzzTarget} = await import(`../../scripts/fuzz/targets/${name}.ts`)
  return target
}

test('every target has the name of its file, and every corpus is of a target', async () => {
  const targets = await Promise.all(NAMES.map(load))
  expect(targets.map(({name}) => name)).toEqual(NAMES)
  expect(namesIn('corpus').filter(name => !NAMES.includes(name))).toEqual([])
})

test.each(NAMES)('%s: nothing is wrong with its seeds and what was kept', async name => {
  const target = await load(name)
  const inputs = [...target.seeds(), ...readCorpus(name)]
  expect(inputs.length).toBeGreaterThan(4)
  for (const input of inputs) {
    expect({input, finding: await attempt(target, input)}).toEqual({input, finding: undefined})
    expect({input, finding: await attemptTwice(target, input)}).toEqual({input, finding: undefined})
  }
})

test('the corpus is small', () => {
  const sizes = namesIn('corpus').map(name => readFileSync(new URL(`corpus/${name}.txt`, FOLDER)).length)
  expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThan(200 * 1024)
})
