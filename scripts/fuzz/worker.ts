import {pathToFileURL} from 'node:url'
import {parentPort, workerData} from 'node:worker_threads'
import {readCorpus, selectCorpus} from './corpus.ts'
import {Coverage, type FileCounters} from './coverage.ts'
import {COUNTERS, instrumentTarget} from './instrument.ts'
import {fuzz} from './loop.ts'
import {type Order, type Told, watchInput} from './messages.ts'
import type {FuzzTarget} from './target.ts'

const order: Order = workerData
const {file, words} = await instrumentTarget(order.name, order.outfile)
const {target}: {target: FuzzTarget} = await import(pathToFileURL(file).href)
const counters: Readonly<Record<string, FileCounters>> = Reflect.get(globalThis, COUNTERS)
const coverage = new Coverage(Object.values(counters))

const onInput = (input: Uint8Array): void => watchInput(order.watch, input)
const end = performance.now() + order.seconds * 1000
const {executions, reachedFirst, reached, kept, findings} = await fuzz(target, {
  coverage,
  seed: order.seed,
  words,
  corpus: readCorpus(order.name),
  goesOn: done => performance.now() < end && done < (order.runs ?? Number.POSITIVE_INFINITY),
  onInput,
})
const told: Told = {
  executions,
  places: coverage.size,
  reachedFirst,
  reached,
  kept: kept.length,
  findings,
  corpus: order.selects ? await selectCorpus(target, {kept, coverage, onInput}) : undefined,
}
parentPort?.postMessage(told)
