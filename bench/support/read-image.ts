/**
 * One reading of an image, as a process of its own: IMAGE SCOPE [PLATFORM]. IMAGE is a reference, read from its
 * registry, or `oci:DIR`; SCOPE is one of the product's, with `docker:` in front by way of an engine. Prints what it
 * saw, and what it took of memory and processor time.
 */
import {quietRun} from '../../__tests__/support/quiet-run.ts'
import {collectAtOnce} from '../../src/bin/collect-at-once.ts'
import {SCOPES, type Scope} from '../../src/facts/scope.ts'
import {parseLocation} from '../../src/image/location.ts'
import type {ImageSource} from '../../src/image/source.ts'
import {createLimiter} from '../../src/lib/concurrency.ts'
import {DEFAULT_LIMITS} from '../../src/lib/limits.ts'
import {examineImage} from '../../src/pipeline/examine.ts'
import {parsePlatform} from '../../src/platform/index.ts'
import {imageOpener} from '../../src/source/open.ts'
import {peakMemory, processorTime} from './peak-memory.ts'

// Node would print the line of code first, which is all of the bundle.
process.on('uncaughtException', thrown => {
  console.error(`Error: ${thrown.message}`)
  process.exit(1)
})

/** What is known of a million programs is more than the limit lets be known of an image. */
const LIMITS = {...DEFAULT_LIMITS, 'image-tree-bytes': 4 * 2 ** 30}

const [text = '', wanted = 'entrypoint', only] = process.argv.slice(2)
const byEngine = wanted.startsWith('docker:')
const location = parseLocation(text.startsWith('oci:') || byEngine ? text : `docker://${text}`)
if (!location.ok) throw new Error(location.problem)
const scope = parseScope(wanted.replace('docker:', ''))
const platform = only === undefined ? undefined : parsePlatform(only)

// As both doors do.
collectAtOnce()
const open = imageOpener(
  quietRun('bench', {env: process.env, temporary: '/tmp', warn: message => console.error(message)}),
)
const source = await open(location.value, {limits: LIMITS})
const seen = await read(source)
await source.close()
console.log(JSON.stringify({seen, memory: peakMemory(), processor: processorTime()}))

function parseScope(name: string): Scope {
  const found = SCOPES.find(known => known === name)
  if (found === undefined) throw new Error(`expected one of ${SCOPES.join(', ')}, got ${JSON.stringify(name)}`)
  return found
}

async function read(image: ImageSource) {
  const required = platform?.ok ? [platform.value] : undefined
  const options = {required, scope, rules: new Map(), failOn: 'error'} as const
  const {image: facts} = await examineImage(image, options, createLimiter(4))
  const [problem] = facts.unreadable
  if (problem) throw new Error(problem.message)
  const fits = facts.platforms.map(({startup}) => startup.steps[0]?.verdict?.fit)
  if (fits.length === 0 || fits.some(fit => fit !== 'native')) throw new Error(`not what was expected: ${fits}`)
  return facts.platforms.map(({scan}) => scan?.files ?? 0)
}
