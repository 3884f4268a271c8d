import {describe, expect, test} from '@jest/globals'
import {executable} from '../support/memory-rootfs.ts'
import {native, startPm2} from '../support/pm2-start.ts'

/*
 * What pm2-runtime 6.0.14 makes of its words: which file it starts, by which interpreter, with
 * which words, where. By their sources 5.4.3 and 7.0.4 do the same, but where a test says otherwise.
 */

describe('a script, by its end and by what is in it', () => {
  test.each<[words: string, ...expected: string[]]>([
    ['a.js', 'node /w/a.js'],
    ['start a.js', 'node /w/a.js'],
    ['/w/../w/a.js', 'node /w/a.js'],
    // By the node that runs pm2.
    ['a.cjs', '/bin/node /w/a.cjs'],
    ['text', '/bin/node /w/text'],
    ['a.x', '/bin/node /w/a.x'],
    ['.', '/bin/node /w'],
    ['sub', '/bin/node /w/sub'],
    ['tool', '/bin/node /bin/tool'],
    ['dir.js', 'node /w/dir.js'],
    ['a.ts', 'bun /w/a.ts'],
    ['a.tsx', 'bun /w/a.tsx'],
    ['a.py', 'python /w/a.py'],
    ['a.rb', 'ruby /w/a.rb'],
    ['a.php', 'php /w/a.php'],
    ['a.pl', 'perl /w/a.pl'],
    ['a.sh', 'bash /w/a.sh'],
    ['./elf -- -x y', '/w/elf -x y'],
    ['elf.sh', 'bash /w/elf.sh', '/w/elf.sh is not a script (x86-64 ELF executable)'],
    ['prog', '/bin/prog'],
    ['nosuch', 'nosuch: not-in-path'],
    ['./nosuch', '/w/nosuch: missing'],
    ['a.js --interpreter ruby -- --env x', 'ruby /w/a.js --env x'],
    ['--interpreter=bash a.js', 'bash /w/a.js'],
    ['--interpreter=none elf.sh', '/w/elf.sh'],
    ['--interpreter= a.js', 'node /w/a.js'],
    ['--interpreter nosuch a.js', 'nosuch: not-in-path'],
  ])('%s', async (words, ...expected) => {
    expect(await startPm2(words.split(' '))).toEqual(expected)
  })

  test('a command line is one of bash, or of sh where there is no bash', async () => {
    expect((await startPm2(["prog -x 'a b'"]))[0]).toBe("/bin/bash -c prog -x 'a b'")
    expect((await startPm2(["prog -x 'a b'"], {'/bin/bash': undefined}))[0]).toBe("/bin/sh -c prog -x 'a b'")
  })

  test('python3 where there is no python', async () => {
    const without = {'/bin/python': undefined}
    expect(await startPm2(['a.py'], {...without, '/bin/python3': native})).toEqual(['python3 /w/a.py'])
    expect(await startPm2(['a.py'], {...without, '/w/sub/python3': native})).toEqual(['python3 /w/a.py'])
    expect(await startPm2(['a.py'], without)).toEqual(['python: not-in-path'])
    // A directory is not a program.
    expect(await startPm2(['a.py'], {...without, '/bin/python3/x': ''})).toEqual(['python: not-in-path'])
    // An empty element of PATH is none.
    expect(await startPm2(['a.py'], {...without, '/w/python3': native})).toEqual(['python: not-in-path'])
  })

  test('without bun pm2 7 takes node, and those before fail', async () => {
    const without = {'/bin/bun': undefined}
    const unknown = 'unknown: what pm2-runtime runs /w/a.ts by without bun depends on its version'
    expect(await startPm2(['a.ts'], without)).toEqual([unknown])
    expect(await startPm2(['a.tsx'], without)).toEqual(['bun: not-in-path'])
  })

  test('the node that runs pm2, where PATH has none', async () => {
    const files = {'/bin/node': undefined, '/opt/node': native, '/bin/pm2-runtime': executable('#!/opt/node\n')}
    expect(await startPm2(['a.js'], files)).toEqual(['/opt/node /w/a.js'])
    expect(await startPm2(['text'], files)).toEqual(['/opt/node /w/text'])
  })

  test.each([
    ['coffee', 'unknown: pm2-runtime runs /w/b.coffee by a program of its own'],
    ['ls', 'unknown: pm2-runtime runs /w/b.ls by a program of its own'],
  ])('%s is one of its own packages', async (end, expected) => {
    expect(await startPm2([`b.${end}`], {[`/w/b.${end}`]: 'x'})).toEqual([expected])
  })

  const bytes = (text: string) => Buffer.from(text, 'latin1')
  test.each<[string, Uint8Array, boolean]>([
    ['nothing', bytes(''), false],
    ['UTF-8 of two and three bytes', Buffer.from('héhé€€'), false],
    ['UTF-8 of four bytes', Buffer.from('😀😀 ab'), true],
    ['Latin-1', bytes('caf\xe9 \xe9\xe9\xe9 x'), true],
    ['a mark of UTF-8', bytes('\xef\xbb\xbf\xff\xff\xff'), false],
    ['a tenth that is no text', bytes(`${'a'.repeat(18)}\xff\xff`), false],
    ['more than that', bytes(`${'a'.repeat(17)}\xff\xff`), true],
    ['control characters', bytes('\x01\x02\x03\x04\x05\x06abcde'), true],
    ['a NUL behind 512 bytes', bytes(`${'a'.repeat(600)}\0\0`), false],
    ['a NUL in them', bytes(`${'a'.repeat(511)}\0`), true],
  ])('%s', async (_, content, isProgram) => {
    const [said] = await startPm2(['b'], {'/w/b': {content, mode: 0o644}})
    expect(said).toBe(isProgram ? 'no-execute-permission' : '/bin/node /w/b')
  })

  test.each([
    ['.js', '/bin/node /w/.js'],
    ['a.b.js', 'node /w/a.b.js'],
    ['toString.toString', '/bin/node /w/toString.toString'],
  ])('%s', async (name, expected) => {
    expect(await startPm2([name], {[`/w/${name}`]: 'x'})).toEqual([expected])
  })
})

describe('the command line', () => {
  const NOTHING = 'unknown: what pm2-runtime starts only the run knows'
  test.each<[words: string, ...expected: string[]]>([
    ['-i 2 a.js', 'node /w/a.js'],
    ['-i2 a.js', 'node /w/a.js'],
    ['-i -1 a.js', 'node /w/a.js'],
    ['-i 2 start a.js', 'node /w/a.js'],
    ['a.js b.js', 'node /w/a.js'],
    ['--env p a.js', 'node /w/a.js'],
    ['--env --raw a.js', 'node /w/a.js'],
    ['--web a.js', NOTHING],
    ['--web -i 2 a.js', 'node /w/a.js'],
    ['--json a.js', 'node /w/a.js'],
    ['--json', NOTHING],
    ['--raw tool', '/bin/node /bin/tool'],
    ['--no-autorestart --watch --trace --v8 --format --formatted a.js', 'node /w/a.js'],
    ['--deep-monitoring --no-auto-exit --no-autostart a.js', 'node /w/a.js'],
    // An option that it does not have may have a value.
    ['--foo 5 a.js', 'node /w/a.js'],
    ['--foo a.js', NOTHING],
    ['--foo --raw a.js', 'node /w/a.js'],
    ['a.js --foo b', 'node /w/a.js'],
    ['start --foo 5 a.js', 'its command start has no option --foo'],
    ['start a.js --restart-delay 5 --foo', 'its command start has no option --restart-delay'],
    ['start a.js -- --restart-delay 5', 'node /w/a.js --restart-delay 5'],
    ['start', NOTHING],
    ['--help a.js'],
    ['-V'],
    ['-h'],
    ['--version'],
  ])('%s', async (words, ...expected) => {
    expect(await startPm2(words.split(' '))).toEqual(expected)
  })

  test.each(['--instances', '--node-args', '-n', '--name', '--max-memory-restart', '-c', '--cron', '--interpreter'])(
    '%s wants a value',
    async option => {
      expect(await startPm2([option, 'ruby', 'a.rb'])).toEqual(['ruby /w/a.rb'])
    },
  )
  test.each([
    '--stop-exit-codes',
    '--delay',
    '--only',
    '--error',
    '--output',
    '--secret',
    '--public',
    '--machine-name',
  ])('%s has one', async option => {
    expect(await startPm2([option, 'ruby', 'a.rb'])).toEqual(['ruby /w/a.rb'])
  })
})
