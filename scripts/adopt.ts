/**
 * Gives the project its home: `npm run adopt -- OWNER/REPO`, before the first release. It replaces the name that
 * package.json has in all files that git knows, builds, and makes the documentation; the rest is for `npm run all`.
 * Nothing is committed.
 */
import {execFileSync} from 'node:child_process'
import {lstatSync, readFileSync, writeFileSync} from 'node:fs'
import {homeOf, parseHome, rehome} from './adopt/rename.ts'

/** Built, or bytes. */
const LEFT_OUT = /^(?:dist\/|examples\/[^/]+\/blobs\/|package-lock\.json$)/

const [wanted = '', ...more] = process.argv.slice(2)
const to = parseHome(wanted)
if (to === undefined || more.length > 0) {
  console.error(
    `usage: npm run adopt -- OWNER/REPO${wanted === '' ? '' : `\n${JSON.stringify(wanted)} is not a repository of GitHub`}`,
  )
  process.exit(2)
}
const from = homeOf(JSON.parse(readFileSync('package.json', 'utf8')))
const changed = execFileSync('git', ['ls-files', '-z'], {encoding: 'utf8'})
  .split('\0')
  .filter(path => path !== '' && !LEFT_OUT.test(path) && lstatSync(path).isFile())
  .filter(path => {
    const text = readFileSync(path, 'utf8')
    const renamed = rehome(path, text, from, to)
    // What is not text would not come back as it was.
    if (renamed === text || text.includes('\u{fffd}')) return false
    writeFileSync(path, renamed)
    return true
  })
console.log(`${from.owner}/${from.repository} is ${to.owner}/${to.repository} in ${changed.length} files`)
for (const script of ['build', 'docs']) {
  execFileSync(process.execPath, ['--no-warnings', `scripts/${script}.ts`], {stdio: ['ignore', 'ignore', 'inherit']})
}
console.log(
  'dist/ and the documentation are made again. Look at them (git diff), and run npm run all before you commit.',
)
