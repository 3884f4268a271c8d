import {access, readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {run} from '../e2e/ground/run.ts'
import {messageOf} from '../src/errors.ts'
import {type Case, parseCases} from './cases/case.ts'
import {findProblems, type Outcome} from './cases/judge.ts'
import {runCase, startBaseImages} from './cases/run-case.ts'
import {makeTemporaryFolder, removeTemporaryFolder} from './support/temporary-folder.ts'

/*
 * npm run test:cases -- FOLDER [ID…]
 *
 * FOLDER holds cases.json and cases.tar.xz: small images and Dockerfiles, each with the answer that it must get. They
 * are unpacked into a temporary folder, and the command is run on each. Prints each failure with what was expected and
 * what was reported. Exit code 1 where one differs, 2 where there is no FOLDER.
 */

const [folder, ...only] = process.argv.slice(2)
process.exitCode = await main()

async function main(): Promise<number> {
  if (folder === undefined) return refuse('expected a folder: npm run test:cases -- FOLDER')
  const [list, archive] = [join(folder, 'cases.json'), join(folder, 'cases.tar.xz')]
  try {
    await Promise.all([access(list), access(archive)])
  } catch (thrown) {
    return refuse(`${folder} does not hold cases.json and cases.tar.xz: ${messageOf(thrown)}`)
  }
  const cases = parseCases(await readFile(list))
  if (!cases.ok) return refuse(`${list}: ${cases.problem}`)
  const unknown = only.filter(id => !cases.value.some(one => one.id === id))
  if (unknown.length > 0) return refuse(`${list} has no ${unknown.join(', ')}`)
  const wanted = cases.value.filter(({id}) => only.length === 0 || only.includes(id))
  const failed = await runAll(wanted, archive)
  console.log(`test:cases: ${wanted.length - failed} passed, ${failed} failed`)
  return failed === 0 && wanted.length > 0 ? 0 : 1
}

function refuse(problem: string): number {
  console.error(`test:cases: ${problem}`)
  return 2
}

/** Gives the number of cases that did not get their answer. */
async function runAll(cases: readonly Case[], archive: string): Promise<number> {
  const place = await makeTemporaryFolder('test-cases')
  const bases = await startBaseImages()
  try {
    await run('tar', ['-xJf', archive, '-C', place])
    let failed = 0
    for (const one of cases) {
      const outcome = await runCase(one, place, bases)
      const problems = findProblems(one, outcome)
      if (problems.length === 0) continue
      failed++
      print(one, problems, outcome)
    }
    return failed
  } finally {
    await bases.stop()
    await removeTemporaryFolder(place)
  }
}

function print({id, mech, ref}: Case, problems: readonly string[], {findings, stderr}: Outcome): void {
  console.log(`FAILED ${id}: ${mech ?? ''}${ref === undefined ? '' : ` (${ref})`}`)
  for (const problem of problems) console.log(`  ${problem}`)
  for (const {level, rule, platform = '', message} of findings) {
    console.log(`  got: ${level} ${rule} ${platform} ${message}`)
  }
  if (findings.length === 0) console.log('  got: no finding')
  if (stderr !== '') console.log(`  standard error: ${stderr.trim()}`)
}
