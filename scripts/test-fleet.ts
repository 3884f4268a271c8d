/**
 * A fleet of generated images on a local registry, some broken, some gone, some rate-limited, some slow: one process,
 * 1, 4 and 16 parts and a run that was killed and continued give the same report, byte for byte, in every format.
 * `npm run test:fleet [-- --count 1000]`.
 */
import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {OUTCOMES, startFleetRegistry} from './fleet/fleet-registry.ts'
import {type Ended, reportArguments, reportsOf, runParts, runUntil, startCommand} from './fleet/runs.ts'
import {createTally} from './package/tally.ts'
import {withTemporaryFolder} from './support/temporary-folder.ts'

const {values} = parseArgs({options: {count: {type: 'string', default: '1000'}}})
const count = Number(values.count)
if (!Number.isSafeInteger(count) || count < 60) throw new Error('--count: expected a number from 60 on')
const POLICY = `version: 1
defaults: {platforms: [linux/amd64, linux/arm64]}
images:
  - {match: '**/team1/*', scope: entrypoint}
suppressions:
  - {rule: wrong-machine, image: '**/team2/*', reason: known, until: 2099-01-31}
`
const IMAGES = ['--images-from', 'images.txt', '--policy', 'policy.yml', '--source', 'registry', '--concurrency', '16']

const tally = createTally('test:fleet')
const {server, images} = await startFleetRegistry(count)
try {
  await withTemporaryFolder('verify-fleet', async folder => {
    await writeFile(join(folder, 'images.txt'), images.map(({name}) => `${name}\n`).join(''))
    await writeFile(join(folder, 'policy.yml'), POLICY)
    const once = await timed('one process', () => startCommand(folder, [...IMAGES, ...reportArguments('once')]).ended)
    tally.tell('one process: exit code 3, because some cannot be read', once.code === 3 ? undefined : said(once))
    await tellOutcomes(folder)
    for (const parts of [1, 4, 16]) await tryParts(folder, parts)
    await tryResumed(folder)
  })
} finally {
  await server.stop()
}
tally.end(4 * 9 + 8)

/** What was found is what was generated: else all would agree on something wrong. */
async function tellOutcomes(folder: string): Promise<void> {
  const report = JSON.parse(await readFile(join(folder, 'once.json'), 'utf8'))
  type Image = {readonly reference: string; readonly problem?: object}
  type Finding = {readonly image: string; readonly level: string}
  const failing = new Set(
    [...report.findings, ...report.switchedOff]
      .filter(({level}: Finding) => level === 'error')
      .map(({image}: Finding) => image),
  )
  const seen = new Map(
    report.images.map(({reference, problem}: Image) => [
      reference,
      problem !== undefined ? 'unchecked' : failing.has(reference) ? 'failed' : 'passed',
    ]),
  )
  for (const outcome of new Set(Object.values(OUTCOMES))) {
    const meant = images.filter(({kind}) => OUTCOMES[kind] === outcome)
    const other = meant.filter(({name}) => seen.get(name) !== outcome)
    const problem = other.map(({name, kind}) => `${name} (${kind}): ${seen.get(name)}`).join('\n')
    tally.tell(`${meant.length} images ${outcome}, as they were made`, problem === '' ? undefined : problem)
  }
}

async function tryParts(folder: string, parts: number): Promise<void> {
  const ended = await timed(`${parts} parts`, () => runParts(folder, IMAGES, parts, 4))
  const odd = ended.filter(({code}) => code === null || ![0, 1, 3].includes(code))
  tally.tell(`${parts} parts: each ends`, odd.length === 0 ? undefined : odd.map(said).join('\n'))
  const files = Array.from({length: parts}, (_, index) => `parts-${parts}-${index + 1}.jsonl`)
  await tellMerged(folder, `${parts} parts`, `merged-${parts}`, files)
}

async function tryResumed(folder: string): Promise<void> {
  const there = await runUntil(folder, IMAGES, 'resumed.jsonl', Math.floor(count * 0.4))
  const isCut = there < count
  tally.tell(`a run that is killed behind ${there} of ${count} images`, isCut ? undefined : 'it was not cut off')
  const {stdout, ...ended} = await timed(
    'the rest',
    () => startCommand(folder, [...IMAGES, '--resume', 'resumed.jsonl']).ended,
  )
  const kept = Number(/(\d+) of them kept/.exec(stdout)?.[1] ?? 0)
  const unread = images.filter(({kind}) => OUTCOMES[kind] === 'unchecked').length
  // What could not be read is read again.
  const isKept = kept > 0 && kept <= there && kept >= there - unread
  tally.tell(`it is continued, and ${kept} are kept`, isKept ? undefined : said({stdout, ...ended}))
  await tellMerged(folder, 'a run that was killed and continued', 'resumed', ['resumed.jsonl'])
}

async function tellMerged(folder: string, what: string, name: string, files: readonly string[]): Promise<void> {
  await startCommand(folder, ['merge', ...files, ...reportArguments(name)]).ended
  const [whole, merged] = await Promise.all([reportsOf(folder, 'once'), reportsOf(folder, name)])
  for (const [format, text] of whole) {
    // No image may be signed where one fails: the list of them is empty.
    const isSame = (text !== '' || format === 'images') && merged.get(format) === text
    tally.tell(`${what}: the same report as ${format}`, isSame ? undefined : 'it is another')
  }
}

/** Runs with a registry that has forgotten what it was asked for: who was refused once is refused again. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  server.forget()
  const since = performance.now()
  const result = await work()
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  const {length} = server.requests
  console.log(`        ${what}: ${seconds} s, ${length} requests (${(length / count).toFixed(1)} an image)`)
  return result
}

function said({code, stdout, stderr}: Ended): string {
  return `exit code ${code}\n${stdout.slice(-2000)}${stderr.slice(-2000)}`
}
