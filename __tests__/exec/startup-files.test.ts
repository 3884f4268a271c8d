import {describe, expect, test} from '@jest/globals'
import {readShellJob} from '../../src/exec/wrappers/shell-job.ts'
import {startupText} from '../../src/exec/wrappers/startup-files.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {nativeProgram, scriptTree} from '../support/script-start.ts'
import {readStartup} from '../support/told-startup.ts'

/** The files that a shell reads for these words, in their order; those of which the first is read, by a bar. */
function filesOf(
  command: string,
  dialect: 'bash' | 'posix' | 'dash' | 'ash',
  env: Readonly<Record<string, string>> = {},
) {
  const job = readShellJob(command.split(' '))
  const text = job.kind === 'refused' ? 'refused' : startupText(job, dialect, new Map(Object.entries(env)))
  return text
    .split('\nfi\n')
    .map(group => [...group.matchAll(/; then \. (.*)/g)].map(([, file]) => file).join('|'))
    .filter(group => group !== '')
}

describe('a shell reads before its text', () => {
  const BASH = ['/etc/profile', '~/.bash_profile|~/.bash_login|~/.profile']
  const SH = ['/etc/profile', '~/.profile']
  // Measured with bash 5.2.15, dash 0.5.12 and busybox 1.35.
  test.each<[command: string, dialect: Parameters<typeof filesOf>[1], files: readonly string[]]>([
    ['bash -c x', 'bash', ['"/env"']],
    ['bash /start.sh', 'bash', ['"/env"']],
    ['bash -lc x', 'bash', [...BASH, '"/env"']],
    ['bash --login -c x', 'bash', [...BASH, '"/env"']],
    ['-bash -c x', 'bash', [...BASH, '"/env"']],
    ['bash --noprofile -lc x', 'bash', ['"/env"']],
    ['bash --norc -c x', 'bash', ['"/env"']],
    ['bash -p -c x', 'bash', []],
    ['bash --posix -c x', 'bash', []],
    ['bash --posix -lc x', 'bash', []],
    ['bash -ic x', 'bash', ['/etc/bash.bashrc|/etc/bash/bashrc', '~/.bashrc']],
    ['bash --rcfile /rc -ic x', 'bash', ['/etc/bash.bashrc|/etc/bash/bashrc', '"/rc"']],
    ['bash --norc -ic x', 'bash', []],
    ['bash -ilc x', 'bash', BASH],
    ['sh -c x', 'posix', []],
    ['sh -lc x', 'posix', SH],
    ['sh -ic x', 'posix', ['"/interactive"']],
    ['dash -c x', 'dash', []],
    ['dash -lc x', 'dash', SH],
    ['-sh -c x', 'dash', SH],
    ['dash -ic x', 'dash', ['"/interactive"']],
    ['ash -lc x', 'ash', SH],
  ])('%s as %s', (command, dialect, files) => {
    expect(filesOf(command, dialect, {BASH_ENV: '/env', ENV: '/interactive'})).toEqual(files)
  })

  test.each([
    ['$HOME/env', '"$HOME/env"'],
    ['~/env', '~/"env"'],
    ['env', '"./env"'],
    ['/a b', '"/a b"'],
  ])('BASH_ENV=%s', (value, word) => {
    expect(filesOf('bash -c x', 'bash', {BASH_ENV: value})).toEqual([word])
  })
})

describe('what the files of a shell set', () => {
  const tool = executable(nativeProgram())
  const PATH = 'export PATH=/opt/tool:$PATH\n'

  async function start(entrypoint: readonly string[], files: MemoryTree, env: readonly string[] = []): Promise<string> {
    const {steps, undetermined} = await readStartup({
      config: imageConfig({env: ['PATH=/bin', ...env], entrypoint}),
      rootfs: memoryRootfs({...scriptTree(), '/opt/tool/tool': tool, ...files}),
      platform: {os: 'linux', architecture: 'amd64', variant: ''},
    })
    const obstacle = steps.find(step => step.obstacle !== undefined)?.obstacle
    const last = steps.findLast(({role}) => role === 'program')
    return undetermined ?? obstacle?.kind ?? `${last?.certainty} ${last?.verdict?.fit} ${last?.path}`
  }

  const FOUND = 'certain native /opt/tool/tool'
  test.each<[what: string, argv: readonly string[], files: MemoryTree, env: readonly string[], expected: string]>([
    ['the profile of root', ['bash', '-lc', 'tool x'], {'/root/.profile': PATH}, [], FOUND],
    [
      'of two only the first',
      ['bash', '-lc', 'tool'],
      {'/root/.bash_profile': '\n', '/root/.profile': PATH},
      [],
      'not-in-path',
    ],
    [
      'a file that the profile reads in where it is bash',
      ['bash', '-lc', 'tool'],
      {'/root/.profile': 'if [ "$BASH" ]; then . ~/.bashrc; fi\n', '/root/.bashrc': PATH},
      [],
      FOUND,
    ],
    [
      'a file that may not be read',
      ['bash', '-lc', 'tool'],
      {'/root/.profile': {kind: 'directory'}},
      [],
      'not-in-path',
    ],
    ['BASH_ENV', ['bash', '-c', 'exec tool'], {'/env': PATH}, ['BASH_ENV=/env'], FOUND],
    [
      'BASH_ENV of a script',
      ['/run.sh'],
      {'/root/env': PATH, '/run.sh': executable('#!/bin/bash -e\ntool\n')},
      ['BASH_ENV=$HOME/env'],
      FOUND,
    ],
    ['BASH_ENV that sh does not read', ['sh', '-c', 'tool'], {'/env': PATH}, ['BASH_ENV=/env'], 'not-in-path'],
    ['BASH_ENV that is not there', ['bash', '-c', '/opt/tool/tool'], {}, ['BASH_ENV=/env'], FOUND],
    ['an interactive shell', ['bash', '-ic', 'tool'], {'/root/.bashrc': PATH}, [], FOUND],
    [
      'a file that ends with a failure',
      ['bash', '-lec', 'tool'],
      {'/root/.profile': `${PATH}[ -e /nope ] && x=1\n`},
      [],
      FOUND,
    ],
    ['a program of another machine', ['bash', '-c', 'arm'], {'/env': 'PATH=/app:$PATH'}, ['BASH_ENV=/env'], 'refused'],
  ])('%s', async (_, argv, files, env, expected) => {
    expect(await start(argv, files, env)).toBe(expected)
  })
})
