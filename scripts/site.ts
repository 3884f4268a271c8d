/**
 * Makes the site of docs/ and checks it: `npm run site [-- FOLDER] [--look PICTURES]`. It goes to FOLDER
 * (`.cache/site`). Every page is there and in the search, every link inside it and into the repository
 * leads somewhere, and each rule has the page that findings link to. With `--look` headless Chromium
 * opens it, searches, and takes pictures.
 */
import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {RULES} from '../src/rules/index.ts'
import {helpOf} from '../src/rules/run.ts'
import {homeOf} from './adopt/rename.ts'
import {createTally} from './package/tally.ts'
import {buildSite} from './site/build-site.ts'
import {builtPath, linkProblem, linksOf, pageProblem, type Site} from './site/check-site.ts'
import {lookAtSite} from './site/look-at-site.ts'
import {addressOf} from './site/sidebar.ts'

const {values, positionals} = parseArgs({options: {look: {type: 'string'}}, allowPositionals: true})
const [folder = '.cache/site'] = positionals
rmSync(folder, {recursive: true, force: true})
buildSite(folder)

const {owner, repository} = homeOf(JSON.parse(readFileSync('package.json', 'utf8')))
const filesIn = (root: string): readonly string[] =>
  readdirSync(root, {recursive: true, encoding: 'utf8'}).map(path => path.replaceAll('\\', '/'))
const site: Site = {
  base: `/${repository}/`,
  files: `https://github.com/${owner}/${repository}/blob/main/`,
  built: new Map(
    filesIn(folder).map(path => [path, path.endsWith('.html') ? readFileSync(join(folder, path), 'utf8') : '']),
  ),
  pages: new Map(
    filesIn('docs')
      .filter(path => path.endsWith('.md'))
      .map(path => [path, readFileSync(join('docs', path), 'utf8')]),
  ),
  exists: existsSync,
}

const tally = createTally('test:site')
const searched = searchedAddresses()
for (const page of site.pages.keys()) {
  tally.tell(`docs/${page}`, pageProblem(site, page) ?? linksProblem(builtPath(page)))
  const address = `${site.base.slice(0, -1)}${addressOf(page)}`
  tally.tell(
    `docs/${page} is found by the search`,
    searched.has(address) ? undefined : `${address} is not in its index`,
  )
}
for (const {id} of RULES) {
  const page = helpOf(id).slice(`${site.files}docs/`.length)
  const known = helpOf(id).startsWith(site.files) && site.pages.has(page)
  tally.tell(`the page that findings of ${id} link to`, known ? undefined : `there is no ${helpOf(id)}`)
}
if (values.look !== undefined) {
  for (const [what, problem] of await lookAtSite(folder, site.base, values.look)) tally.tell(what, problem)
}
tally.end(site.pages.size * 2 + RULES.length)

function linksProblem(page: string): string | undefined {
  const links = linksOf(site.built.get(page) ?? '')
  // The list of all pages alone is as many.
  if (links.length < site.pages.size) return `${page} has only ${links.length} links`
  const broken = links.flatMap(link => {
    const problem = linkProblem(site, page, link)
    return problem === undefined ? [] : [`${link}: ${problem}`]
  })
  return broken.length === 0 ? undefined : broken.join('\n')
}

/** The addresses of the pages whose sections are in the index of the search. */
function searchedAddresses(): ReadonlySet<string> {
  const name = filesIn(folder).find(path => /@localSearchIndexroot\.[^/]*\.js$/.test(path))
  if (name === undefined) throw new Error('the site was built without an index for its search')
  const addresses = readFileSync(join(folder, name), 'utf8').matchAll(/"\d+":"(\/[^"#]*)#[^"]*"/g)
  return new Set(Array.from(addresses, ([, address = '']) => address))
}
