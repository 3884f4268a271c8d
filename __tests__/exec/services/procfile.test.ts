import {describe, expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {readStartup} from '../../../src/exec/index.ts'
import {parseProcfile} from '../../../src/exec/services/procfile.ts'
import {imageConfig} from '../../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'

const native = executable(program({}))
const arm64 = executable(program({machine: 183}))

const BASE: MemoryTree = {
  '/bin/sh': native,
  '/bin/app': native,
  '/bin/arm': arm64,
  '/bin/plain': 'no execute bit',
  '/bin/ruby': native,
  '/bin/python3': native,
  '/bin/hivemind': native,
  '/bin/overmind': native,
  '/usr/bin/foreman': executable("#!/bin/ruby\nload Gem.bin_path('foreman', 'foreman')\n"),
  '/usr/bin/honcho': executable('#!/bin/python3\nfrom honcho.command import main\n'),
}

/** What the shell of each process starts. */
async function follow(entrypoint: readonly string[], files: MemoryTree): Promise<readonly string[]> {
  const {steps, unknowns} = await readStartup({
    config: imageConfig({env: ['PATH=/bin:/usr/bin'], entrypoint, workingDir: '/srv'}),
    rootfs: memoryRootfs({...BASE, ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const lines = steps.flatMap(({path, argv = [], via, obstacle, verdict}) => {
    const wrong =
      verdict?.fit === 'foreign' ? 'foreign' : obstacle && 'reason' in obstacle ? obstacle.reason : obstacle?.kind
    const isOwn = /sh -c$/.test(via) || obstacle !== undefined
    return isOwn ? [`${[path, ...argv.slice(1)].join(' ')}${wrong ? `: ${wrong}` : ''}`] : []
  })
  return [...lines, ...unknowns.map(({reason}) => `unknown: ${reason}`)]
}

const PROCFILE = {
  '/srv/Procfile': '# comment\nweb: exec arm $PORT\nworker: exec app $NAME\nbad line\n',
  '/srv/.env': 'NAME="x"\n',
}

describe('Procfiles', () => {
  test.each([
    ['foreman', ['foreman', 'start'], ['/bin/arm 5000: foreign', '/bin/app x']],
    ['one process', ['foreman', 'start', 'worker'], ['/bin/app x']],
    ['honcho', ['honcho', 'start', 'web'], ['/bin/arm 5000: foreign']],
    ['honcho with another file', ['honcho', '-f', 'other', 'start'], ['/bin/plain: no-execute-permission']],
    ['hivemind', ['hivemind'], ['/bin/arm 5000: foreign', '/bin/app x']],
    ['hivemind with another file', ['hivemind', 'other'], ['/bin/plain: no-execute-permission']],
    ['overmind', ['overmind', 's', '-l', 'worker'], ['/bin/app x']],
    ['overmind with another file', ['overmind', 'start', '-f', '/srv/other'], ['/bin/plain: no-execute-permission']],
    ['a program that is not there', ['foreman', 'start', '-f', 'none'], ['foreman: there is no /srv/none']],
    ['another command', ['foreman', 'check'], ['unknown: foreman check is not followed']],
    [
      'an option nobody knows',
      ['foreman', 'start', '--new'],
      ['unknown: the option --new of foreman is not understood'],
    ],
    ['a formation', ['foreman', 'start', '-m', 'web=2'], ['unknown: the formation of foreman is not followed']],
  ])('%s', async (_, entrypoint, lines) => {
    expect(await follow(entrypoint, {...PROCFILE, '/srv/other': 'x: exec /bin/plain\n'})).toEqual(lines)
  })

  test('missing programs', async () => {
    expect(await follow(['hivemind'], {'/srv/Procfile': 'a: exec none -x\nb: exec app\n'})).toEqual([
      'none -x: not-in-path',
      '/bin/app',
    ])
  })

  test('lines', () => {
    expect(parseProcfile('a-b_1: x: y \r\n b: no\nc:\nd:e')).toEqual([
      ['a-b_1', 'x: y'],
      ['d', 'e'],
    ])
  })
})
