import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'

/**
 * The golden text at a path below __tests__; UPDATE_GOLDEN=1 writes what is given there first.
 * Read what it wrote before you commit it.
 */
export function goldenText(path: string, actual: string): string {
  const file = join(import.meta.dirname, '..', path)
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(file), {recursive: true})
    writeFileSync(file, actual)
  }
  if (!existsSync(file)) throw new Error(`${file} is not there: run with UPDATE_GOLDEN=1 and read what it writes`)
  return readFileSync(file, 'utf8')
}
