import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {RULES} from '../../src/rules/index.ts'
import {helpOf} from '../../src/rules/run.ts'

const PAGES = readdirSync(new URL('../../docs/rules', import.meta.url), 'utf8')

describe.each(RULES)('the rule $id', ({id, summary}) => {
  test('has a page of its name', () => {
    const page = new URL(`../../docs/rules/${id}.md`, import.meta.url)
    expect(existsSync(page)).toBe(true)
    expect(readFileSync(page, 'utf8').startsWith(`# ${id}\n`)).toBe(true)
    expect(helpOf(id).endsWith(`/docs/rules/${id}.md`)).toBe(true)
  })

  test('says in one sentence what it finds', () => {
    expect(summary).toMatch(/^[A-Z].*\.$/)
  })
})

test('every page is that of a rule', () => {
  const ids = RULES.map(({id}) => `${id}.md`)
  expect(PAGES.filter(name => !ids.includes(name) && name !== 'README.md')).toEqual([])
})

test('no two rules share an id', () => {
  expect(new Set(RULES.map(({id}) => id)).size).toBe(RULES.length)
})
