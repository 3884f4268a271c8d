import type {AimName} from '../report/aims.ts'
import {type Figure, type Figures, figure} from '../report/figures.ts'
import {growthExponent} from '../report/statistics.ts'
import type {Taken} from '../support/in-turns.ts'
import type {Series} from './series.ts'

/** A series with what each of its sizes took. */
export interface Measured {
  readonly series: Pick<Series, 'name'>
  readonly taken: readonly (Pick<Taken, 'seconds' | 'memory'> & {readonly size: number; readonly rounds: number})[]
}

/** The size that two aims are about. */
const MILLION = 1e6

/** What `bench -- growth` says: `start` is what the start of node takes. */
export function growthFigures(measured: readonly Measured[], start: Pick<Taken, 'seconds' | 'memory'>): Figures {
  const figures = measured.flatMap(one => [...exponents(one, start), ...ofAMillion(one)])
  const lines = measured.flatMap(({series, taken}) =>
    taken.map(({size, rounds, seconds, memory = 0}) => ({
      'how many': `${size.toLocaleString('en')} ${series.name}`,
      seconds: seconds.toFixed(3),
      'MB of memory': (memory / 1e6).toFixed(0),
      'ms each, beyond the start': ((1000 * (seconds - start.seconds)) / size).toPrecision(3),
      rounds,
    })),
  )
  const exponentLines = measured.map(one => ({
    'grows with': one.series.name,
    'exponent of time': shown(growthExponent(costs(one, start, 'seconds'))),
    'exponent of memory': shown(growthExponent(costs(one, start, 'memory'))),
  }))
  const alone = `${(1000 * start.seconds).toFixed(0)} ms and ${((start.memory ?? 0) / 1e6).toFixed(0)} MB`
  return {
    figures,
    tables: [
      {title: `medians; node alone takes ${alone}`, lines},
      {title: 'exponents, without what node alone takes', lines: exponentLines},
    ],
  }
}

function exponents(one: Measured, start: Pick<Taken, 'seconds' | 'memory'>): readonly Figure[] {
  const {name} = one.series
  // Programs are files, too: they have an aim for memory instead.
  if (name === 'ELF files') return []
  const [sizes, rounds] = [one.taken.map(({size}) => size), Math.min(...one.taken.map(taken => taken.rounds))]
  const of = (aim: AimName, what: 'seconds' | 'memory'): readonly Figure[] => {
    const exponent = growthExponent(costs(one, start, what))
    return exponent === undefined
      ? []
      : [figure(aim, exponent, rounds, sizes.map(size => size.toLocaleString('en')).join(' · '))]
  }
  return [...of(`growth-${name}-time`, 'seconds'), ...of(`growth-${name}-memory`, 'memory')]
}

function costs({taken}: Measured, start: Pick<Taken, 'seconds' | 'memory'>, what: 'seconds' | 'memory') {
  return taken.map(one => ({size: one.size, cost: (one[what] ?? 0) - (start[what] ?? 0)}))
}

function ofAMillion({series, taken}: Measured): readonly Figure[] {
  const largest = taken.find(({size}) => size === MILLION)
  if (largest === undefined) return []
  const {seconds, memory = 0, rounds} = largest
  const detail = `${seconds.toFixed(1)} s and ${(memory / 1e6).toFixed(0)} MB`
  if (series.name === 'files') return [figure('small-files-time', (1e6 * seconds) / MILLION, rounds, detail)]
  return series.name === 'ELF files' ? [figure('elf-files-memory', memory / 1e6, rounds, detail)] : []
}

function shown(exponent: number | undefined): string {
  return exponent === undefined ? '–' : exponent.toFixed(2)
}
