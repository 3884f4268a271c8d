import {readFileSync, writeFileSync} from 'node:fs'
import {type DebianArch, platformOf} from './architectures.ts'
import {SYSTEMS} from './catalogue.ts'
import {elfFiles, type PlatformResult} from './check-system.ts'
import {EXPLAINED, filesOf} from './explained.ts'
import {archesOf, type System} from './system.ts'

/** What came of one system for one architecture. */
export interface Result extends PlatformResult {
  readonly system: System
  readonly arch: DebianArch
}

const PAGE = 'docs/systems.md'
const [START, END] = ['<!-- results -->', '<!-- /results -->']

const HEAD = [
  ...['system', 'platform', 'files', 'ELF files', 'programs linked', 'errors', 'warnings', 'notes'],
  'meant to be there',
]
/** The columns that are numbers, to be added up. */
const NUMBERS = [2, 3, 4, 5, 6, 7]

/**
 * Renews the lines of these systems in docs/systems.md; those of systems that were not checked now stay,
 * those of systems that are no more go.
 */
export function writePage(results: readonly Result[]): void {
  const text = readFileSync(PAGE, 'utf8')
  const [from, to] = [text.indexOf(START), text.indexOf(END)]
  if (from < 0 || to < from) throw new Error(`${PAGE} has no part ${START} … ${END}`)
  const lines = new Map([...parseRows(text.slice(from, to)), ...results.map(row)].map(cells => [keyOf(cells), cells]))
  const rows = SYSTEMS.flatMap(system =>
    archesOf(system).flatMap(arch =>
      [lines.get(`${system.id} ${platformOf(arch)}`)].filter(cells => cells !== undefined),
    ),
  )
  const about = Object.fromEntries(SYSTEMS.map(({id, about: says}) => [id, says]))
  const list = [...new Set(rows.map(([id = '']) => id))].map(id => `- \`${id}\`: ${about[id]}`)
  writeFileSync(PAGE, `${text.slice(0, from + START.length)}\n${table(rows)}\n\n${list.join('\n')}\n${text.slice(to)}`)
}

function table(rows: readonly (readonly string[])[]): string {
  const sum = (column: number): string => String(rows.reduce((total, cells) => total + Number(cells[column]), 0))
  const total = HEAD.map((_, column) => (NUMBERS.includes(column) ? sum(column) : column === 0 ? 'all' : ''))
  return [HEAD, HEAD.map(() => '---'), ...rows, total].map(line).join('\n')
}

function row({system, arch, scan, findings}: Result): readonly string[] {
  const levels = ['error', 'warning', 'note'].map(level => findings.filter(one => one.level === level).length)
  const meant = scan.suppressed.filter(({count}) => count > 0).map(({reason, count}) => `${reason} ${count}`)
  return [
    ...[system.id, platformOf(arch)],
    ...[scan.files, elfFiles(scan), scan.linked, ...levels].map(String),
    meant.join(', '),
  ]
}

function parseRows(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^\| (\S+ \| linux\/\S+ \| .*) \|$/gm)].map(([, cells = '']) => cells.split(' | '))
}

function keyOf([id = '', platform = '']: readonly string[]): string {
  return `${id} ${platform}`
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}

/** The list of what is rightly said, for docs/systems.md. */
export function explainedTable(): string {
  const rows = EXPLAINED.map(({rule, level, systems, files, why}) => [
    ...[systems.join(', '), `\`${rule}\` (${level})`],
    ...[files.map(file => `\`${file.replaceAll('|', '\\|')}\``).join(', '), why],
  ])
  const head = ['system', 'rule', 'files', 'why']
  return [head, head.map(() => '---'), ...rows].map(line).join('\n')
}

/** All systems of a run in one line of the log. */
export function sumRow(results: readonly Result[]): string {
  const sum = (of: (result: Result) => number): number => results.reduce((total, one) => total + of(one), 0)
  const errors = sum(({findings}) => findings.filter(({level}) => level === 'error').length)
  return (
    `${results.length} images are right: ${sum(({scan}) => scan.files)} files, ` +
    `${sum(({scan}) => elfFiles(scan))} ELF, ${errors} errors`
  )
}

/** One system in one line of the log. */
export function resultRow({system, arch, scan, findings}: Result): string {
  const levels = ['error', 'warning', 'note'].map(
    level => `${findings.filter(one => one.level === level).length} ${level}s`,
  )
  const told = findings.reduce((sum, finding) => sum + filesOf(finding).length, 0)
  const meant = scan.suppressed.reduce((sum, {count}) => sum + count, 0)
  return (
    `${system.id.padEnd(18)} ${arch.padEnd(8)} ${String(scan.files).padStart(7)} files, ${String(elfFiles(scan)).padStart(6)} ELF, ` +
    `${String(meant).padStart(6)} meant to be there; ${levels.join(', ')} about ${told} files`
  )
}
