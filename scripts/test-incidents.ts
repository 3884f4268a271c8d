import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {
  type CaseOutcome,
  findDifferences,
  formatResults,
  RESULTS_FILE,
  readResults,
  runCase,
  withOurs,
} from './incidents/results.ts'
import {type Case, readSuite} from './incidents/suite.ts'
import {withTemporaryFolder} from './support/temporary-folder.ts'

/*
 * npm run test:incidents [-- --update]
 *
 * Rebuilds the public incidents of scripts/incidents/incidents.json as images, checks each with the whole pipeline,
 * and the same image mended. Prints which finding tells of it; exits with 1 where one is missed that should be found,
 * where a mended image or a control does not pass, or where scripts/incidents/results.json says something else of
 * this project than is seen here. `--update` writes that part of it anew; what the other tools said of an image is
 * kept, and belongs to that image's digest.
 */

const COMPARE = 'npm run incidents:compare'

process.exitCode = await main()

interface Result {
  readonly one: Case
  readonly outcome: CaseOutcome
}

async function main(): Promise<number> {
  const {cases} = readSuite()
  return withTemporaryFolder('incidents', async directory => {
    const results: Result[] = []
    for (const [index, one] of cases.entries()) {
      results.push({one, outcome: await runCase(one, join(directory, String(index)))})
    }
    const ours = results.map(({outcome}) => outcome.result)
    if (process.argv.includes('--update')) await writeFile(RESULTS_FILE, formatResults(withOurs(readResults(), ours)))
    const told = findDifferences(readResults(), ours)
    for (const name of told) console.log(`FAILED ${name}: results.json says something else; run ${COMPARE}`)
    return report(results, told.length) === 0 ? 0 : 1
  })
}

/**
 * Prints what was found; gives the number of incidents and controls that are not as they should be, and of results
 * that are no longer those of results.json.
 */
function report(results: readonly Result[], outdated: number): number {
  console.log(table([['id', 'repository', 'rule', 'platform', 'file'], ...results.flatMap(rowsOf)]), '\n')
  for (const {one, outcome} of results) {
    for (const problem of outcome.problems) console.log(`FAILED ${one.name}: ${problem}`)
  }
  const ids = (kind: Case['kind']) => [...new Set(results.flatMap(({one}) => (one.kind === kind ? [one.id] : [])))]
  const isRight = (id: string) => results.every(({one, outcome}) => one.id !== id || outcome.problems.length === 0)
  const [incidents, controls] = [ids('incident'), ids('control')]
  const unseen = new Set(results.flatMap(({one}) => (one.recipe.unseen === undefined ? [] : [one.id])))
  const wrong = [...incidents, ...controls].filter(id => !isRight(id)).length
  const caught = incidents.filter(id => isRight(id) && !unseen.has(id))
  console.log(
    `${caught.length} of ${incidents.length} incidents caught, ${unseen.size} by nothing that only reads; ` +
      `${controls.filter(isRight).length} of ${controls.length} controls pass`,
  )
  const failed = wrong + outdated
  console.log(`test:incidents: ${incidents.length + controls.length - wrong} passed, ${failed} failed`)
  return failed
}

function rowsOf({one, outcome}: Result): string[][] {
  const {id, repo, recipe} = one
  if (recipe.unseen !== undefined) return [[id, repo, `(nothing: ${recipe.unseen})`]]
  return outcome.found.map(({rule, level, platform = '', path = ''}, index) => [
    index === 0 ? id : '',
    index === 0 ? repo : '',
    level === 'error' ? rule : `${rule} (${level})`,
    platform,
    path,
  ])
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map(row => (column === row.length - 1 ? 0 : (row[column]?.length ?? 0)))),
  )
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
