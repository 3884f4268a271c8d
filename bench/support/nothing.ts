/** A program that does nothing: what the start of node takes. */
import {peakMemory, processorTime} from './peak-memory.ts'

console.log(JSON.stringify({memory: peakMemory(), processor: processorTime()}))
