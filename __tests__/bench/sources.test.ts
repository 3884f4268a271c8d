import {expect, test} from '@jest/globals'
import {sourceFigures} from '../../bench/sources/figures.ts'
import {NAMES} from '../../bench/sources/ways.ts'

const layer = (size: number) => ({path: '', digest: '', diffId: '', size: size * 1e6, tarSize: size * 2e6})
const image = {
  platforms: ['linux/amd64', 'linux/arm64'].map(platform => ({
    platform,
    digest: '',
    base: layer(9),
    program: layer(1),
  })),
}
const taken = (name: keyof typeof NAMES, seconds: number, memory?: number) => ({
  ...{name: NAMES[name], seconds, memory: memory === undefined ? undefined : memory * 1e6, processor: undefined},
})

test('each aim compares what it names', () => {
  const {figures} = sourceFigures({
    taken: [
      ...[taken('shellOne', 10), taken('shell', 20), taken('crane', 8)],
      ...[taken('dockerOne', 11, 70), taken('docker', 14, 70), taken('entrypoint', 0.2, 80)],
      ...[taken('essential', 6, 220), taken('image', 6.5, 230), taken('http', 5, 90), taken('gunzip', 4, 90)],
    ],
    counts: new Map([[NAMES.entrypoint, {bytes: 2e6, requests: 7}]]),
    image,
    rounds: 3,
  })
  expect(figures).toEqual([
    {aim: 'registry-entrypoint-shell', measured: 100, rounds: 3, detail: '20.0 s against 0.20 s'},
    {aim: 'registry-entrypoint-crane', measured: 40, rounds: 3, detail: '8.00 s against 0.20 s'},
    {aim: 'registry-entrypoint-requests', measured: 3.5, rounds: 1, detail: '7 for 2 platforms'},
    {aim: 'registry-essential-time', measured: 1.2, rounds: 3, detail: '6.00 s against 5.00 s'},
    {aim: 'registry-essential-memory', measured: 220, rounds: 3, detail: 'the most of a round'},
    {aim: 'registry-image-time', measured: 1.3, rounds: 3, detail: '6.50 s against 5.00 s'},
    {aim: 'registry-image-memory', measured: 230, rounds: 3, detail: 'the most of a round'},
    {aim: 'docker-one-platform', measured: 1.1, rounds: 3, detail: '11.0 s against 10.0 s'},
    {aim: 'docker-both-platforms', measured: 0.7, rounds: 3, detail: '14.0 s against 20.0 s'},
  ])
})

test('what was not measured is compared with nothing', () => {
  const {figures, tables} = sourceFigures({taken: [taken('shell', 20)], counts: new Map(), image, rounds: 1})
  expect(figures).toEqual([])
  expect(tables).toEqual([
    {
      title: '2 platforms, 20.0 MB of layers, 40 MB unpacked; medians of 1',
      lines: [
        {
          ...{name: NAMES.shell, seconds: '20.00', 'faster than the shell step': '1.0×', 'faster than crane': ''},
          ...{'time of gunzip': '', 'of HTTP and gunzip': '', 'MB asked for': '', 'of the layers': '', requests: ''},
          'MB of memory': '',
        },
      ],
    },
  ])
})
