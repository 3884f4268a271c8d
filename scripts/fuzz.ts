import {createHash} from 'node:crypto'
import {mkdirSync, readdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {createLimiter} from '../src/lib/concurrency.ts'
import {writeCorpus} from './fuzz/corpus.ts'
import type {FoundInput} from './fuzz/loop.ts'
import type {Told} from './fuzz/messages.ts'
import {runTarget} from './fuzz/run-target.ts'

/*
 * npm run fuzz [-- --seconds N --target T --seed S --runs N --at-once N --save-corpus]
 *
 * Gives the readers of foreign bytes inputs that nobody would write: made from valid ones and from the committed corpus
 * (scripts/fuzz/corpus), steered by which places of src/ they reach. scripts/fuzz/targets has a file for each reader;
 * it says what holds for every input. Beside that nothing may be thrown but what a reader declares, no input may take
 * longer than stated, and the same input has the same answer. --seconds is the time of all targets together; --runs
 * limits the inputs of each, so that a seed gives the same on every machine. Inputs with a finding go to .cache/fuzz.
 * --save-corpus puts the best of what was kept in the place of the committed corpus. Exit code 1 on a finding.
 */

const {values} = parseArgs({
  options: {
    seconds: {type: 'string', default: '60'},
    target: {type: 'string', multiple: true, default: []},
    seed: {type: 'string', default: '1'},
    runs: {type: 'string'},
    'at-once': {type: 'string', default: '2'},
    'save-corpus': {type: 'boolean', default: false},
  },
})

const FOLDER = '.cache/fuzz'

process.exitCode = await main()

async function main(): Promise<number> {
  const all = readdirSync(new URL('./fuzz/targets/', import.meta.url)).map(file => file.replace(/\.ts$/, ''))
  const unknown = values.target.filter(name => !all.includes(name))
  if (unknown.length > 0) {
    console.error(`no target ${unknown.join(', ')}: expected ${all.join(', ')}`)
    return 2
  }
  const names = values.target.length === 0 ? all : values.target
  const atOnce = Math.min(Number(values['at-once']), names.length)
  const seconds = (Number(values.seconds) * atOnce) / names.length
  mkdirSync(FOLDER, {recursive: true})
  const limiter = createLimiter(atOnce)
  const results = await Promise.all(names.map(name => limiter(() => fuzzOne(name, seconds))))
  const failed = results.filter(({findings}) => findings.length > 0).length
  const executions = results.reduce((total, result) => total + result.executions, 0)
  console.log(`seed ${values.seed}: ${executions.toLocaleString('en-US')} inputs for ${names.length} targets`)
  console.log(`test:fuzz: ${names.length - failed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

async function fuzzOne(name: string, seconds: number): Promise<Told> {
  const told = await runTarget({
    name,
    outfile: join(FOLDER, `${name}.mjs`),
    seed: Number(values.seed),
    seconds,
    runs: values.runs === undefined ? undefined : Number(values.runs),
    selects: values['save-corpus'],
  })
  const {executions, places, reachedFirst, reached, kept, findings, corpus} = told
  console.log(
    `${name}: ${executions.toLocaleString('en-US')} inputs, ${reached} of ${places} places reached ` +
      `(${reached - reachedFirst} new), ${kept} inputs kept, ${findings.length} findings`,
  )
  for (const finding of findings) report(name, finding)
  if (corpus && findings.length === 0) writeCorpus(name, corpus)
  return told
}

function report(name: string, {kind, message, input}: FoundInput): void {
  const hash = createHash('sha256').update(input).digest('hex').slice(0, 12)
  const file = join(FOLDER, `${name}-${kind}-${hash}`)
  writeFileSync(file, input)
  const start = Buffer.from(input.subarray(0, 200)).toString('latin1')
  console.log(`FAILED ${name}: ${kind}: ${message}\n  input: ${file}, ${input.length} bytes: ${JSON.stringify(start)}`)
}
