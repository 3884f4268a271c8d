/**
 * `npm run bench -- tests`: what `npm test` takes, and where: the parts of `__tests__` by what their files took, added
 * up. With two processors two files run at a time, so that the sum is up to twice the whole. It takes minutes, and is
 * run where it is named only.
 *
 * `--only TEXT`: the tests whose path contains it.
 */
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {join, relative, sep} from 'node:path'
import {parseArgs} from 'node:util'
import {withTemporaryFolder} from '../scripts/support/temporary-folder.ts'
import {type Figures, figure} from './report/figures.ts'
import {REPOSITORY} from './support/runner.ts'

/** What jest's `--json` tells, as far as it is looked at. */
interface JestResults {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {readonly name: string; readonly startTime: number; readonly endTime: number}[]
}

/** Parts that are shown by themselves. */
const SHOWN = 12

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({args: [...args], options: {only: {type: 'string'}}})
  return withTemporaryFolder('verify-image-arch-bench', async folder => {
    const file = join(folder, 'results.json')
    const since = performance.now()
    const only = values.only === undefined ? [] : [values.only]
    const child = spawn('npm', ['test', '--', ...only, '--json', '--outputFile', file], {
      cwd: REPOSITORY,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    await once(child, 'close')
    const seconds = (performance.now() - since) / 1000
    // Jest's own format.
    const results: JestResults = JSON.parse(await readFile(file, 'utf8'))
    const {numPassedTests, numFailedTests, testResults} = results
    if (numFailedTests > 0) throw new Error(`${numFailedTests} tests failed`)
    const detail = `${testResults.length} files, ${numPassedTests} tests`
    return {figures: [figure('tests-time', seconds, 1, detail)], tables: [{title: detail, lines: partsOf(testResults)}]}
  })
}

/** By the first folder, the longest first. */
function partsOf(files: JestResults['testResults']) {
  const parts = Map.groupBy(files, ({name}) => partOf(name))
  const lines = Array.from(parts, ([part, members]) => ({part, files: members.length, seconds: secondsOf(members)}))
  const sorted = lines.toSorted((a, b) => b.seconds - a.seconds)
  const rest = sorted.slice(SHOWN)
  const left = {
    part: 'all others',
    files: rest.reduce((sum, {files}) => sum + files, 0),
    seconds: rest.reduce((sum, {seconds}) => sum + seconds, 0),
  }
  return [...sorted.slice(0, SHOWN), ...(rest.length === 0 ? [] : [left])].map(line => ({
    ...line,
    seconds: line.seconds.toFixed(1),
  }))
}

function partOf(name: string): string {
  const [first = '', ...deeper] = relative(join(REPOSITORY, '__tests__'), name).split(sep)
  return deeper.length === 0 ? 'files of no folder' : `${first}/`
}

function secondsOf(files: JestResults['testResults']): number {
  return files.reduce((sum, {startTime, endTime}) => sum + (endTime - startTime) / 1000, 0)
}
