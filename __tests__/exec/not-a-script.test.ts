import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {findingsOfImage, sayFindings} from '../support/image-findings.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {nativeProgram, scriptTree} from '../support/script-start.ts'

const NATIVE = nativeProgram()
const ZIP_END = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1')
const UNKNOWN = 'warning undetermined'
const REFUSED = 'error refused-arguments'

const TREE: MemoryTree = {
  ...scriptTree(),
  '/bin/dash': executable(NATIVE),
  '/bin/mksh': executable(NATIVE),
  '/bin/zsh': executable(NATIVE),
  '/bin/ash': {link: 'busybox'},
  '/bin/python3.12': executable(NATIVE),
  '/bin/perl': executable(NATIVE),
  '/bin/ruby': executable(NATIVE),
  '/bin/php': executable(NATIVE),
  '/bin/tclsh8.6': executable(NATIVE),
  '/dir/x': '',
  '/lib/addon.node': executable(NATIVE),
  '/app/large': executable(Buffer.concat([NATIVE, new Uint8Array(2_000_000)])),
  '/app/zipapp': executable(Buffer.concat([NATIVE, ZIP_END])),
  '/app/zip-with-comment': executable(Buffer.concat([NATIVE, ZIP_END, Buffer.alloc(5000, ' ')])),
  '/main/__main__.py': '',
  '/app/archive': executable(Buffer.from('PK\x03\x04\0\0\0\0', 'latin1')),
  '/app/half': executable('\x7fELF'),
  '/app/server.js': 'x',
}

const entry = (...entrypoint: string[]) => sayFindings({files: TREE, config: {entrypoint}})
const script = (text: string) =>
  sayFindings({files: {...TREE, '/entry': executable(`#!/bin/sh\n${text}\n`)}, config: {entrypoint: ['/entry']}})

describe('an interpreter that is told to run what is not a script', () => {
  test.each<[shell: string, file: string, ...said: string[]]>([
    ['sh', '/app/server', `${REFUSED} sh`],
    ['/bin/sh', '/app/server', `${REFUSED} /bin/sh`],
    ['dash', '/app/server', `${REFUSED} dash`],
    ['bash', '/app/server', `${REFUSED} bash`],
    ['ash', '/app/server', `${REFUSED} ash`],
    // A program of another machine is no better a script.
    ['sh', '/app/arm', `${REFUSED} sh`],
    ['sh', '/app/link', `${REFUSED} sh`],
    ['sh', '/app/plain', `${REFUSED} sh`],
    // More than is read of a script.
    ['sh', '/app/large', `${REFUSED} sh`],
    ['sh', '/app/zipapp', `${REFUSED} sh`],
    ['bash', '/dir', `${REFUSED} bash`],
    // These end without an error.
    ['dash', '/dir', `${UNKNOWN} dash`],
    ['ash', '/dir', `${UNKNOWN} ash`],
    // Not measured.
    ['mksh', '/app/server', `${UNKNOWN} mksh`],
    ['zsh', '/app/server', `${UNKNOWN} zsh`],
    ['sh', '/app/archive', `${UNKNOWN} sh`],
    ['sh', '/app/none', 'error missing-program /app/none'],
    ['python3', '/app/server', `${REFUSED} python3`],
    ['python3.12', '/app/server', `${REFUSED} python3.12`],
    ['python3', '/app/half', `${REFUSED} python3`],
    ['python3', '/dir', `${REFUSED} python3`],
    ['python3', '/main'],
    ['python3', '/app/zipapp'],
    ['python3', '/app/zip-with-comment'],
    ['perl', '/app/server', `${REFUSED} perl`],
    ['perl', '/dir', `${REFUSED} perl`],
    ['node', '/app/server', `${REFUSED} node`],
    ['node', '/lib/addon'],
    ['node', '/lib/addon.node'],
    ['node', '/dir'],
    ['tclsh8.6', '/app/server', `${REFUSED} tclsh8.6`],
    ['tclsh8.6', '/dir', `${REFUSED} tclsh8.6`],
    ['ruby', '/app/server'],
    ['php', '/app/server'],
  ])('%s %s', async (shell, file, ...said) => {
    expect((await entry(shell, file)).map(line => line.replace(/(undetermined) \/bin\//, '$1 '))).toEqual(said)
  })

  test.each<[words: readonly string[], ...said: string[]]>([
    [['sh', '-e', '/app/server', '--port', '1'], `${REFUSED} sh`],
    [['tini', '--', 'sh', '/app/server'], 'error missing-program tini'],
    [['env', 'A=1', 'sh', '/app/server'], `${REFUSED} sh`],
    [['busybox', 'sh', '/app/server'], `${REFUSED} busybox`],
    [['sh', '-c', '/app/server']],
    [['sh', '-c', 'sh /app/server'], `${REFUSED} sh`],
    // Something may read it that is not the language itself.
    [['perl', '-MFilter', '/app/server']],
    [['node', '-r', 'hook', '/app/server']],
    [['node', '--import', 'hook', '/app/server']],
    [['node', '--no-warnings', '/app/server'], `${REFUSED} node`],
    [['python3', '-m', '/app/server']],
  ])('%j', async (words, ...said) => {
    expect(await entry(...words)).toEqual(said)
  })

  test.each<[script: string, ...said: string[]]>([
    ['exec sh /app/server', `${REFUSED} sh`],
    ['set -e; sh /app/server; exec /app/script', `${REFUSED} sh`],
    ['sh /app/server || exit 1; exec /app/server', `${REFUSED} sh`],
    ['if ! sh /app/server; then exit 1; fi; exec /app/server', `${REFUSED} sh`],
    ['sh /app/server || true; exec /app/server'],
    ['sh /app/server; exec /app/server'],
    ['cd /app; exec bash server', `${REFUSED} bash`],
    // bash looks in PATH as well, dash does not.
    ['PATH=/app; export PATH; exec /bin/bash server', `${REFUSED} /bin/bash`],
    ['PATH=/app; export PATH; exec /bin/dash server', 'error missing-program server'],
    // The script itself may make it another.
    ['printf "exec /app/server" > /app/arm; exec sh /app/arm'],
    ['cp /app/server /tmp/x; exec sh /tmp/x', `${REFUSED} sh`],
    ['curl -o /app/server https://x/y; exec sh /app/server', 'note refused-arguments sh'],
    ['exec node /app/server', `${REFUSED} node`],
  ])('in a script: %s', async (text, ...said) => {
    expect(await script(text)).toEqual(said)
  })

  test('the finding says what it is, and what to do', async () => {
    const [finding] = await findingsOfImage({files: TREE, config: {entrypoint: ['sh', '/app/server']}})
    expect(finding?.message).toBe(
      'sh ends with an error and starts nothing: /app/server is not a script (x86-64 ELF executable)',
    )
    expect(finding?.fix).toBe('Start /app/server itself, not by sh.')
  })

  test('a file that may not be read is told of as that', async () => {
    const config = {entrypoint: ['sh', '/app/private'], user: '1000:1000'}
    expect(await sayFindings({files: TREE, config})).toContain('error not-executable /app/private')
  })

  test.each([0, 1, 4, 16, 20, 52, 63, 64, 100])('one that is cut at %d bytes is no surprise', async length => {
    const files = {...TREE, '/app/cut': executable(program({machine: 62}).slice(0, length))}
    for (const name of ['sh', 'bash', 'python3', 'perl', 'node'])
      expect(await sayFindings({files, config: {entrypoint: [name, '/app/cut']}})).toEqual(expect.any(Array))
  })
})
