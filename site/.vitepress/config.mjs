// The pages of docs/ as a site: https://vitepress.dev/reference/site-config
import {readFileSync} from 'node:fs'
import {homeOf} from '../../scripts/adopt/rename.ts'
import {rulesOf, sidebarOf, titleOf} from '../../scripts/site/sidebar.ts'
import {siteLink} from '../../scripts/site/site-link.ts'
import {headingAnchor} from '../../scripts/support/heading-anchor.ts'

const docs = new URL('../../docs/', import.meta.url)
const read = page => readFileSync(new URL(page, docs), 'utf8')
const project = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const {owner, repository} = homeOf(project)
const github = `https://github.com/${owner}/${repository}`
const files = `${github}/blob/main`

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1a7f37"/><path d="M4 8.5 7 11.5 12.5 5" fill="none" stroke="#fff" stroke-width="2"/></svg>`

export default {
  title: project.name,
  description: project.description,
  lang: 'en',
  head: [['link', {rel: 'icon', href: `data:image/svg+xml,${encodeURIComponent(ICON)}`}]],
  base: `/${repository}/`,
  srcDir: '../docs',
  // A README.md is the page of its folder, as on GitHub.
  rewrites: {'README.md': 'index.md', 'rules/README.md': 'rules/index.md'},
  cleanUrls: true,
  ignoreDeadLinks: false,
  markdown: {
    anchor: {slugify: headingAnchor},
    config: markdown => {
      // No text of docs/ is a template of Vue: what is in `{{ }}` is an expression of a workflow.
      for (const kind of ['text', 'code_inline']) {
        const render = markdown.renderer.rules[kind]
        markdown.renderer.rules[kind] = (...token) => render(...token).replaceAll('{{', '&#123;&#123;')
      }
      markdown.core.ruler.push('links-of-docs', ({tokens, env}) => {
        const page = env.relativePath.replace(/(^|\/)index\.md$/, '$1README.md')
        for (const {type, children} of tokens) {
          if (type !== 'inline') continue
          for (const token of children.filter(child => child.type === 'link_open')) {
            token.attrSet('href', siteLink(page, token.attrGet('href'), files))
          }
        }
      })
    },
  },
  vite: {
    // The browsers of its default are older than its esbuild knows.
    build: {target: 'es2022'},
  },
  themeConfig: {
    // Pages with all of the words that a reader types, as of a message.
    search: {provider: 'local', options: {miniSearch: {searchOptions: {combineWith: 'AND'}}}},
    outline: {level: [2, 3]},
    sidebar: [...sidebarOf(read('README.md'), page => titleOf(read(page))), rulesOf(read('rules/README.md'))],
    socialLinks: [{icon: 'github', link: github}],
    editLink: {pattern: `${github}/edit/main/docs/:path`, text: 'Edit this page'},
    docFooter: {prev: false, next: false},
  },
}
