import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {expect, test} from '@jest/globals'
import {headingAnchor} from '../../scripts/support/heading-anchor.ts'
import {projectFiles} from '../../scripts/support/project-files.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const PAGES = ['README.md', 'CONTRIBUTING.md', ...pagesOf('docs'), ...pagesOf('docs/rules')]

function pagesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder))
    .filter(name => name.endsWith('.md'))
    .map(name => `${folder}/${name}`)
}

const withoutCode = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '')

/** The anchors that GitHub gives to the headings of a page. */
function anchors(text: string): string[] {
  return Array.from(withoutCode(text).matchAll(/^#+ (.+)$/gm), ([, heading = '']) => headingAnchor(heading))
}

test('README.md can be read in a few minutes: at most 900 words, code left aside', () => {
  const words = withoutCode(read('README.md'))
    .split(/\s+/)
    .filter(word => /[\p{L}\p{N}]/u.test(word))
  expect(words.length).toBeGreaterThan(300)
  expect(words.length).toBeLessThanOrEqual(900)
})

test.each(PAGES)('the links of %s lead somewhere', page => {
  const broken = Array.from(withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
    .filter(link => !/^[a-z]+:/.test(link))
    .filter(link => {
      const [path = '', anchor] = link.split('#')
      const target = path === '' ? page : join(dirname(page), path)
      if (!existsSync(join(ROOT, target))) return true
      return anchor !== undefined && !anchors(read(target)).includes(anchor)
    })
  expect(broken).toEqual([])
})

test('the index of docs/ names every page', () => {
  const index = read('docs/README.md')
  const missing = pagesOf('docs').filter(page => page !== 'docs/README.md' && !index.includes(`](${page.slice(5)})`))
  expect(missing).toEqual([])
})

test('the messages of docs/troubleshooting.md are messages of the program', () => {
  const [, table = ''] = /## The check could not be made(.*?)^## /ms.exec(read('docs/troubleshooting.md')) ?? []
  const messages = Array.from(table.matchAll(/^\| `([^`]+)` \|/gm), ([, message = '']) => message)
  const source = projectFiles(ROOT)
    .filter(path => path.startsWith('src/'))
    .map(read)
    .join('\n')
  expect(messages.length).toBeGreaterThan(4)
  expect(messages.filter(message => !source.includes(message))).toEqual([])
})
