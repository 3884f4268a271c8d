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
