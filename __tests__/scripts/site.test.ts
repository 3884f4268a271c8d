import {describe, expect, test} from '@jest/globals'
import {builtPath, linkProblem, linksOf, pageProblem, type Site} from '../../scripts/site/check-site.ts'
import {addressOf, rulesOf, sidebarOf, titleOf} from '../../scripts/site/sidebar.ts'
import {siteLink} from '../../scripts/site/site-link.ts'

const FILES = 'https://github.com/o/r/blob/main'

describe('a link of docs/ as the site has it', () => {
  test.each([
    ['scan.md', 'execve.md#services', 'execve.md#services'],
    ['scan.md', 'rules/README.md', 'rules/index.md'],
    ['rules/a.md', '../scan.md', '../scan.md'],
    ['rules/a.md', 'README.md#x', 'index.md#x'],
    ['rules/a.md', '../README.md', '../index.md'],
    ['scan.md', '../examples/workflows', `${FILES}/examples/workflows`],
    ['scan.md', '../README.md#inputs', `${FILES}/README.md#inputs`],
    ['rules/a.md', '../../SECURITY.md', `${FILES}/SECURITY.md`],
    ['scan.md', 'schema/report.json', `${FILES}/docs/schema/report.json`],
    ['scan.md', '#here', '#here'],
    ['scan.md', 'https://example.com/a.md', 'https://example.com/a.md'],
    ['scan.md', 'mailto:a@example.com', 'mailto:a@example.com'],
  ])('%s: %s', (page, link, expected) => expect(siteLink(page, link, FILES)).toBe(expected))
})

describe('the list of pages', () => {
  test('has the groups and the order of the index, and the titles of the pages', () => {
    const index =
      '# All\n\n## Use\n\n| [a](b.md) | x |\n| [r](rules/README.md) | y |\n\n## Judge\n\n| [c](c.md) | z |\n'
    expect(sidebarOf(index, page => `title of ${page}`)).toEqual([
      {
        text: 'Use',
        items: [
          {text: 'title of b.md', link: '/b'},
          {text: 'title of rules/README.md', link: '/rules/'},
        ],
      },
      {text: 'Judge', items: [{text: 'title of c.md', link: '/c'}]},
    ])
  })
  test('has the rules', () =>
    expect(rulesOf('| rule |\n| --- |\n| [`wrong-os`](wrong-os.md) | error |\n').items).toEqual([
      {text: 'wrong-os', link: '/rules/wrong-os'},
    ]))
  test('a page without a title is an error', () => {
    expect(titleOf('# A title\n\n# Another\n')).toBe('A title')
    expect(() => titleOf('text\n')).toThrow('no title')
  })
  test.each([
    ['README.md', '/', 'index.html'],
    ['rules/README.md', '/rules/', 'rules/index.html'],
    ['rules/a.md', '/rules/a', 'rules/a.html'],
  ])('%s is at %s, built as %s', (page, address, built) => {
    expect(addressOf(page)).toBe(address)
    expect(builtPath(page)).toBe(built)
  })
})

const site: Site = {
  base: '/r/',
  files: `${FILES}/`,
  built: new Map([
    ['index.html', '<main><h1 id="all">All</h1></main>'],
    ['scan.html', '<main><h1 id="scan">Scan</h1><h2 id="a&amp;b">A</h2></main>'],
    ['empty.html', '<main></main>'],
    ['rules/index.html', '<main><h1 id="rules">Rules</h1></main>'],
    ['assets/a.js', ''],
  ]),
  pages: new Map([
    ['README.md', '# All\n'],
    ['scan.md', '# Scan\n\n```sh\n# no heading\n```\n\n## A\n'],
    ['empty.md', '# Empty\n'],
    ['gone.md', '# Gone\n'],
  ]),
  exists: path => path === 'SECURITY.md',
}

describe('what was built', () => {
  test.each(['README.md', 'scan.md'])('%s is whole', page => expect(pageProblem(site, page)).toBeUndefined())
  test.each([
    ['empty.md', 'empty.html has 0 headings, expected 1'],
    ['gone.md', 'gone.html was not built'],
  ])('%s is not', (page, problem) => expect(pageProblem(site, page)).toBe(problem))

  test.each([
    ['index.html', '/r/scan'],
    ['index.html', './scan#scan'],
    ['index.html', '/r/'],
    ['index.html', './rules/#rules'],
    ['index.html', '/r/assets/a.js'],
    ['rules/index.html', '../scan#a%26b'],
    ['scan.html', '#scan'],
    ['scan.html', `${FILES}/SECURITY.md#x`],
    ['scan.html', 'https://example.com/'],
    ['scan.html', 'data:image/svg+xml,x'],
  ])('on %s %s leads somewhere', (page, link) => expect(linkProblem(site, page, link)).toBeUndefined())
  test.each([
    ['index.html', './nothing', 'no such page was built'],
    ['rules/index.html', './scan', 'no such page was built'],
    ['index.html', '/scan', 'it leaves /r/'],
    ['index.html', '../other', 'it leaves /r/'],
    ['index.html', './scan#nothing', 'scan.html has no #nothing'],
    ['scan.html', '#nothing', 'scan.html has no #nothing'],
    ['scan.html', `${FILES}/gone.md`, 'the repository has no such file'],
  ])('on %s %s does not: %s', (page, link, problem) => expect(linkProblem(site, page, link)).toBe(problem))

  test('all links of a page', () =>
    expect(
      linksOf(
        '<a class="x" href="/r/a?b&amp;c">a</a><script type="module" src="/r/s.js"></script><img alt="" src="i.png">',
      ),
    ).toEqual(['/r/a?b&c', '/r/s.js', 'i.png']))
})
