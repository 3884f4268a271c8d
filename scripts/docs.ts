/**
 * Writes what the documentation takes from the code: the tables of README.md and docs/, the index of docs/rules. CI
 * fails where they differ.
 */

import {existsSync, readFileSync, writeFileSync} from 'node:fs'
import {parse} from 'yaml'
import {quietRun} from '../__tests__/support/quiet-run.ts'
import {benchmarksPage} from '../bench/report/page.ts'
import {readResults as readBenchmarks} from '../bench/report/results.ts'
import {EXIT, runCli, USAGE} from '../src/cli.ts'
import {DEFAULTS} from '../src/pipeline/options.ts'
import {RULES} from '../src/rules/index.ts'
import {imageOpener} from '../src/source/open.ts'
import {incidentParts} from './incidents/document.ts'
import {readResults} from './incidents/results.ts'
import {apiReference} from './package/api-table.ts'
import {libraryDeclarations} from './package/library.ts'
import {benignTable} from './support/benign-table.ts'
import {commandTable} from './support/command-table.ts'
import {entryScriptTable} from './support/entry-script-table.ts'
import {execlineTable} from './support/execline-table.ts'
import {allLimits, limitTable} from './support/limit-table.ts'
import {policySchema} from './support/policy-schema.ts'
import {supervisorTable} from './support/supervisor-table.ts'
import {wrapperTable} from './support/wrapper-table.ts'
import {explainedTable} from './systems/page.ts'

interface ActionFile {
  readonly inputs: Readonly<
    Record<string, {readonly description: string; readonly default?: string; readonly required?: boolean}>
  >
  readonly outputs: Readonly<Record<string, {readonly description: string}>>
}

const {version}: {version: string} = JSON.parse(readFileSync('package.json', 'utf8'))
// Our own file, checked by the tests of the action.
const action: ActionFile = parse(readFileSync('action.yml', 'utf8'))

const exitCodes = table(
  ['exit code', 'meaning'],
  [
    [String(EXIT.verified), 'verified'],
    [String(EXIT.findings), 'findings at or above `--fail-on`'],
    [String(EXIT.usage), 'wrong usage'],
    [String(EXIT.couldNotCheck), 'could not check: daemon, registry, file'],
    [String(EXIT.bug), 'a bug of ours'],
    ['130, 143', 'cancelled by SIGINT, by SIGTERM; what was created is removed first'],
  ],
)
const rules = table(
  ['rule', 'level', 'says'],
  RULES.map(({id, level, summary}) => [`[\`${id}\`](${id}.md)`, level, summary]),
)

for (const {id} of RULES) {
  if (!existsSync(`docs/rules/${id}.md`)) throw new Error(`the rule ${id} has no page docs/rules/${id}.md`)
}
const report = await sample()
const {comparison, ...incidents} = incidentParts(readResults(), table)
fill('README.md', {
  comparison,
  finding: codeBlock(findingIn(report)),
  inputs: inputTable(firstSentence),
  outputs: outputTable(firstSentence),
})
fill('docs/inputs.md', {inputs: inputTable(), outputs: outputTable()})
fill('docs/command.md', {'exit-codes': exitCodes, usage: codeBlock(USAGE), sample: codeBlock(report)})
fill('docs/rules/README.md', {rules})
fill('docs/systems.md', {explained: explainedTable()})
fill('docs/incidents.md', {...incidents})
fill('docs/execve.md', {
  wrappers: wrapperTable(),
  supervisors: supervisorTable(),
  execline: execlineTable(),
  commands: commandTable(),
  limits: limitTable(),
  'entry-scripts': entryScriptTable(),
})
fill('docs/api.md', {api: apiReference(await libraryDeclarations(), 'library/index.d.ts')})
fill('docs/threat-model.md', {limits: allLimits()})
fill('docs/scan.md', {benign: benignTable()})
fill('docs/benchmarks.md', benchmarksPage(readBenchmarks(), table))
writeFileSync('docs/schema/policy-v1.schema.json', policySchema())

/** The inputs of action.yml, with what `shorten` leaves of what each means. */
function inputTable(shorten = whole): string {
  return table(
    ['input', 'meaning', 'default'],
    Object.entries(action.inputs).map(([name, {description, default: value, required}]) => [
      `\`${name}\``,
      shorten(description),
      required === true ? '(required)' : defaultCell(name, value),
    ]),
  )
}

/** What a policy file may set has no default in action.yml: only so it is known whether it was written. */
function defaultCell(name: string, value = ''): string {
  const unwritten: Readonly<Record<string, string>> = {
    scope: DEFAULTS.scope,
    'on-undetermined': DEFAULTS.onUndetermined,
    'baseline-required': DEFAULTS.baselineRequired,
  }
  const shown = value === '' ? (unwritten[name] ?? '') : value
  return shown === '' ? '' : `\`${shown}\``
}

/** The outputs of action.yml, likewise. */
function outputTable(shorten = whole): string {
  return table(
    ['output', 'meaning'],
    Object.entries(action.outputs).map(([name, {description}]) => [`\`${name}\``, shorten(description)]),
  )
}

function whole(text: string): string {
  return text
}

/** A point ends it only where a blank or nothing follows: `1.4.2` stays whole. */
function firstSentence(text: string): string {
  return /^.*?\.(?= |$)/s.exec(text)?.[0] ?? text
}

/** What the command really says of the example with a wrong program. */
async function sample(): Promise<string> {
  let text = ''
  const exitCode = await runCli(['oci:examples/mismatch', '--platforms', 'linux/amd64,linux/arm64'], {
    version,
    open: imageOpener(quietRun('docs')),
    readDockerfiles: async () => [],
    stdout: printed => {
      text += printed
    },
    stderr: printed => {
      throw new Error(printed)
    },
    writeFile: async () => {},
    color: false,
  })
  if (exitCode !== EXIT.findings) throw new Error(`the example ended with ${exitCode}`)
  return text
}

/** The only finding of the text: the paragraph that begins with its level. */
function findingIn(text: string): string {
  const [, finding] = /^(error .*?\n)\n/ms.exec(text) ?? []
  if (finding === undefined) throw new Error(`the example has no finding: ${text}`)
  return finding
}

function codeBlock(text: string): string {
  return `\`\`\`text\n${text}\`\`\``
}

/** Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`. */
function fill(file: string, parts: Readonly<Record<string, string>>): void {
  let text = readFileSync(file, 'utf8')
  for (const [name, content] of Object.entries(parts)) {
    const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
    const from = text.indexOf(start)
    const to = text.indexOf(end)
    if (from < 0 || to < from) throw new Error(`${file} has no part ${start} … ${end}`)
    text = `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`
  }
  writeFileSync(file, text)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell => cell.replace(/\|/g, '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
