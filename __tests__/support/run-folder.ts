import {mkdtempSync, readdirSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {errorCode} from '../../src/errors.ts'

const PREFIX = 'via-jest-'
/** What workers and the programs that they start take for the system's temporary folder. */
const VARIABLE = 'TMPDIR'

/** Gives a run of jest a temporary folder of its own, so that what its tests leave behind can be told from the rest. */
export function enterRunFolder(): void {
  const base = tmpdir()
  removeStale(base)
  process.env[VARIABLE] = mkdtempSync(join(base, `${PREFIX}${process.pid}-`))
}

/** Removes that folder. Throws where anything is left in it: then the run has failed. */
export function leaveRunFolder(): void {
  const folder = tmpdir()
  if (!folder.includes(`/${PREFIX}${process.pid}-`)) return
  const left = readdirSync(folder)
  rmSync(folder, {recursive: true, force: true})
  if (left.length === 0) return
  const shown = left.slice(0, 10).join(', ')
  throw new Error(`the tests left ${left.length} files or folders in the temporary folder: ${shown}`)
}

/** The folders of runs that were killed before they could remove theirs. */
function removeStale(base: string): void {
  for (const name of readdirSync(base)) {
    const [, owner] = /^via-jest-(\d+)-/.exec(name) ?? []
    if (owner !== undefined && !isRunning(Number(owner))) rmSync(join(base, name), {recursive: true, force: true})
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (thrown) {
    // EPERM: somebody else's.
    return errorCode(thrown) !== 'ESRCH'
  }
}
