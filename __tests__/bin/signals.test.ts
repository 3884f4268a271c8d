import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {resolve} from 'node:path'
import {expect, test} from '@jest/globals'

const PROGRAM = `
import {abortOnSignals} from ${JSON.stringify(resolve('src/bin/signals.ts'))}
const signals = abortOnSignals()
let aborts = 0
signals.signal.addEventListener('abort', () => { aborts += 1 })
process.stdin.on('data', () => {
  process.stdout.write(aborts + ' ' + signals.exitCode())
  process.exit()
})
process.stdout.write('ready ')
`

test.each([
  [[], '0 undefined'],
  [['SIGINT'], '1 130'],
  [['SIGTERM'], '1 143'],
  // GitHub's runner sends one after the other: the first is why the run ends.
  [['SIGINT', 'SIGTERM'], '1 130'],
  [['SIGTERM', 'SIGINT'], '1 143'],
] as const)('%j: aborted once, and the exit code is the first signal’s', async (sent, expected) => {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', PROGRAM])
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(child.stdout, 'data')
  for (const signal of sent) {
    child.kill(signal)
    // Two signals that wait at once are delivered by their numbers.
    await new Promise(done => setTimeout(done, 100))
  }
  child.stdin.end('\n')
  await once(child, 'close')
  expect(Buffer.concat(chunks).toString()).toBe(`ready ${expected}`)
})
