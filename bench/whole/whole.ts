import {existsSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {withTemporaryFolder} from '../../scripts/support/temporary-folder.ts'
import {aimsText} from '../report/aims-table.ts'
import {mergeResults, type Part, RESULTS_FILE, readResults, writeResults} from '../report/results.ts'
import {describeMachine} from './machine.ts'
import {PLAN} from './plan.ts'
import {runPart} from './run-part.ts'

/**
 * `npm run bench`: all benchmarks, one after the other, whatever the ones before did; then the table of aims. Gives the
 * exit code: 1 where a benchmark failed.
 *
 * `--only NAME`: one of them, in the place of what is in the file of the others; `--quick`: tiny sizes and one round,
 * which shows that they work and is written nowhere; `--output FILE`: bench/results.json.
 */
export async function measureAll(args: readonly string[]): Promise<number> {
  const {values} = parseArgs({
    args: [...args],
    options: {
      only: {type: 'string', multiple: true},
      quick: {type: 'boolean', default: false},
      output: {type: 'string'},
    },
  })
  const names = PLAN.map(({bench}) => bench)
  const unknown = (values.only ?? []).filter(name => !names.includes(name))
  if (unknown.length > 0) throw new Error(`--only: expected some of ${names.join(', ')}, got ${unknown.join(', ')}`)
  const planned = PLAN.filter(({bench, isApart}) => values.only?.includes(bench) ?? !isApart)
  const {version}: {version: string} = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
  const machine = await describeMachine()
  const output = values.output ?? (values.quick ? undefined : RESULTS_FILE)
  const parts = await withTemporaryFolder('verify-image-arch-bench', async folder => {
    const done: Part[] = []
    for (const [at, {bench, args: usual, quickArgs}] of planned.entries()) {
      const benchArgs = values.quick ? quickArgs : usual
      console.error(`\n== ${at + 1} of ${planned.length}: ${bench} ${benchArgs.join(' ')}`)
      const [since, date] = [performance.now(), new Date().toISOString().slice(0, 10)]
      const {figures, tables, failed} = await runPart(bench, benchArgs, folder)
      const seconds = Math.round((performance.now() - since) / 1000)
      console.error(`== ${bench}: ${failed === undefined ? 'done' : `FAILED: ${failed}`} after ${seconds} s`)
      done.push({
        ...{bench, arguments: benchArgs, quick: values.quick, date, version, machine, seconds},
        ...(failed === undefined ? {} : {failed}),
        ...{figures, tables},
      })
    }
    return done
  })
  const before = output !== undefined && existsSync(output) ? readResults(output) : {parts: []}
  // Of what was not planned, all stays where some are named, and else what only is run by its name.
  const apart = new Set(PLAN.flatMap(({bench, isApart}) => (isApart ? [bench] : [])))
  const older = {parts: before.parts.filter(({bench}) => values.only !== undefined || apart.has(bench))}
  const results = mergeResults(older, {parts}, names)
  if (output !== undefined) writeResults(output, results)
  console.log(aimsText(results))
  return parts.some(({failed}) => failed !== undefined) ? 1 : 0
}
