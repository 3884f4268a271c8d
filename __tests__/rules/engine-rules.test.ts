import {expect, test} from '@jest/globals'
import type {EngineRefusal} from '../../src/image/source.ts'
import {platformMalformed} from '../../src/rules/platform-malformed.ts'
import {platformUnreadable} from '../../src/rules/platform-unreadable.ts'
import {refusedByEngine} from '../../src/rules/refused-by-engine.ts'
import {runRules} from '../../src/rules/run.ts'
import {undetermined} from '../../src/rules/undetermined.ts'
import {testFacts, testPlatformFacts} from '../support/facts.ts'
import {testEntry, testRoot} from '../support/memory-source.ts'

const platform = testPlatformFacts('linux/arm64', {})

test.each<{refusals: readonly EngineRefusal[]; expected: readonly object[]}>([
  {refusals: [], expected: []},
  {
    refusals: [
      {by: 'both', problem: 'a link'},
      {by: 'classic', problem: 'a name'},
      {by: 'containerd', problem: 'a type'},
    ],
    expected: [
      {message: 'Docker, with either image store, refuses linux/arm64: a link'},
      {level: 'warning', message: 'the classic (graph driver) image store of Docker refuses linux/arm64: a name'},
      {level: 'warning', message: 'the containerd image store refuses linux/arm64: a type'},
    ],
  },
])('refused-by-engine: $refusals', ({refusals, expected}) => {
  const found = runRules([refusedByEngine], testFacts([{...platform, refusals}]), new Map())
  expect(found).toMatchObject(expected)
  expect(found).toHaveLength(expected.length)
})

test('an image whose config cannot be read is unreadable, and no platform is made up for it', () => {
  const unread = {code: 'blob-missing' as const, message: 'config sha256:0 is not there'}
  const entry = {...testEntry('linux/arm64', 1), platform: {os: '', architecture: '', variant: ''}, unread}
  const facts = testFacts([], {root: {...testRoot([]), entries: [entry]}, unreadable: [{entry, ...unread}]})
  expect(runRules([platformMalformed], facts, new Map())).toEqual([])
  const [finding] = runRules([platformUnreadable], facts, new Map())
  expect(finding).toMatchObject({message: 'the image cannot be read: config sha256:0 is not there'})
  expect(finding).not.toHaveProperty('platform')
})

test.each(['daemon', 'archive'] as const)('a platform that the %s does not hold is a note', notIn => {
  const root = {...testRoot(['linux/arm64']), absent: [{...testEntry('linux/amd64', 2), notIn}]}
  const message = `linux/amd64 is in the index, but the ${notIn} does not have it: it was not checked`
  expect(runRules([undetermined], testFacts([], {root}), new Map())).toMatchObject([
    {level: 'note', platform: 'linux/amd64', message},
  ])
})
