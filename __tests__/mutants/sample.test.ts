import {expect, test} from '@jest/globals'
import {sampleFunctions} from '../../scripts/mutants/sample.ts'

const TOP = {type: 'Program'}

/** Which of a file's thousand functions are taken. */
function taken(oneIn: number, seed: number): number[] {
  const {shouldIgnore} = sampleFunctions({oneIn, seed})
  return Array.from({length: 1000}, (_, at) => at).filter(at => {
    const node = {type: 'FunctionDeclaration', start: at * 100, end: at * 100 + 90}
    return shouldIgnore({node, parent: TOP}) === undefined
  })
}

test('a sample of functions', () => {
  expect(taken(1, 1)).toHaveLength(1000)
  expect(taken(4, 1).length).toBeGreaterThan(200)
  expect(taken(4, 1).length).toBeLessThan(300)
  expect(taken(4, 1)).toEqual(taken(4, 1))
  expect(taken(4, 1)).not.toEqual(taken(4, 2))
})

test('what is in a function is not chosen for itself', () => {
  const {shouldIgnore} = sampleFunctions({oneIn: 1000, seed: 1})
  const inner = Array.from({length: 1000}, (_, at) => ({type: 'IfStatement', start: at, end: at + 5}))
  const messages = inner.map(node => shouldIgnore({node, parent: {type: 'BlockStatement'}}))
  expect(new Set(messages)).toEqual(new Set([undefined]))
})
