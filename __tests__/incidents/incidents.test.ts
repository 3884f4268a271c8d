import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from '@jest/globals'
import {runCase} from '../../scripts/incidents/results.ts'
import {runRecipe} from '../../scripts/incidents/run.ts'
import {readSuite} from '../../scripts/incidents/suite.ts'

const {cases} = readSuite()
let directory = ''

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'incidents-'))
})
afterAll(() => rm(directory, {recursive: true, force: true}))

test.each(cases.map((one, index) => [one.name, one, index] as const))('%s', async (_, one, index) => {
  const {problems} = await runCase(one, join(directory, String(index)))
  expect(problems).toEqual([])
})

test('a recipe whose fault is mended does not hold', async () => {
  const [first] = cases
  if (!first) throw new Error('there is no recipe')
  const {repaired, broken} = first.recipe
  const blind = await runRecipe({...first.recipe, broken: repaired}, join(directory, 'blind'))
  expect(blind.problems).toEqual([
    expect.stringMatching('^not found: '),
    expect.stringMatching('^the broken image passes'),
  ])
  const alarm = await runRecipe({...first.recipe, repaired: broken}, join(directory, 'alarm'))
  expect(alarm.problems).toEqual([
    expect.stringMatching('^the repaired image fails'),
    expect.stringMatching('^in the repaired image too'),
  ])
})
