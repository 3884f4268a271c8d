import {describe, expect, test} from '@jest/globals'
import {type BuildStep, finalLineage, type Provenance, stepOfLayer} from '../../src/provenance/index.ts'
import {BASE, layersOf, readFixture} from '../support/provenance.ts'

describe.each(['app-max-v0.2', 'app-max-v1'])('%s', name => {
  const provenance = readFixture(name)
  const layers = layersOf(provenance)

  test('the final image', () => {
    expect(finalLineage(provenance).map(({id}) => id)).toEqual(['step0', 'step1', 'step7', 'step8'])
  })

  // The build stage stands on the same layers, in another line.
  test.each([0, 3, 5])('layer %i is of the base', index => {
    expect(stepOfLayer(provenance, layers, index)).toMatchObject({
      step: {id: 'step0', location: {line: 10}},
      base: {name: '127.0.0.1:42923/lib/golang', tag: '1.26', digest: BASE, platform: 'linux/arm64'},
    })
  })

  test.each([
    [6, 'step1', 11],
    [7, 'step7', 14],
  ])('layer %i is made by %s', (index, id, line) => {
    expect(stepOfLayer(provenance, layers, index)).toMatchObject({step: {id, location: {line}}})
    expect(stepOfLayer(provenance, layers, index)?.base).toBeUndefined()
  })

  test('an image whose layers were packed anew has the same places', () => {
    const others = layers.map((_, index) => `sha256:${String(index).padStart(64, '0')}`)
    expect(stepOfLayer(provenance, others, 7)?.step.id).toBe('step7')
    expect(stepOfLayer(provenance, others, 5)?.base?.digest).toBe(BASE)
  })

  test('another image has not', () => {
    const others = [...layers.map((_, index) => `sha256:${index}`), 'sha256:more']
    expect(stepOfLayer(provenance, others, 7)).toBeUndefined()
    expect(stepOfLayer(provenance, layers, 8)).toBeUndefined()
  })
})

describe('COPY --link, a heredoc, COPY, ADD, WORKDIR', () => {
  const provenance = readFixture('link-max-v1')
  const layers = layersOf(provenance)

  test.each([
    [5, 'step0', 1, 1],
    [6, 'step2', 2, 2],
    [7, 'step4', 3, 7],
    [8, 'step5', 8, 8],
    [9, 'step6', 9, 9],
    [10, 'step7', 10, 10],
    [11, 'step8', 11, 11],
  ])('layer %i is made by %s in line %i', (index, id, line, endLine) => {
    expect(stepOfLayer(provenance, layers, index)?.step).toMatchObject({id, location: {line, endLine}})
  })
})

test('the first of two steps whose layers are the same is not taken for the second', () => {
  const provenance = provenanceOf([
    step('a', {kind: 'source', chains: [['1']]}),
    step('b', {root: 'a', inputs: ['a'], chains: [['1', '2']]}),
    step('c', {root: 'b', inputs: ['b'], chains: [['1', '2', '2']]}),
    step('end', {kind: 'other', root: 'c', inputs: ['c']}),
  ])
  expect([0, 1, 2].map(index => stepOfLayer(provenance, ['1', '2', '2'], index)?.step.id)).toEqual(['a', 'b', 'c'])
})

test('a step that tells no layers is not another one', () => {
  const provenance = provenanceOf([
    step('a', {kind: 'source', chains: [['1']]}),
    step('b', {root: 'a', inputs: ['a']}),
    step('c', {root: 'b', inputs: ['b'], chains: [['1', '2', '3']]}),
  ])
  expect([0, 1, 2].map(index => stepOfLayer(provenance, ['1', '2', '3'], index)?.step.id)).toEqual([
    'a',
    undefined,
    'c',
  ])
})

test('circles end', () => {
  const provenance = provenanceOf([step('a', {root: 'b', inputs: ['b']}), step('b', {root: 'a', inputs: ['a']})])
  expect(stepOfLayer(provenance, ['1'], 0)).toBeUndefined()
})

function provenanceOf(steps: readonly BuildStep[]): Provenance {
  return {bases: [], files: [], steps, folder: undefined, builder: undefined, target: undefined}
}

function step(id: string, more: Partial<BuildStep>): BuildStep {
  return {id, kind: 'file', root: undefined, inputs: [], image: undefined, location: undefined, chains: [], ...more}
}
