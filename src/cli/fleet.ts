import {messageOf, SourceError} from '../errors.ts'
import {joinReports} from '../fleet/join-reports.ts'
import {formatResult, indexOf, nameOfUnit, type ResultIndex, type UnitResult} from '../fleet/result-line.ts'
import {runUnits} from '../fleet/run-units.ts'
import {shardOf, unitsOf} from '../fleet/units.ts'
import type {Hints, OpenImage, Tool} from '../pipeline/check.ts'
import type {Options} from '../pipeline/options.ts'
import {escapeLogLines, headlineOf, titleOf} from '../report/index.ts'
import type {Report} from '../report/report.ts'
import {plural} from '../report/tally.ts'
import type {Streaming} from './arguments.ts'
import {filesOf, type ResultFiles, readResultFiles, readResults} from './read-results.ts'
import {commandTool} from './tool.ts'

/** What a streamed run needs of the door. */
export interface FleetIo extends Tool {
  readonly open: OpenImage
  readonly hints?: Hints
  readonly results?: ResultFiles
  stdout(text: string): void
  stderr(text: string): void
}

/** What a streamed run came to. */
export interface FleetEnd {
  readonly failed: number
  readonly unchecked: number
}

/**
 * Checks many images and writes each result when it is ready: a line for a reader, and a line of JSON in the file. What
 * the file has of an earlier run is kept where image, policy, options and program are the same.
 */
export async function runFleet(io: FleetIo, options: Options, streaming: Streaming, quiet: boolean): Promise<FleetEnd> {
  const files = filesOf(io.results)
  const {file, resumes, shard, sizes} = streaming
  const all = unitsOf(options.images)
  const units = shard === undefined ? all : shardOf(all, shard, sizes)
  const known = resumes ? await readIndex(files, file) : new Map<string, ResultIndex>()
  const writer = await writing(file, () => files.append(file, resumes))
  const count = {passed: 0, failed: 0, unchecked: 0, kept: 0}
  const add = ({verdict, images}: ResultIndex): void => {
    const unread = images.filter(({isRead}) => !isRead).length
    count.unchecked += unread
    if (verdict === 'pass') count.passed += images.length
    else count.failed += images.length - unread
  }
  try {
    await runUnits(options, units, {
      open: io.open,
      tool: commandTool(io),
      hints: io.hints ?? {},
      known,
      total: options.images.length,
      onResult: async result => {
        await writing(file, () => writer.write(formatResult(result)))
        add(indexOf(result))
        const line = lineOf(result.report)
        if (!quiet || !headlineOf(result.report).isClean) io.stdout(escapeLogLines(`${line}\n`))
      },
      onKept: index => {
        count.kept += index.images.length
        add(index)
      },
    })
  } finally {
    await writing(file, () => writer.close())
  }
  const kept = count.kept === 0 ? '' : `, ${count.kept} of them kept from ${file}`
  const images = units.reduce((sum, unit) => sum + unit.images.length, 0)
  const part = shard === undefined ? '' : ` (part ${shard.part} of ${shard.of})`
  const numbers = `${count.passed} passed, ${count.failed} failed, ${count.unchecked} could not be checked`
  io.stdout(escapeLogLines(`${plural(images, 'image')}${part}: ${numbers}${kept}\n`))
  return count
}

/** Puts the results of all parts together. */
export async function mergeFiles({results}: Pick<FleetIo, 'results'>, names: readonly string[]): Promise<Report> {
  const last = new Map<string, UnitResult>()
  for await (const result of readResultFiles(results, names)) {
    last.set(nameOfUnit(result.report.images.map(({reference}) => reference)), result)
  }
  return joinReports([...last.values()])
}

/** `not verified: app:1: linux/arm64 would not start: /app is x86-64` */
function lineOf(report: Report): string {
  const headline = headlineOf(report)
  const {wrong, summary} = headline
  const references = report.images.map(({reference}) => reference)
  const named = references.length > 3 ? [...references.slice(0, 3), `${references.length - 3} more`] : references
  return `${titleOf(headline)}: ${named.join(', ')}: ${wrong.length === 0 ? summary : wrong.join('; ')}`
}

/** Of several results of one unit the last counts. A line that was cut off is the end of a run that was. */
async function readIndex(files: ResultFiles, file: string): Promise<ReadonlyMap<string, ResultIndex>> {
  const known = new Map<string, ResultIndex>()
  for await (const result of readResults(files, file, true)) {
    const index = indexOf(result)
    known.set(nameOfUnit(index.images.map(({reference}) => reference)), index)
  }
  return known
}

async function writing<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw new SourceError('unavailable', `the results cannot be written to ${file}: ${messageOf(thrown)}`, {
      hint: 'Name a file in a directory that exists and is writable, on a disk with free space.',
      cause: thrown,
    })
  }
}
