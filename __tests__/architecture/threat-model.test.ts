import {existsSync, readFileSync} from 'node:fs'
import {expect, test} from '@jest/globals'

const TEXT = readFileSync('docs/threat-model.md', 'utf8')

interface Row {
  readonly promise: string
  readonly tests: readonly string[]
}

/** The rows of the tables whose second column is headed `test`; `the same` stands for the tests of the row above. */
function promises(): readonly Row[] {
  const rows: Row[] = []
  let inTable = false
  for (const line of TEXT.split('\n')) {
    const [, promise, named, ...more] = line.split('|').map(cell => cell.trim())
    if (promise === undefined || named === undefined || more.length !== 1) inTable = false
    else if (named === 'test') inTable = true
    else if (inTable && !/^-+$/.test(named)) {
      const tests = [...named.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
      rows.push({promise, tests: named === 'the same' ? (rows.at(-1)?.tests ?? []) : tests})
    }
  }
  return rows
}

const {scripts} = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>
}

test('the threat model makes promises', () => {
  expect(promises().length).toBeGreaterThan(5)
})

test.each(promises())('each promise names tests that are there: $promise', ({tests}) => {
  expect(tests).not.toEqual([])
  const lost = tests.filter(name => {
    const suite = /^npm run ([\w:]+)$/.exec(name)?.[1]
    return suite === undefined ? !existsSync(name) : scripts[suite] === undefined
  })
  expect(lost).toEqual([])
})
