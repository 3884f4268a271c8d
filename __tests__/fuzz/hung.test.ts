import {once} from 'node:events'
import {Worker} from 'node:worker_threads'
import {expect, test} from '@jest/globals'
import {watchThread} from '../../scripts/fuzz/hung.ts'

const MOST = 300

/** Whether a thread counts as hung, that ends after a while or never. */
async function isHung(code: string, begun: () => number): Promise<boolean> {
  const worker = new Worker(code, {eval: true})
  const ended = once(worker, 'exit')
  let hung = false
  const end = watchThread(worker, {
    begun,
    most: MOST,
    onHung: () => {
      hung = true
      void worker.terminate()
    },
  })
  await ended
  end()
  return hung
}

const BUSY = 'for (const since = Date.now(); Date.now() - since < 60000; );'
const SLEEPS = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500)'

test('a thread that works at one input and does not come back is hung', async () => {
  expect(await isHung(BUSY, () => 1)).toBe(true)
})

test('one that gets no processor is not, however long it takes', async () => {
  expect(await isHung(SLEEPS, () => 1)).toBe(false)
})

test('one that is at another input each time is not, nor one that has not begun', async () => {
  let inputs = 0
  const short = BUSY.replace('60000', '2500')
  expect(await isHung(short, () => ++inputs)).toBe(false)
  expect(await isHung(short, () => 0)).toBe(false)
})
