import {expect, test} from '@jest/globals'
import {fleetFigures} from '../../bench/fleet/figures.ts'
import type {FleetRow} from '../../bench/fleet/runs.ts'

const row = (name: string, requests: number, seconds: number, memory: number): [string, FleetRow] => {
  const [program = '', run = ''] = name.split(/ (.*)/)
  const counts = {tag: requests, manifest: 0, blob: 0, probe: 0, refused: 0, token: 0, other: 0}
  const taken = [{seconds, memory: memory * 1e6, processor: 1, exitCode: 1, stdout: ''}]
  return [name, {program, run, counts, taken}]
}

test('each aim compares what it names', () => {
  const {figures, tables} = fleetFigures({
    ...{shape: 'releases', title: '100 images', images: 100, rounds: 1, parts: {one: 4, four: 4.4}},
    rows: new Map([
      row('before first', 840, 10, 310),
      row('before resumed', 840, 10, 310),
      row('now first', 300, 3, 150),
      row('now resumed', 100, 1, 120),
      row('now filling the cache', 310, 4, 170),
      row('now cached', 110, 1, 130),
    ]),
  })
  expect(figures.map(({aim, measured, detail}) => [aim, measured, detail])).toEqual([
    ['fleet-releases-first', 3, '100 images, 300 requests'],
    ['fleet-releases-again', 1.1, '100 images, the larger of both'],
    ['fleet-releases-time', 0.3, '100 images, 3.00 s against 10.00 s'],
    ['fleet-releases-memory', 170, '100 images, the most of a run'],
    ['fleet-releases-parts', 1.1, '100 images, 4.40 s against 4.00 s'],
  ])
  expect(
    tables[0]?.lines.map(line => [line.program, line.run, line['requests an image'], line['time of before']]),
  ).toEqual([
    ['before', 'first', '8.40', '1.00×'],
    ['before', 'resumed', '8.40', '1.00×'],
    ['now', 'first', '3.00', '0.30×'],
    ['now', 'resumed', '1.00', '0.10×'],
    ['now', 'filling the cache', '3.10', ''],
    ['now', 'cached', '1.10', ''],
  ])
})
