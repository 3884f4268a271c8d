import {readFile} from 'node:fs/promises'
import {setTimeout} from 'node:timers/promises'
import {describe, expect, test} from '@jest/globals'
import {runProcess, startProcess} from '../../src/source/process.ts'

const env = {PATH: process.env.PATH}
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

describe('a command to its end', () => {
  test('gives what it printed, byte for byte, and its exit code', async () => {
    const {stdout, stderr, exitCode} = await runProcess('sh', ['-c', "printf 'a\\377b'; echo no >&2; exit 3"], {env})
    expect([...stdout]).toEqual([97, 255, 98])
    expect([stderr, exitCode]).toEqual(['no', 3])
  })

  test('sees the environment that is given, and no other', async () => {
    const {stdout} = await runProcess('sh', ['-c', 'echo "$ONE-$HOME"'], {env: {...env, ONE: '1'}})
    expect(text(stdout)).toBe('1-\n')
  })

  test('that is not installed is told', async () => {
    await expect(runProcess('no-such-command', [], {env})).rejects.toMatchObject({
      name: 'SourceError',
      code: 'unavailable',
      message: 'no-such-command is not installed (not found in PATH)',
      hint: expect.stringContaining('source: registry'),
    })
  })

  test('keeps the end of a long standard error', async () => {
    const {stderr} = await runProcess('sh', ['-c', 'head -c 100000 /dev/zero | tr "\\0" x >&2; echo end >&2'], {env})
    expect(stderr.length).toBeLessThan(20_000)
    expect(stderr.endsWith('xend')).toBe(true)
  })
})

describe('a cancelled run', () => {
  test('kills the child and fails as aborted', async () => {
    const controller = new AbortController()
    const running = runProcess('sleep', ['60'], {env, signal: controller.signal})
    controller.abort()
    await expect(running).rejects.toMatchObject({code: 'aborted'})
  })

  test('starts nothing more', async () => {
    const options = {env, signal: AbortSignal.abort()}
    await expect(runProcess('true', [], options)).rejects.toMatchObject({code: 'aborted'})
  })

  test('kills a child that does not listen', async () => {
    const controller = new AbortController()
    const running = startProcess('sh', ['-c', "trap '' TERM; echo ready; while :; do sleep 0.1; done"], {
      env,
      signal: controller.signal,
    })
    for await (const chunk of running.stdout) {
      expect(String(chunk)).toBe('ready\n')
      break
    }
    controller.abort()
    await expect(running.finished()).rejects.toMatchObject({code: 'aborted'})
  })
})

/** Prints the id of a process that it starts, which heeds nothing and keeps the pipes open. */
const WITH_CHILD = `sh -c "trap '' TERM INT; echo \\$\\$; exec 2>&1; while :; do sleep 0.1; done" & wait`

describe('what a child has started', () => {
  /** Whether it runs: one that has ended may wait for somebody to ask how. */
  const isAlive = async (pid: number): Promise<boolean> => {
    const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
    return /\) [^Z]/.test(stat)
  }
  const endOf = async (pid: number): Promise<void> => {
    while (await isAlive(pid)) await setTimeout(50)
  }

  test.each(['cancelled', 'stopped'])('ends with it where that is %s', async how => {
    const controller = new AbortController()
    const running = startProcess('sh', ['-c', WITH_CHILD], {env, signal: controller.signal})
    const chunks = running.stdout[Symbol.asyncIterator]()
    const pid = Number(String((await chunks.next()).value))
    expect(await isAlive(pid)).toBe(true)
    if (how === 'cancelled') {
      controller.abort()
      await expect(chunks.next()).rejects.toMatchObject({code: 'aborted'})
      await expect(running.finished()).rejects.toMatchObject({code: 'aborted'})
    } else await running.stop()
    await endOf(pid)
  })
})

test('a child whose output nobody reads any more is not waited for', async () => {
  const running = startProcess('sh', ['-c', "echo one; trap '' PIPE; while :; do sleep 0.1; done"], {env})
  for await (const chunk of running.stdout) {
    expect(String(chunk)).toBe('one\n')
    break
  }
  expect((await running.finished()).exitCode).toBe(-1)
})

test('nothing is waited for of a child that ended before all of its output was read', async () => {
  // In a process of its own, which has no timers but those of the product.
  const program = `
    const {startProcess} = await import('./src/source/process.ts')
    const active = kind => process.getActiveResourcesInfo().includes(kind)
    const running = startProcess('head', ['-c', '100000', '/dev/zero'], {env: process.env})
    const chunks = running.stdout[Symbol.asyncIterator]()
    await chunks.next()
    while (active('ProcessWrap')) await new Promise(resolve => setTimeout(resolve, 10))
    // The last of the child's pipes closes here, and with it the child.
    await chunks.return()
    const {exitCode} = await running.finished()
    await new Promise(resolve => setTimeout(resolve, 10))
    console.log(exitCode, process.getActiveResourcesInfo().filter(kind => kind === 'Timeout').length)`
  const {stdout} = await runProcess(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {env})
  expect(text(stdout)).toBe('0 0\n')
})

test('a child that prints without end is ended', async () => {
  await expect(runProcess('yes', [], {env})).rejects.toMatchObject({
    code: 'unavailable',
    message: 'yes printed more than 64 MiB (limit docker-output-bytes)',
    hint: 'Where the image is meant to be like that, raise it with limits: docker-output-bytes=128MiB.',
  })
})

test('a stream can be ended early', async () => {
  const running = startProcess('yes', [], {env})
  let size = 0
  for await (const chunk of running.stdout) {
    size += (chunk as Uint8Array).length
    if (size > 100_000) break
  }
  await running.stop()
  expect((await running.finished()).exitCode).not.toBe(0)
})
