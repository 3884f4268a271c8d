import {describe, expect, test} from '@jest/globals'
import {type Choice, chooseCases} from '../../scripts/systems/cases.ts'
import type {System} from '../../scripts/systems/system.ts'

function system(id: string, change: Partial<System> = {}): System {
  return {id, about: id, entrypoint: ['bash'], debian: ['bash'], ...change}
}

const SYSTEMS = [
  system('base', {debian: []}),
  system('node'),
  system('all', {arches: ['amd64', 'arm64', 's390x']}),
  system('huge', {large: true}),
  system('ports', {arches: ['armhf', 'riscv64']}),
  system('multilib', {arches: ['amd64']}),
]
const NONE: Choice = {all: false, only: [], count: 0, seed: 1}

function chosen(choice: Partial<Choice>): readonly string[] {
  return chooseCases(SYSTEMS, {...NONE, ...choice}).map(
    ({system: {id}, arches, turn}) => `${turn} ${id} ${arches.join(' ')}`,
  )
}

describe('the cases that are checked', () => {
  test('are the usual two architectures in one index, and every other one alone', () => {
    expect(chosen({all: true})).toStrictEqual([
      '0 base amd64 arm64',
      '1 node amd64 arm64',
      '2 all amd64 arm64',
      '3 all s390x',
      '4 huge amd64 arm64',
      '5 ports armhf',
      '6 ports riscv64',
      '7 multilib amd64',
    ])
  })

  test('are those of the systems that are named, broken in the same way as among all', () => {
    expect(chosen({only: ['ports', 'huge']})).toStrictEqual(['4 huge amd64 arm64', '5 ports armhf', '6 ports riscv64'])
  })

  test('throw for a system that there is not', () => {
    expect(() => chosen({only: ['node', 'nodes']})).toThrow('there is no system nodes')
  })

  test('are the base alone where no other one is to be chosen', () => {
    expect(chosen({count: 0})).toStrictEqual(['0 base amd64 arm64'])
  })

  test('are never large where they are chosen by a seed, and each only once', () => {
    expect([...chosen({count: 100, seed: 3})].sort()).toStrictEqual([
      '0 base amd64 arm64',
      '1 node amd64 arm64',
      '2 all amd64 arm64',
      '3 all s390x',
      '5 ports armhf',
      '6 ports riscv64',
      '7 multilib amd64',
    ])
  })

  test('are the same for the same seed', () => {
    expect(chosen({count: 2, seed: 7})).toStrictEqual(chosen({count: 2, seed: 7}))
  })
})
