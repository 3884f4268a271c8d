import {describe, expect, test} from '@jest/globals'
import {followModules, followRequires, followUses} from '../../src/addons/index.ts'
import {followImports} from '../../src/addons/python/follow-imports.ts'
import type {RootFs} from '../../src/image/rootfs.ts'
import {LIMITS} from '../../src/lib/limits.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'

const MOST = LIMITS['followed-modules'].most

interface Language {
  readonly language: string
  readonly ending: string
  load(name: string): string
  follow(files: RootFs): Promise<readonly string[]>
}

const LANGUAGES: readonly Language[] = [
  {
    language: 'Node',
    ending: '.js',
    load: name => `require('./${name}')`,
    follow: async files => {
      const modules = await followModules(files, ['/start.js'])
      return modules.map(({path}) => path.replace(/\.js$/, ''))
    },
  },
  {
    language: 'Perl',
    ending: '.pm',
    load: name => `use ${name};`,
    follow: async files => [...(await followUses(files, ['/start.pm'], {inc: [''], others: []}))],
  },
  {
    language: 'Python',
    ending: '.py',
    load: name => `import ${name}`,
    follow: async files => [...(await followImports(files, ['/start.py'], {directories: [''], suffixes: []}))],
  },
  {
    language: 'Ruby',
    ending: '.rb',
    load: name => `require '${name}'`,
    follow: async files => {
      const path = {loadPath: [''], homes: [], extensions: [], ignored: []}
      return [...(await followRequires(files, ['/start.rb'], path))]
    },
  },
]

describe.each(LANGUAGES)('files of $language', ({ending, load, follow}) => {
  const treeOf = (texts: Readonly<Record<string, string>>): RootFs =>
    memoryRootfs(Object.fromEntries(Object.entries(texts).map(([name, text]) => [`/${name}${ending}`, text])))

  test('that load each other are read once', async () => {
    const files = treeOf({start: load('a'), a: `${load('b')}\n${load('start')}`, b: load('a')})
    const opened: string[] = []
    const open: RootFs['open'] = node => {
      opened.push(node.path.replace(ending, ''))
      return files.open(node)
    }
    await follow({...files, open})
    expect(opened).toEqual(['/start', '/a', '/b'])
  })

  test('are read up to a limit, and none that is too long', async () => {
    const names = Array.from({length: MOST}, (_, at) => `m${at}`)
    const texts = Object.fromEntries(names.map(name => [name, load(`${name}x`)]))
    const ends = Object.fromEntries(names.map(name => [`${name}x`, '']))
    const found = await follow(treeOf({start: names.map(load).join('\n'), ...texts, ...ends}))
    // The start is one of them.
    const last = ending === '.js' ? names[MOST - 2] : `${names[MOST - 2]}x`
    expect(found).toContain(`/${last}`)
    expect(found).not.toContain(`/${names[MOST - 1]}x`)
    const long = `${load('b')}\n`.padEnd(LIMITS['module-bytes'].most + 1)
    expect(await follow(treeOf({start: load('a'), a: long, b: ''}))).not.toContain('/b')
  })
})

test('a package.json of Node is read without a byte order mark', async () => {
  const files = memoryRootfs({
    '/start.js': "require('a')",
    '/node_modules/a/package.json': '\ufeff{"main": "m.js"}',
    '/node_modules/a/m.js': '',
    '/node_modules/a/index.js': '',
  })
  const modules = await followModules(files, ['/start.js'])
  expect(modules.map(({path}) => path)).toEqual(['/start.js', '/node_modules/a/m.js'])
})
