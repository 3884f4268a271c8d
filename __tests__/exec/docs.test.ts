import {readFileSync} from 'node:fs'
import {expect, test} from '@jest/globals'
import {commandTable} from '../../scripts/support/command-table.ts'
import {entryScriptTable} from '../../scripts/support/entry-script-table.ts'
import {limitTable} from '../../scripts/support/limit-table.ts'
import {wrapperTable} from '../../scripts/support/wrapper-table.ts'

const text = readFileSync('docs/execve.md', 'utf8')

// What scripts/support/wrapper-table.ts gives goes between the marks.
test('docs/execve.md shows the wrappers as they are', () => {
  const [, table] = /<!-- wrappers -->\n([\s\S]*)\n<!-- \/wrappers -->/.exec(text) ?? []
  expect(table).toBe(wrapperTable())
})

// What scripts/support/command-table.ts gives goes between the marks.
test('docs/execve.md shows what commands do as it is', () => {
  const [, table] = /<!-- commands -->\n([\s\S]*)\n<!-- \/commands -->/.exec(text) ?? []
  expect(table).toBe(commandTable())
})

// What scripts/support/limit-table.ts gives goes between the marks.
test('docs/execve.md shows the limits as they are', () => {
  const [, table] = /<!-- limits -->\n([\s\S]*)\n<!-- \/limits -->/.exec(text) ?? []
  expect(table).toBe(limitTable())
})

// What scripts/support/entry-script-table.ts gives goes between the marks.
test('docs/execve.md shows how far start scripts are followed', () => {
  const [, table] = /<!-- entry-scripts -->\n([\s\S]*)\n<!-- \/entry-scripts -->/.exec(text) ?? []
  expect(table).toBe(entryScriptTable())
})

test.each([...text.matchAll(/\]\((rules\/[^)#]+)\)/g)].map(([, page]) => page ?? ''))('the page %s is there', page => {
  expect(readFileSync(`docs/${page}`, 'utf8')).toContain('#')
})
