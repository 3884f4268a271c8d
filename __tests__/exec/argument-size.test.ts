import {expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {findTooLarge} from '../../src/exec/argument-size.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, memoryRootfs} from '../support/memory-rootfs.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** As Linux 6.18 answers with pages of 4 KiB and stacks of 8 MiB and of 100 MiB. */
test.each<[what: string, argv: readonly string[], env: Record<string, string>, architecture: string, answer: string]>([
  ['a word of 131,071 bytes', ['/app', 'a'.repeat(131_071)], {}, 'amd64', 'starts'],
  ['a word of 131,072 bytes', ['/app', 'a'.repeat(131_072)], {}, 'amd64', 'certain a word of the command'],
  ['in bytes, not in characters', ['/app', 'é'.repeat(65_536)], {}, 'amd64', 'certain a word of the command'],
  ['a variable of 131,071 bytes', ['/app'], {A: 'a'.repeat(131_069)}, 'amd64', 'starts'],
  ['a variable of 131,072 bytes', ['/app'], {A: 'a'.repeat(131_070)}, 'amd64', 'certain a variable of the environment'],
  ['where pages may have 64 KiB', ['/app', 'a'.repeat(131_072)], {}, 'arm64', 'starts'],
  ['more than 32 of these', ['/app', 'a'.repeat(2 * MIB)], {}, 'arm64', 'certain a word of the command'],
  ['many words', Array(2000).fill('a'.repeat(991)), {}, 'amd64', 'starts'],
  ['more than the usual stack leaves', Array(2200).fill('a'.repeat(991)), {}, 'amd64', 'likely the command and'],
  ['more than any stack leaves', Array(6400).fill('a'.repeat(991)), {}, 'amd64', 'certain the command and'],
  ['with the pointers', Array(700_000).fill(''), {}, 'amd64', 'certain the command and'],
])('%s', (_, argv, env, architecture, answer) => {
  const found = findTooLarge(argv, new Map(Object.entries(env)), {os: 'linux', architecture, variant: ''})
  const reason = found?.obstacle.kind === 'refused-arguments' ? found.obstacle.reason : ''
  expect(found ? `${found.certainty} ${reason.replace('execve refuses it (E2BIG): ', '')}` : 'starts').toContain(answer)
})

async function follow(words: readonly string[], machine: number, name = '/app') {
  const {steps, argv} = await readStartup({
    config: imageConfig({entrypoint: [name, ...words]}),
    rootfs: memoryRootfs({'/app': executable(program({machine}))}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  return [argv.length, ...steps.map(({path, obstacle, certainty}) => `${path} ${certainty} ${obstacle?.kind}`)]
}

test('nothing starts where no stack leaves enough', async () => {
  expect(await follow(Array(1_000_000).fill('a'), 62)).toEqual([100, '/app certain refused-arguments'])
})

test('of a name that is too long the first 100 characters are told', async () => {
  expect(await follow([], 62, `/${'a'.repeat(200_000)}`)).toEqual([1, `/${'a'.repeat(99)} certain refused-arguments`])
})

test('what may start is followed', async () => {
  const words = Array(2200).fill('a'.repeat(991))
  expect(await follow(words, 183)).toEqual([2201, '/app certain refused', '/app likely refused-arguments'])
})
