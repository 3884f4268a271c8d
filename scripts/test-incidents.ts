import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {type Outcome, runRecipe} from './incidents/run.ts'
import {type Case, readSuite} from './incidents/suite.ts'

/*
 * npm run test:incidents
 *
 * Rebuilds the public incidents of scripts/incidents/incidents.json as images, checks each with the whole pipeline, and the same image
 * mended. Prints which finding tells of it; exits with 1 where one is missed, or where a mended image or a control does not pass.
 */

process.exitCode = await main()

async function main(): Promise<number> {
  const {cases, notCovered} = readSuite()
  const directory = await mkdtemp(join(tmpdir(), 'incidents-'))
  try {
    const results: {one: Case; outcome: Outcome}[] = []
    for (const [index, one] of cases.entries()) {
      results.push({one, outcome: await runRecipe(one.recipe, join(directory, String(index)))})
    }
    return report(results, notCovered)
  } finally {
    await rm(directory, {recursive: true, force: true})
  }
}

function report(
  results: readonly {readonly one: Case; readonly outcome: Outcome}[],
  notCovered: readonly {readonly id: string; readonly repo: string; readonly reason: string}[],
): number {
  const rows = results.flatMap(({one, outcome}) =>
    outcome.found.map(({rule, level, platform = '', path = ''}, index) => [
      index === 0 ? one.id : '',
      index === 0 ? one.repo : '',
      level === 'error' ? rule : `${rule} (${level})`,
      platform,
      path,
    ]),
  )
  console.log(table([['id', 'repository', 'rule', 'platform', 'file'], ...rows]))
  console.log(`\nnot covered:\n${table(notCovered.map(({id, repo, reason}) => [id, repo, reason]))}\n`)
  for (const {one, outcome} of results) {
    for (const problem of outcome.problems) console.log(`FAILED ${one.name}: ${problem}`)
  }
  const missed = results.flatMap(({one}) => (one.recipe.gap === undefined ? [] : [one]))
  for (const {name, recipe} of missed) console.log(`MISSED ${name}: ${recipe.gap}`)
  const isRight = (id: string) =>
    !missed.some(one => one.id === id) &&
    results.every(({one, outcome}) => one.id !== id || outcome.problems.length === 0)
  const ids = (kind: Case['kind']) => [...new Set(results.flatMap(({one}) => (one.kind === kind ? [one.id] : [])))]
  const [incidents, controls] = [ids('incident'), ids('control')]
  const [caught, passing] = [incidents.filter(isRight), controls.filter(isRight)]
  const warned = caught.filter(id => results.every(({one, outcome}) => one.id !== id || !outcome.fails))
  console.log(
    `${caught.length} of ${incidents.length} incidents caught, of which ${warned.length} by warnings alone (${warned.join(', ')}); ` +
      `${passing.length} of ${controls.length} controls pass; ${notCovered.length} incidents are not covered yet`,
  )
  const passed = caught.length + passing.length
  const failed = incidents.length + controls.length - passed
  console.log(`test:incidents: ${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows
    .map(row =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
