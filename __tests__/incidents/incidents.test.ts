import {join} from 'node:path'
import {beforeAll, expect, test} from '@jest/globals'
import {findDifferences, readResults, runCase} from '../../scripts/incidents/results.ts'
import {runRecipe} from '../../scripts/incidents/run.ts'
import {readSuite} from '../../scripts/incidents/suite.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const {cases} = readSuite()
let directory = ''

beforeAll(async () => {
  directory = temporaryFolder('incidents')
})

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
  // With each of the three scopes.
  expect(alarm.problems).toEqual([
    expect.stringMatching('^in the repaired image too'),
    ...Array(3).fill(expect.stringMatching('^the repaired image fails with scope')),
  ])
})

test('an incident that nothing can see, and that is seen after all, does not hold', async () => {
  const [first] = cases
  if (!first) throw new Error('there is no recipe')
  const {problems} = await runRecipe({...first.recipe, finds: [], unseen: 'so it was thought'}, join(directory, 'seen'))
  expect(problems).toEqual([expect.stringMatching('^is told of')])
})

test('results that say something else of this project, or are of other images, are told', () => {
  const {cases: written} = readResults()
  const [first] = written
  if (!first) throw new Error('there are no results')
  expect(
    findDifferences(
      readResults(),
      written.map(({tools: _, ...own}) => own),
    ),
  ).toEqual([])
  const others = [
    {...first, ours: {...first.ours, image: {...first.ours.image, level: 'none' as const}}},
    {...first, images: {...first.images, broken: ['sha256:0']}},
  ]
  for (const other of others) {
    const {tools: _, ...own} = other
    expect(findDifferences({tools: {}, cases: [first]}, [own])).toEqual([first.name])
  }
  expect(findDifferences({tools: {}, cases: [first]}, [])).toEqual([first.name])
})
