import type {Scope} from '../../src/facts/scope.ts'
import {readCatalogue} from './catalogue.ts'
import {MANIFEST_TOOLS, type ToolName} from './compare/tools.ts'
import type {CaseResult, Results} from './results.ts'
import {type Contestant, type Mark, manifestTools, ours, type Score, scoreOf, tool} from './score.ts'

/** The parts of docs/incidents.md and of README.md that are taken from results.json. */
export interface IncidentParts {
  readonly totals: string
  readonly incidents: string
  readonly controls: string
  readonly versions: string
  /** The usual ways beside this one, and a sentence. */
  readonly comparison: string
}

const ESSENTIAL = ours('this project, `scope: essential`', 'essential')
const DEFAULT = ours('this project, with the default options (`scope: image`)', 'image')
const SHELL = tool('the shell step', 'shell-step')
const MANIFESTS = manifestTools('the manifest tools, all four')

const CALLED: Readonly<Record<ToolName, string>> = {
  imagetools: '`docker buildx imagetools inspect`, platforms compared',
  'docker-manifest': '`docker manifest inspect`, platforms compared',
  crane: '`crane validate`',
  skopeo: '`skopeo inspect`, for each platform',
  'shell-step': 'the shell step',
}

const CONTESTANTS: readonly Contestant[] = [
  ours('this project, `scope: entrypoint`', 'entrypoint'),
  ESSENTIAL,
  DEFAULT,
  SHELL,
  tool('the shell step, if files that are not ELF may pass', 'shell-step', false),
  MANIFESTS,
  ...MANIFEST_TOOLS.map(id => tool(CALLED[id], id)),
]

/** From the narrowest to the widest. */
const LAYERS: readonly Scope[] = ['entrypoint', 'essential', 'image']

/** Renders what is written between the marks of the documents. `table` makes Markdown of a head and rows. */
export function incidentParts(
  {tools, cases}: Results,
  table: (head: readonly string[], rows: readonly (readonly string[])[]) => string,
): IncidentParts {
  const catalogue = readCatalogue()
  const scores = CONTESTANTS.map(one => scoreOf(one, cases))
  const [, , byDefault, shell, , manifests] = scores
  if (!byDefault || !shell || !manifests) throw new Error('a contestant is missing')
  const all = catalogue.incidents.length
  const good = cases.length
  const head = ['', `caught of ${all}`, 'by warnings alone', `good images stopped of ${good}`, 'good images warned of']
  const rows = scores.map(({name, caught, warned, goodStopped, goodWarned}) => [
    name,
    `**${caught}**`,
    warned === 0 ? '' : String(warned),
    String(goodStopped),
    goodWarned === 0 ? '' : String(goodWarned),
  ])
  return {
    totals: table(head, rows),
    incidents: table(
      [
        'incident',
        'what happened',
        'category',
        'this project',
        'scope',
        'its Dockerfile',
        'shell step',
        'manifest tools',
      ],
      catalogue.incidents.flatMap(({id, repo, title, category, url}) =>
        cases
          .filter(result => result.id === id)
          .map(result => [
            `[${id}](${url}) ${repo}${result.way === undefined ? '' : ` (${result.way})`}`,
            shortened(title),
            category,
            ...cellsOfOurs(result),
            dockerfileCell(result),
            say(SHELL.mark(result)),
            manifestCell(result),
          ]),
      ),
    ),
    controls: table(
      ['control', 'why it is none', 'this project', 'shell step', 'manifest tools'],
      catalogue.controls.flatMap(({id, why, url}) =>
        cases
          .filter(result => result.id === id)
          .map(result => [
            `[${id}](${url})`,
            shortened(why),
            ...[DEFAULT, SHELL, MANIFESTS].map(({good: does}) => does(result).replaceAll('-', ' ')),
          ]),
      ),
    ),
    versions: Object.entries(tools)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    comparison: [
      table(
        ['way', `catches, of ${all} public incidents`, `stops, of ${good} good images`],
        [
          wayRow('this action', byDefault),
          wayRow('the usual shell step: `docker create`, `docker cp`, `file`', shell),
          wayRow('four manifest tools together', manifests),
        ],
      ),
      '',
      `The incidents were rebuilt as images, and [everything was run](docs/incidents.md).\nOf the ${byDefault.caught}, ${byDefault.warned} are caught by warnings alone.`,
    ].join('\n'),
  }
}

function wayRow(way: string, {caught, goodStopped}: Score): string[] {
  return [way, String(caught), String(goodStopped)]
}

/** The finding, and the narrowest scope that has it. */
function cellsOfOurs({ours: verdicts}: CaseResult): [string, string] {
  const scope =
    LAYERS.find(layer => verdicts[layer].level === 'error') ?? LAYERS.find(layer => verdicts[layer].level !== 'none')
  if (scope === undefined) return ['nothing', '']
  return [linked(verdicts[scope]), scope]
}

/** What the line that it came from is told of. */
function dockerfileCell({dockerfile}: CaseResult): string {
  return dockerfile === undefined || dockerfile.level === 'none' ? '' : linked(dockerfile)
}

function linked({rules, level}: {readonly rules: readonly string[]; readonly level: string}): string {
  const links = rules.map(rule => `[\`${rule}\`](rules/${rule}.md)`).join(', ')
  return level === 'error' ? links : `${links} (warning)`
}

/** Which of them catch it. */
function manifestCell(result: CaseResult): string {
  const catching = MANIFEST_TOOLS.filter(id => tool('', id).mark(result) === 'caught')
  if (catching.length === MANIFEST_TOOLS.length) return 'caught'
  return catching.length > 0 ? `caught: ${catching.join(', ')}` : say(MANIFESTS.mark(result))
}

function say(mark: Mark): string {
  switch (mark) {
    case 'caught':
      return 'caught'
    case 'warning':
      return 'warning'
    case 'both':
      return 'stops the mended one too'
    case 'could-not-look':
      return 'could not look'
    case 'missed':
      return ''
  }
}

/** Cut at a word, so that a row stays a row. */
function shortened(text: string): string {
  const limit = 80
  const clean = text
    .replace(/[<>`*_[\]]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return clean.length <= limit ? clean : `${clean.slice(0, clean.lastIndexOf(' ', limit))} …`
}
