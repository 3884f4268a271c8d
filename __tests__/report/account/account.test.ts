import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import type {Facts} from '../../../src/facts/facts.ts'
import {check, type OpenImage} from '../../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../../src/pipeline/options.ts'
import {decisionOf} from '../../../src/report/account/decision.ts'
import {showArgument} from '../../../src/report/account/private-values.ts'
import {accountOf, renderAccount} from '../../../src/report/index.ts'
import {buildElf} from '../../support/elf-builder.ts'
import {testNode, testStep} from '../../support/facts.ts'
import {goldenText} from '../../support/golden.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {type MemoryImage, memoryImages} from '../../support/memory-source.ts'

const AMD64 = executable(buildElf({machine: 62}))
const ARM64 = executable(buildElf({machine: 183, align: 0x10000}))
const files = (app: MemoryTree[string]): MemoryTree => ({
  '/bin': {link: 'usr/bin'},
  '/usr/bin/sh': ARM64,
  '/usr/bin/tini': ARM64,
  '/entrypoint.sh': executable('#!/bin/sh\nset -e\nexec /usr/bin/app "$@"\n'),
  '/usr/bin/app': app,
})
const config = {
  entrypoint: ['tini', '--', '/entrypoint.sh'],
  cmd: ['serve', '--password=hunter2'],
  env: ['PATH=/usr/bin:/bin', 'DB_PASSWORD=hunter2'],
  healthcheck: ['CMD-SHELL', 'curl -u admin:hunter2 registry.corp || exit 1'],
}

/** An image whose second platform has the program of another one behind a wrapper and a script. */
const SMALL: MemoryImage = {
  platforms: [
    {platform: 'linux/arm64', config, files: files(ARM64)},
    {platform: 'linux/arm64/v9', config: {...config, cmd: []}, files: files(AMD64)},
  ],
}

async function accountOfImage(open: OpenImage, reference: string) {
  const seen: Facts[] = []
  const raw = {
    ...DEFAULTS,
    image: [reference],
    metadata: '',
    platforms: [],
    dockerfile: [],
    rules: [],
    ignore: [],
    baseline: '',
  }
  const report = await check(parseOptions(raw), open, {version: '1.2.3'}, undefined, {
    onFacts: facts => seen.push(facts),
  })
  const [facts] = seen
  if (facts === undefined) throw new Error('nothing was seen')
  return accountOf(facts, report)
}

test.each(['text', 'json'] as const)('the account of an image as %s', async format => {
  const account = await accountOfImage(
    memoryImages({'registry.corp/team/app:1': SMALL}).open,
    'registry.corp/team/app:1',
  )
  const text = renderAccount(account, format)
  expect(text).toBe(goldenText(`report/golden/account.${format}.txt`, text))
  expect(text).not.toContain('registry.corp')
  expect(text).not.toContain('hunter2')
})

test('what nobody is to see does not stand in it, whatever it is', async () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9+=]{8,24}$/).filter(text => !/^[a-z]+$/.test(text))
  await fc.assert(
    fc.asyncProperty(secret, secret, secret, async (variable, argument, option) => {
      const image = {
        platforms: SMALL.platforms.map(platform => ({
          ...platform,
          config: {
            ...platform.config,
            env: [...(platform.config?.env ?? []), `TOKEN=${variable}`],
            cmd: ['serve', argument, `--password=${option}`, `--url=https://u:${option}@host/`],
          },
        })),
      }
      const name = 'registry.corp/team/app:1'
      const account = await accountOfImage(memoryImages({[name]: image}).open, name)
      for (const format of ['text', 'json'] as const) {
        const text = renderAccount(account, format)
        for (const hidden of [variable, argument, option, name]) expect(text).not.toContain(hidden)
      }
    }),
    {numRuns: 30},
  )
})

describe('an argument as it is shown', () => {
  test.each([
    ['app', 0, 'app'],
    ['/usr/bin/app', 3, '/usr/bin/app'],
    ['./run.sh', 1, './run.sh'],
    ['-c', 1, '-c'],
    ['--verbose', 1, '--verbose'],
    ['--password=hunter2', 1, '--password…'],
    ['-phunter2!', 1, '-phunter2…'],
    ['exec server "$@"', 2, '…'],
    ['https://u:p@host/x', 1, '…'],
    ['//u:p@host', 1, '…'],
    ['', 1, ''],
  ])('%j, the %dth: %j', (argument, at, shown) => expect(showArgument(argument, at)).toBe(shown))
})

describe('a decision', () => {
  const by = {kind: 'command', name: 'cp in /entrypoint.sh'} as const
  test.each([
    [testStep({verdict: {fit: 'native'}, node: testNode('/app')}), 'starts: a program of this platform'],
    [testStep({role: 'library', verdict: {fit: 'native'}}), 'loaded: a library of this platform'],
    [testStep({verdict: {fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}}), 'fails: x86-64, expected aarch64'],
    [testStep({verdict: {fit: 'script', interpreter: '/bin/sh'}}), 'a script: the kernel starts /bin/sh with it'],
    [testStep({verdict: {fit: 'undetermined', reason: 'why'}}), 'not known: why'],
    [testStep({verdict: {fit: 'crashes', signal: 'SIGSEGV', reason: 'why'}}), 'fails: SIGSEGV; why'],
    [testStep(), 'nothing is there'],
    [testStep({maybe: {by, grade: 'made'}}), 'nothing is there; not certain: cp in /entrypoint.sh may have made it'],
    [
      testStep({role: 'argument', node: testNode('/a.py')}),
      'read by the program before it, never executed by the kernel',
    ],
    [testStep({obstacle: {kind: 'missing', errno: 'ENOENT', at: '/app'}}), 'fails: missing (ENOENT); at /app'],
    [
      testStep({
        obstacle: {
          kind: 'not-in-path',
          errno: 'ENOENT',
          searched: ['/bin', '/sbin'],
          passed: [{path: '/bin/app', reason: 'directory'}],
        },
      }),
      'fails: not-in-path (ENOENT); searched /bin, /sbin; passed /bin/app directory',
    ],
  ])('%#', (step, expected) => expect(decisionOf(step)).toBe(expected))
})
