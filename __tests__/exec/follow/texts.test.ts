import {describe, expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {doubtOf, followStart, type Given, native} from './follow-start.ts'

/*
 * Which shell runs a text without `#!`: glibc's execvp(3) starts /bin/sh (posix/execvpe.c, maybe_script_execute), dash
 * the same by its own search (exec.c, shellexec), busybox runs it itself. Of dash
 * `source` is not a command, of bash it is.
 */

const FILES: MemoryTree = {
  ...Object.fromEntries(['app', 'bash', 'dash'].map(name => [`/bin/${name}`, native])),
  '/bin/busybox': executable(program({})),
  '/lib.sh': 'A=1\n',
  '/text': executable('source /lib.sh && exec /bin/app "$@"\n'),
}

async function starts(shell: string | undefined, given: Given): Promise<readonly string[]> {
  const {steps} = await followStart(
    ['/text', 'x'],
    {...FILES, ...(shell ? {'/bin/sh': {link: shell}} : {})},
    {
      runsText: true,
      ...given,
    },
  )
  return steps.slice(1).map(line => line.replace(/ \| program: /, ' | '))
}

describe('a text that a caller runs', () => {
  const APP = ['0 /bin/app x | exec in /text | certain']
  const NONE = ['0 source /lib.sh | needed command in /text | certain | not-in-path']
  test.each<[shell: string, search: NonNullable<Given['search']>, expected: readonly string[]]>([
    ['bash', 'execvp', APP],
    ['dash', 'execvp', NONE],
    ['bash', 'dash', APP],
    ['dash', 'dash', NONE],
    ['bash', 'ash', APP],
    ['dash', 'ash', APP],
  ])('/bin/sh is %s, and it is found as %s finds it', async (shell, search, expected) => {
    expect(await starts(shell, {search})).toEqual(expected)
  })

  test('has the words, the files and the variables of its start', async () => {
    const after = {env: new Map([['PATH', '/nowhere']])}
    const steps = await starts('bash', {after, process: {argv: ['/text', 'a b']}})
    expect(steps).toEqual(['0 /bin/app a b | exec in /text | certain'])
  })

  test('by a /bin/sh that may be another is read as any shell reads it', async () => {
    const lines = await starts('dash', {doubts: [doubtOf('/bin/sh')]})
    expect(lines.filter(line => line.includes('certain') && line.includes('not-in-path'))).toEqual([])
  })
})
