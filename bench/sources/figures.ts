import type {AimName} from '../report/aims.ts'
import {type Figure, type Figures, figure} from '../report/figures.ts'
import type {Counts} from '../sources.ts'
import {against, ratio, type Taken} from '../support/in-turns.ts'
import type {LargeImage} from '../support/large-image.ts'
import {NAMES} from './ways.ts'

interface Measured {
  readonly taken: readonly Taken[]
  readonly counts: Counts
  readonly image: Pick<LargeImage, 'platforms'>
  readonly rounds: number
}

/** What `bench -- sources` says. */
export function sourceFigures({taken, counts, image: {platforms}, rounds}: Measured): Figures {
  const layers = platforms.flatMap(({base, program}) => [base, program])
  const total = layers.reduce((sum, {size}) => sum + size, 0)
  const unpacked = layers.reduce((sum, {tarSize}) => sum + tarSize, 0)
  const of = (name: keyof typeof NAMES): Taken | undefined => taken.find(one => one.name === NAMES[name])
  const timesFaster = (seconds: number, other: Taken | undefined): string =>
    other === undefined ? '' : `${(other.seconds / seconds).toFixed(1)}×`
  const lines = taken.map(one => {
    const counted = counts.get(one.name)
    return {
      name: one.name,
      seconds: one.seconds.toFixed(2),
      'faster than the shell step': timesFaster(one.seconds, of('shell')),
      'faster than crane': timesFaster(one.seconds, of('crane')),
      'time of gunzip': ratio(one, of('gunzip')),
      'of HTTP and gunzip': ratio(one, of('http')),
      'MB asked for': counted === undefined ? '' : (counted.bytes / 1e6).toFixed(2),
      'of the layers': counted === undefined ? '' : `${((100 * counted.bytes) / total).toFixed(2)} %`,
      requests: counted?.requests ?? '',
      'MB of memory': one.memory === undefined ? '' : (one.memory / 1e6).toFixed(0),
    }
  })
  const compare = (aim: AimName, one: Taken | undefined, other: Taken | undefined): readonly Figure[] =>
    one && other ? [figure(aim, one.seconds / other.seconds, rounds, against(one, other))] : []
  const faster = (aim: AimName, ours: Taken | undefined, other: Taken | undefined): readonly Figure[] =>
    ours && other ? [figure(aim, other.seconds / ours.seconds, rounds, against(other, ours))] : []
  const memory = (aim: AimName, one: Taken | undefined): readonly Figure[] =>
    one?.memory === undefined ? [] : [figure(aim, one.memory / 1e6, rounds, 'the most of a round')]
  const requests = counts.get(NAMES.entrypoint)?.requests
  const sizes = `${(total / 1e6).toFixed(1)} MB of layers, ${(unpacked / 1e6).toFixed(0)} MB unpacked`
  return {
    figures: [
      ...faster('registry-entrypoint-shell', of('entrypoint'), of('shell')),
      ...faster('registry-entrypoint-crane', of('entrypoint'), of('crane')),
      ...(requests === undefined
        ? []
        : [
            figure(
              ...(['registry-entrypoint-requests', requests / platforms.length, 1] as const),
              `${requests} for ${platforms.length} platforms`,
            ),
          ]),
      ...compare('registry-essential-time', of('essential'), of('http')),
      ...memory('registry-essential-memory', of('essential')),
      ...compare('registry-image-time', of('image'), of('http')),
      ...memory('registry-image-memory', of('image')),
      ...compare('docker-one-platform', of('dockerOne'), of('shellOne')),
      ...compare('docker-both-platforms', of('docker'), of('shell')),
    ],
    tables: [{title: `${platforms.length} platforms, ${sizes}; medians of ${rounds}`, lines}],
  }
}
