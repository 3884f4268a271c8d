import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll} from '@jest/globals'

const made: string[] = []

// Jest loads this file anew for each file of tests, and runs this when all tests of that file are over.
afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 100})
})

/** A new folder, which is removed with all that is in it after the last test of the file. */
export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `via-${name}-`))
  made.push(folder)
  return folder
}
