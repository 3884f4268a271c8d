import {describe, expect, test} from '@jest/globals'
import {formatResults, mergeResults, parseResults, readResults} from '../../bench/report/results.ts'
import {MACHINE, part} from './part.ts'

const start = part('start', {
  figures: [{aim: 'action-start', measured: 63, rounds: 20, detail: 'bare node 31 ms'}],
  tables: [
    {
      title: 'starts',
      lines: [
        {name: 'a', milliseconds: 63},
        {name: 'b', milliseconds: 31},
      ],
    },
    {title: 'nothing', lines: []},
  ],
})

test('a figure and a line of a table each are a line of the file', () => {
  expect(formatResults({parts: [start, part('scan', {failed: 'it ended with 1'})]})).toBe(`{
  "parts": [
    {
      "bench": "start",
      "arguments": ["--rounds","3"],
      "quick": false,
      "date": "2026-01-31",
      "version": "1.0.0",
      "machine": ${JSON.stringify(MACHINE)},
      "seconds": 12,
      "figures": [
        {"aim":"action-start","measured":63,"rounds":20,"detail":"bare node 31 ms"}
      ],
      "tables": [
        {
          "title": "starts",
          "lines": [
            {"name":"a","milliseconds":63},
            {"name":"b","milliseconds":31}
          ]
        },
        {
          "title": "nothing",
          "lines": []
        }
      ]
    },
    {
      "bench": "scan",
      "arguments": ["--rounds","3"],
      "quick": false,
      "date": "2026-01-31",
      "version": "1.0.0",
      "machine": ${JSON.stringify(MACHINE)},
      "seconds": 12,
      "failed": "it ended with 1",
      "figures": [],
      "tables": []
    }
  ]
}
`)
})

test.each([
  ['nothing', {parts: []}],
  ['parts', {parts: [start, part('scan', {failed: 'it ended with 1'})]}],
])('what is written is read again: %s', (_, results) => expect(parseResults(formatResults(results))).toEqual(results))

test('an aim that has another name since is told of', () => {
  const text = formatResults({parts: [start]}).replace('action-start', 'start-of-the-action')
  expect(() => parseResults(text)).toThrow('start: there is no aim "start-of-the-action"; measure it anew')
})

test('the committed results can be read', () => {
  expect(readResults().parts.length).toBeGreaterThan(0)
})

describe('a run of some benchmarks', () => {
  const older = {parts: [part('growth', {seconds: 1}), part('start', {seconds: 2}), part('gone')]}
  const newer = {parts: [part('start', {seconds: 3}), part('scan', {seconds: 4})]}

  test('takes the place of their older results, in the order of the plan', () => {
    expect(mergeResults(older, newer, ['start', 'scan', 'growth'])).toEqual({
      parts: [part('start', {seconds: 3}), part('scan', {seconds: 4}), part('growth', {seconds: 1})],
    })
  })
})
