import {describe, expect, test} from '@jest/globals'
import {type Engine, STORES} from './ground/engine.ts'
import {engineLeftovers} from './ground/leftovers.ts'
import {expectProblem} from './support/checks.ts'
import {holdExport} from './support/held-export.ts'
import {expectNothingLeft, testedProcesses} from './support/leftovers.ts'
import {runAction, startAction} from './support/run-action.ts'
import {runCli} from './support/run-cli.ts'
import {namesOf, openStand} from './support/stand.ts'

// An engine that accepts connections and never answers: its process is stopped, and goes on later.

const stand = await openStand()
const {tagged} = namesOf(stand, 'right-furnished')

/** In milliseconds: what does not heed SIGTERM has four seconds, and a slow machine the rest. */
const END = 20_000
/** In milliseconds: so long is waited for an engine that does not remove what was made. */
const CLEANING = 30_000
const TIMED_OUT = /the check was not over after \d+ s; it was waiting for docker \S+ /

describe.each(STORES)('with the %s store', store => {
  const engine = stand.engines[store]
  expectNothingLeft(stand, engine)

  test('an engine that hangs from the start', async () => {
    await whileStopped(engine, async () => {
      const [action, command] = await Promise.all([
        runAction(stand, {engine, inputs: {image: tagged, timeout: '5s'}}),
        runCli(stand, engine, [tagged, '--timeout', '5s']),
      ])
      expectProblem(action, TIMED_OUT)
      expect(command.stderr).toMatch(TIMED_OUT)
      expect({exitCode: command.exitCode, stdout: command.stdout}).toEqual({exitCode: 3, stdout: ''})
      for (const {milliseconds} of [action, command]) expect(milliseconds).toBeLessThan(5000 + END)
      expect(await testedProcesses(stand)).toEqual([])
    })
  })
})

// By the engine's socket: scripts/faults/time-limit-suite.ts.
test('an engine that hangs while files are read: what it does not remove is told, and post removes it', async () => {
  const engine = stand.engines.classic
  const before = await engineLeftovers(engine)
  const hold = await holdExport(stand, engine, 'timeout-export', 'client')
  try {
    const action = await startAction(stand, {engine, inputs: {image: tagged, timeout: '30s'}, env: hold.env})
    await hold.reached()
    const run = await whileStopped(engine, async () => {
      await hold.release()
      return action.ended
    })
    expect({exitCode: run.exitCode, told: run.commands.map(({name}) => name)}).toEqual({
      exitCode: 1,
      told: ['warning', 'error'],
    })
    expect(run.commands[1]?.data).toMatch(TIMED_OUT)
    expect(run.milliseconds).toBeLessThan(30_000 + CLEANING + END)
    expect(run.log).toMatch(/::warning::docker \S+ .* did not end within 30 s: containers and images .* may be left/)
    expect(await testedProcesses(stand)).toEqual([])
    expect(await run.post()).toMatchObject({exitCode: 0, log: ''})
    expect(await engineLeftovers(engine)).toEqual(before)
  } finally {
    await hold.close()
  }
})

async function whileStopped<T>({pid}: Engine, body: () => Promise<T>): Promise<T> {
  process.kill(pid, 'SIGSTOP')
  try {
    return await body()
  } finally {
    process.kill(pid, 'SIGCONT')
  }
}
