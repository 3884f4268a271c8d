import {existsSync, readdirSync, readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {parse} from 'yaml'

const read = (path: string): string => readFileSync(path, 'utf8')
const {version, repository}: {version: string; repository: {url: string}} = JSON.parse(read('package.json'))
const home = repository.url.replace(/^git\+https:\/\/github\.com\/|\.git$/g, '')

test('the Marketplace shows a description of fewer than 125 characters', () => {
  const {description}: {description: string} = parse(read('action.yml'))
  expect(description.length).toBeGreaterThan(40)
  expect(description.length).toBeLessThan(125)
})

describe('the version stands in package.json, and everywhere else it is the same', () => {
  test('a release', () => expect(version).toMatch(/^\d+\.\d+\.\d+$/))
  test('the changelog has it', () => expect(read('CHANGELOG.md')).toContain(`\n## ${version} - `))
  test('the lock file', () => expect(JSON.parse(read('package-lock.json')).version).toBe(version))
  test('examples use its major version', () => {
    const used = [
      'README.md',
      'docs/workflows.md',
      ...readdirSync('examples/workflows').map(name => `examples/workflows/${name}`),
    ]
      .flatMap(path => [...read(path).matchAll(new RegExp(`${home}@(v[\\w.]+)`, 'g'))])
      .map(([, tag]) => tag)
    expect(used.length).toBeGreaterThan(3)
    expect(new Set(used)).toEqual(new Set([`v${version.split('.')[0]}`]))
  })
})

describe('the files that GitHub looks for', () => {
  const files = [
    'SECURITY.md',
    'CONTRIBUTING.md',
    'CODE_OF_CONDUCT.md',
    'LICENSE',
    '.github/CODEOWNERS',
    '.github/pull_request_template.md',
  ]
  test.each(files)('%s', path => expect(read(path).length).toBeGreaterThan(40))

  test('every file with an owner is there', () => {
    const named = read('.github/CODEOWNERS')
      .split('\n')
      .filter(line => line.startsWith('/'))
      .map(line => line.split(' ')[0]?.replace(/^\//, '').replace(/\*$/, '') ?? '')
    const isThere = (path: string): boolean => {
      const [folder, start] = [path.replace(/[^/]*$/, ''), path.replace(/^.*\//, '')]
      return existsSync(folder) && readdirSync(folder).some(name => name.startsWith(start))
    }
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter(path => !isThere(path))).toEqual([])
  })
})

// https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
describe('the issue forms', () => {
  const folder = '.github/ISSUE_TEMPLATE'
  const forms = readdirSync(folder).filter(name => name !== 'config.yml')

  test.each(forms)('%s is one', name => {
    const form = parse(read(`${folder}/${name}`))
    expect(Object.keys(form).filter(key => !['name', 'description', 'title', 'labels', 'body'].includes(key))).toEqual(
      [],
    )
    expect([form.name, form.description].every(text => typeof text === 'string' && text.length > 0)).toBe(true)
    const fields = form.body.filter(({type}: {type: string}) => type !== 'markdown')
    const known = ['textarea', 'input', 'dropdown', 'checkboxes']
    expect(
      fields.filter(
        ({type, attributes}: {type: string; attributes: {label?: string}}) =>
          !known.includes(type) || !attributes.label,
      ),
    ).toEqual([])
    const ids = fields.map(({id}: {id: string}) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain('explain')
    const labels = fields.map(({attributes}: {attributes: {label: string}}) => attributes.label)
    expect(new Set(labels).size).toBe(labels.length)
  })

  test('they lead to pages that are there', () => {
    const {contact_links: links}: {contact_links: {url: string; about: string; name: string}[]} = parse(
      read(`${folder}/config.yml`),
    )
    const pages = links.flatMap(({url}) => /\/blob\/main\/(.*)$/.exec(url)?.[1] ?? [])
    expect(pages.filter(path => !existsSync(path))).toEqual([])
    expect(links.every(({url, about, name}) => url.includes(home) && about !== '' && name !== '')).toBe(true)
  })
})
