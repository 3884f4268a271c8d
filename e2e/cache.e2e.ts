import {mkdtemp, readdir, readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {startCountingProxy} from '../bench/support/counting-proxy.ts'
import {expectVerdict} from './support/checks.ts'
import {runAction} from './support/run-action.ts'
import {namesOf, openStand} from './support/stand.ts'

// What is read of layers is kept in the runner's tool cache, by the action as it is built.

const stand = await openStand()
const engine = stand.engines.classic
const {tagged, digested} = namesOf(stand, 'right-plain')

describe('cache: true', () => {
  test.each(['essential', 'image'])('scope %s: the second job reads no layer, and says the same', async scope => {
    const tools = await mkdtemp(join(stand.scratch, 'tools-'))
    const proxy = await startCountingProxy(stand.registry.address)
    try {
      const through = (name: string) => name.replace(/^[^/]+/, proxy.address)
      const image = `docker://${through(tagged)}`
      const job = async (cache: string, isBroken = false) => {
        proxy.reset()
        const inputs = {image, scope, cache}
        const run = await runAction(stand, {engine, inputs, env: {RUNNER_TOOL_CACHE: tools}})
        const report = await readFile(run.outputs.report ?? '', 'utf8')
        // Tool-cache tells of itself in the log of those who debug their workflow.
        const commands = run.commands.filter(({name}) => name !== 'debug')
        if (!isBroken) await expectVerdict({...run, commands}, {verified: true, images: [through(digested)]})
        return {report, bytes: proxy.bytes(), log: run.log}
      }
      const cold = await job('true')
      const warm = await job('true')
      const without = await job('false')
      expect(warm.report).toBe(without.report)
      expect(cold.report).toBe(without.report)
      // Documents, and one byte of each layer.
      expect(warm.bytes).toBeLessThan(20_000)
      expect(cold.bytes).toBeGreaterThan(10 * warm.bytes)

      const entries = (await readdir(tools, {recursive: true})).filter(name => name.endsWith('/layer'))
      expect(entries.length).toBeGreaterThan(0)
      for (const name of entries) await writeFile(join(tools, name), 'something else')
      const broken = await job('true', true)
      expect(broken.report).toBe(without.report)
      expect(broken.log).toMatch(/^::warning::the cache entry of layer sha256:[0-9a-f]{64} is ignored: /m)
    } finally {
      await proxy.stop()
    }
  })
})
