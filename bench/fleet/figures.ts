import type {AimName} from '../report/aims.ts'
import {type Figure, type Figures, figure} from '../report/figures.ts'
import {median} from '../report/statistics.ts'
import type {Shape} from '../support/fleet-images.ts'
import {KINDS} from '../support/fleet-registry.ts'
import {PARTS, type PartTimes} from './parts.ts'
import type {FleetRow} from './runs.ts'

interface Measured {
  readonly shape: Shape
  /** What was measured. */
  readonly title: string
  readonly images: number
  readonly rounds: number
  /** By program and run: `now first`. */
  readonly rows: ReadonlyMap<string, FleetRow>
  readonly parts: PartTimes
}

/** What `bench -- fleet` says of one shape of images. */
export function fleetFigures({shape, title, images, rounds, rows, parts}: Measured): Figures {
  const {one, four} = parts
  const ofParts = `${four.toFixed(2)} s against ${one.toFixed(2)} s`
  const now = [...rows.values()].filter(({program}) => program === 'now')
  const again = now.filter(({run}) => run === 'resumed' || run === 'cached')
  const [first, before] = [rows.get('now first'), rows.get('before first')]
  const about = (aim: AimName, measured: number, detail: string): Figure =>
    figure(aim, measured, rounds, `${images} images${detail === '' ? '' : `, ${detail}`}`)
  const perImage = (row: FleetRow): number => requestsOf(row) / images
  return {
    figures: [
      ...(first ? [about(`fleet-${shape}-first`, perImage(first), `${requestsOf(first)} requests`)] : []),
      ...(again.length > 0
        ? [about(`fleet-${shape}-again`, Math.max(...again.map(perImage)), 'the larger of both')]
        : []),
      ...(first && before
        ? [
            about(
              `fleet-${shape}-time`,
              secondsOf(first) / secondsOf(before),
              `${shown(first)} against ${shown(before)}`,
            ),
          ]
        : []),
      about(`fleet-${shape}-memory`, Math.max(...now.map(memoryOf)) / 1e6, 'the most of a run'),
      about(`fleet-${shape}-parts`, four / one, ofParts),
    ],
    tables: [
      {
        title: `${title}; medians of ${rounds}; ${PARTS} parts at once and merge, which gives the same report: ${ofParts} of one process`,
        lines: [...rows.values()].map(row => lineOf(row, rows.get(`before ${row.run}`), images)),
      },
    ],
  }
}

function lineOf(row: FleetRow, before: FleetRow | undefined, images: number) {
  return {
    program: row.program,
    run: row.run,
    'requests an image': (requestsOf(row) / images).toFixed(2),
    ...Object.fromEntries(KINDS.map(kind => [kind, row.counts[kind]])),
    seconds: secondsOf(row).toFixed(2),
    'time of before': before === undefined ? '' : `${(secondsOf(row) / secondsOf(before)).toFixed(2)}×`,
    'processor seconds': median(row.taken.map(({processor}) => processor)).toFixed(2),
    'MB of memory': (memoryOf(row) / 1e6).toFixed(0),
  }
}

function requestsOf({counts}: FleetRow): number {
  return KINDS.reduce((sum, kind) => sum + counts[kind], 0)
}

function secondsOf({taken}: FleetRow): number {
  return median(taken.map(({seconds}) => seconds))
}

function memoryOf({taken}: FleetRow): number {
  return Math.max(...taken.map(({memory}) => memory))
}

function shown(row: FleetRow): string {
  return `${secondsOf(row).toFixed(2)} s`
}
