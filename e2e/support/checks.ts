import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect} from '@jest/globals'
import {Ajv2020} from 'ajv/dist/2020.js'
import type {Command} from '../../__tests__/support/runner-commands.ts'
import type {Report} from '../../src/report/report.ts'
import type {Finding} from '../../src/rules/finding.ts'
import {readActionYml} from './action-yml.ts'
import {REPOSITORY} from './repository.ts'
import type {ActionRun} from './run-action.ts'

const {outputs: OUTPUTS} = await readActionYml()
const SCHEMA: unknown = JSON.parse(await readFile(join(REPOSITORY, 'docs/schema/report-v1.schema.json'), 'utf8'))
const isReport = new Ajv2020({allErrors: true, allowUnionTypes: true}).compile<Report>(Object(SCHEMA))

/** The runner's names of the levels, which become annotations. */
const ANNOTATIONS: Readonly<Record<Finding['level'], string>> = {error: 'error', warning: 'warning', note: 'notice'}
/** The runner keeps ten annotations of a level; the tenth says how many more there are. */
const SHOWN_PER_LEVEL = 9

const MARKS = ['✅', '⚠️', '❌']

/** What a check that came to its end is expected to say. */
export interface Verdict {
  readonly verified: boolean
  /** `LEVEL RULE PLATFORM PATH`, in any order, without the notes; left out where only the outcome matters. */
  readonly findings?: readonly string[]
  /** What may be signed: `name@digest`, none unless verified. */
  readonly images?: readonly string[]
  /** 0 where verified, else 1, unless `fail-on` says otherwise. */
  readonly exitCode?: number
}

/** Expects a verdict, and that all that the action leaves agrees with it. Gives the report. */
export async function expectVerdict(run: ActionRun, expected: Verdict): Promise<Report> {
  const {verified, findings, images = [], exitCode = verified ? 0 : 1} = expected
  expectNoStrangeCommands(run.commands)
  expect(run.log).not.toContain('This is a bug')
  expect(Object.keys(run.outputs).sort()).toEqual([...OUTPUTS].sort())
  const report = await reportOf(run)
  if (findings !== undefined) expect(summariesOf(report)).toEqual([...findings].sort())
  expect(run.outputs.verified).toBe(String(verified))
  expect((run.outputs.images ?? '').split('\n')).toEqual(images.length === 0 ? [''] : images)
  expect(report.verdict).toBe(verified ? 'pass' : 'fail')
  expect(run.exitCode).toBe(exitCode)
  expect(run.outputs.digest).toBe(report.images[0]?.digest ?? '')
  expect(JSON.parse(run.outputs.platforms ?? '')).toEqual(platformsOf(report))
  expectAnnotations(run.commands, report, exitCode)
  expectTable(run.summary, report)
  // A predicate is about one subject.
  const predicates = (run.outputs.predicate ?? '').split('\n')
  expect(predicates).toHaveLength(report.images.length)
  for (const path of [run.outputs.sarif ?? '', ...predicates]) JSON.parse(await readFile(path, 'utf8'))
  return report
}

/** Expects that the check could not be made: never verified, every output set all the same, one error that says why. */
export function expectProblem(run: ActionRun, problem: RegExp, exitCode = 1): void {
  expectNoStrangeCommands(run.commands)
  expect(run.exitCode).toBe(exitCode)
  expect(run.outputs).toEqual({...Object.fromEntries(OUTPUTS.map(name => [name, ''])), verified: 'false'})
  expect(run.commands.map(({name}) => name)).toEqual(['error'])
  expect(run.commands[0]?.data).toMatch(problem)
  expect(run.log).not.toContain('This is a bug')
}

/** Expects that nothing was printed that the runner takes for anything but an annotation. */
export function expectNoStrangeCommands(commands: readonly Command[]): void {
  const annotations = Object.values(ANNOTATIONS)
  expect(commands.filter(({name, syntax}) => syntax === 'legacy' || ![...annotations, 'debug'].includes(name))).toEqual(
    [],
  )
}

/** The JSON report of a run. */
export async function reportOf({outputs}: ActionRun): Promise<Report> {
  return parseReport(await readFile(outputs.report ?? '', 'utf8'))
}

/** Parses a report, and proves it against the published schema. */
export function parseReport(text: string): Report {
  const report: unknown = JSON.parse(text)
  if (!isReport(report)) throw new Error(`no report: ${JSON.stringify(isReport.errors, null, 2)}`)
  return report
}

/** The findings as `LEVEL RULE PLATFORM PATH`, without the notes, sorted. */
function summariesOf({findings}: Report): readonly string[] {
  return findings
    .filter(({level}) => level !== 'note')
    .map(({level, rule, platform, path}) => [level, rule, platform, path].filter(Boolean).join(' '))
    .sort()
}

function platformsOf({images}: Report) {
  return images.flatMap(({reference, platforms}) =>
    platforms.map(({platform, digest = null, verdict, tolerated}) => ({
      ...{image: reference, platform, digest, verdict},
      ...(tolerated ? {tolerated} : {}),
    })),
  )
}

/**
 * Each finding is an annotation of its level, in the order of the report, and a failed step has one more that says so.
 */
function expectAnnotations(commands: readonly Command[], report: Report, exitCode: number): void {
  const {findings, switchedOff} = report
  for (const [level, name] of Object.entries(ANNOTATIONS)) {
    const isLowered = ({level, ownLevel}: Finding): boolean =>
      ownLevel === 'error' || (ownLevel === 'warning' && level === 'note')
    const isHidden = switchedOff.some(({level}) => level !== 'note') || findings.some(isLowered)
    const tolerated = name === 'notice' && isHidden ? [expect.stringContaining('lowered or switched off')] : []
    const own = findings.filter(finding => finding.level === level)
    const most = SHOWN_PER_LEVEL - tolerated.length
    const titles = own.slice(0, most).map(({rule}) => expect.stringMatching(`^${rule}: `))
    const more = own.length > most ? [expect.stringContaining('more')] : []
    const failed = name === 'error' && exitCode !== 0 ? [undefined] : []
    const printed = commands.filter(command => command.name === name)
    expect(printed.map(({properties}) => properties.title)).toEqual([...tolerated, ...titles, ...more, ...failed])
  }
}

/** The summary has a row for each platform; its mark says what the verdict is. */
function expectTable(summary: string, {images, findings}: Report): void {
  const rows = summary
    .split('\n')
    .filter(line => /^\|.*\|$/.test(line))
    .map(row => row.replaceAll(/<\/?code>|<wbr>|`/g, ''))
  expect(rows[0]).toBe('| Platform | What starts |')
  for (const {platform, verdict, tolerated} of images.flatMap(({platforms}) => platforms)) {
    const isClean = findings.every(({level}) => level === 'note')
    const marks = verdict === 'mismatch' ? [tolerated ? '⚠️' : '❌'] : isClean && verdict === 'match' ? ['✅'] : MARKS
    expect(rows).toContainEqual(expect.stringMatching(new RegExp(`^\\| (?:${marks.join('|')})&nbsp;${platform} \\|`)))
  }
}
