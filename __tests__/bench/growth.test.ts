import {expect, test} from '@jest/globals'
import {growthFigures} from '../../bench/growth/figures.ts'

const MB = 1e6
const start = {seconds: 0.05, memory: 50 * MB}
const taken = (size: number, seconds: number, memory: number, rounds = 3) => ({
  size,
  seconds,
  memory: memory * MB,
  rounds,
})

test('exponents are those of what is beyond the start of node', () => {
  const {figures, tables} = growthFigures(
    [{series: {name: 'layers'}, taken: [taken(1, 0.06, 60), taken(10, 0.15, 70), taken(100, 1.05, 90)]}],
    start,
  )
  expect(figures).toEqual([
    {aim: 'growth-layers-time', measured: 1, rounds: 3, detail: '1 · 10 · 100'},
    {aim: 'growth-layers-memory', measured: 0.301, rounds: 3, detail: '1 · 10 · 100'},
  ])
  expect(tables).toEqual([
    {
      title: 'medians; node alone takes 50 ms and 50 MB',
      lines: [
        {
          'how many': '1 layers',
          seconds: '0.060',
          'MB of memory': '60',
          'ms each, beyond the start': '10.0',
          rounds: 3,
        },
        {
          'how many': '10 layers',
          seconds: '0.150',
          'MB of memory': '70',
          'ms each, beyond the start': '10.0',
          rounds: 3,
        },
        {
          'how many': '100 layers',
          seconds: '1.050',
          'MB of memory': '90',
          'ms each, beyond the start': '10.0',
          rounds: 3,
        },
      ],
    },
    {
      title: 'exponents, without what node alone takes',
      lines: [{'grows with': 'layers', 'exponent of time': '1.00', 'exponent of memory': '0.30'}],
    },
  ])
})

test('a million files have an aim of their own for time, a million programs for memory', () => {
  const {figures} = growthFigures(
    [
      {series: {name: 'files'}, taken: [taken(1e5, 1.35, 90), taken(1e6, 13, 300, 1)]},
      {series: {name: 'ELF files'}, taken: [taken(1e5, 2, 200), taken(1e6, 20, 1400, 1)]},
    ],
    start,
  )
  expect(figures.filter(({aim}) => !aim.startsWith('growth-'))).toEqual([
    {aim: 'small-files-time', measured: 13, rounds: 1, detail: '13.0 s and 300 MB'},
    {aim: 'elf-files-memory', measured: 1400, rounds: 1, detail: '20.0 s and 1400 MB'},
  ])
  expect(figures.filter(({aim}) => aim.startsWith('growth-')).map(({aim, rounds}) => [aim, rounds])).toEqual([
    ['growth-files-time', 1],
    ['growth-files-memory', 1],
  ])
})

test('without two sizes there is no exponent, and nothing is said of one', () => {
  const {figures, tables} = growthFigures([{series: {name: 'images'}, taken: [taken(1, 0.2, 70)]}], start)
  expect(figures).toEqual([])
  expect(tables[1]?.lines).toEqual([{'grows with': 'images', 'exponent of time': '–', 'exponent of memory': '–'}])
})
