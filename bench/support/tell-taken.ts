/**
 * Loaded before a program of ours (`--import`): writes what it took of memory and processors to $TELL_TAKEN, as JSON.
 */
import {writeFileSync} from 'node:fs'
import {peakMemory, processorTime} from './peak-memory.ts'

const file = process.env.TELL_TAKEN
if (file !== undefined) {
  process.once('exit', () => writeFileSync(file, JSON.stringify({memory: peakMemory(), processor: processorTime()})))
}
