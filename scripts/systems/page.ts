import {readFileSync, writeFileSync} from 'node:fs'
import type {System} from './catalogue.ts'
import {type Checked, elfFiles} from './check-system.ts'
import type {DebianArch} from './debian.ts'
import {EXPLAINED, filesOf} from './explained.ts'

/** What came of one system for one architecture. */
export interface Result {
  readonly system: System
  readonly arch: DebianArch
  readonly checked: Checked
}

const PAGE = 'docs/systems.md'

/** Renews the table of results in docs/systems.md. */
export function writePage(results: readonly Result[]): void {
  const text = readFileSync(PAGE, 'utf8')
  const [start, end] = ['<!-- results -->', '<!-- /results -->']
  const [from, to] = [text.indexOf(start), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${PAGE} has no part ${start} … ${end}`)
  writeFileSync(PAGE, `${text.slice(0, from + start.length)}\n${resultTable(results)}\n${text.slice(to)}`)
}

function resultTable(results: readonly Result[]): string {
  const rows = results.map(({system, arch, checked: {scan, report}}) => {
    const suppressed = scan.suppressed.filter(({count}) => count > 0).map(({reason, count}) => `${reason} ${count}`)
    const count = (level: string): number => report.findings.filter(finding => finding.level === level).length
    return [
      ...[system.id, `linux/${arch}`, scan.files, elfFiles(scan), scan.linked, suppressed.join(', ')],
      ...[count('error'), count('warning'), count('note')],
    ]
  })
  const sum = (pick: (result: Result) => number): number => results.reduce((total, one) => total + pick(one), 0)
  const total = [
    ...['all', '', sum(({checked}) => checked.scan.files), sum(({checked}) => elfFiles(checked.scan))],
    ...[sum(({checked}) => checked.scan.linked), ''],
    ...['error', 'warning', 'note'].map(level =>
      sum(({checked}) => checked.report.findings.filter(finding => finding.level === level).length),
    ),
  ]
  const head = [
    'system',
    'platform',
    'files',
    'ELF files',
    'programs linked',
    'meant to be there',
    'errors',
    'warnings',
    'notes',
  ]
  const line = (cells: readonly unknown[]): string => `| ${cells.map(cell => String(cell)).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...[...rows, total].map(line)].join('\n')
}

/** The list of what is rightly said, for docs/systems.md. */
export function explainedTable(): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const rows = EXPLAINED.map(({rule, level, systems, files, why}) =>
    line([
      systems.join(', '),
      `\`${rule}\` (${level})`,
      files.map(file => `\`${file.replaceAll('|', '\\|')}\``).join(', '),
      why,
    ]),
  )
  return [line(['system', 'rule', 'files', 'why']), line(['---', '---', '---', '---']), ...rows].join('\n')
}

/** One system in one line of the log. */
export function resultRow({system, arch, checked: {scan, report, milliseconds}}: Result): string {
  const findings = report.findings.map(({level}) => level)
  const levels = ['error', 'warning', 'note'].map(level => `${findings.filter(one => one === level).length} ${level}s`)
  const told = report.findings.reduce((sum, finding) => sum + filesOf(finding).length, 0)
  const meant = scan.suppressed.reduce((sum, {count}) => sum + count, 0)
  return (
    `${system.id.padEnd(18)} ${arch}  ${String(scan.files).padStart(7)} files, ${String(elfFiles(scan)).padStart(6)} ELF, ` +
    `${String(meant).padStart(6)} meant to be there; ${levels.join(', ')} about ${told} files; ${Math.round(milliseconds)} ms`
  )
}
