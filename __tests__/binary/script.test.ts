import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {identify, type Shebang} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'

async function shebang(content: string): Promise<Shebang> {
  const identity = await identify(bytesAccess(new TextEncoder().encode(content)))
  if (identity.kind !== 'script') throw new Error(`no script but ${identity.kind}`)
  return identity.shebang
}

const runs = (interpreter: string, argument?: string): Shebang =>
  argument === undefined ? {kind: 'runs', interpreter} : {kind: 'runs', interpreter, argument}

const path = (length: number) => `/${'p'.repeat(length - 1)}`

describe('the #! line as fs/binfmt_script.c reads it (every row executed on Linux 6.18)', () => {
  test.each<[name: string, content: string, expected: Shebang]>([
    ['newline', '#!/bin/sh\necho\n', runs('/bin/sh')],
    ['no final newline', '#!/bin/sh', runs('/bin/sh')],
    ['blanks around', '#! \t/bin/sh \t\n', runs('/bin/sh')],
    ['carriage return in the path', '#!/bin/sh\r\n', runs('/bin/sh\r')],
    ['carriage return in the argument', '#!/bin/sh -e\r\n', runs('/bin/sh', '-e\r')],
    ['env', '#!/usr/bin/env python3\n', runs('/usr/bin/env', 'python3')],
    ['one argument, blanks and all', '#!/usr/bin/env  node  --flag \n', runs('/usr/bin/env', 'node  --flag')],
    ['env -S', '#!/usr/bin/env -S a b\n', runs('/usr/bin/env', '-S a b')],
    ['quotes are letters', '#!"/bin/sh" \'$X\'\n', runs('"/bin/sh"', "'$X'")],
    ['relative', '#!bin/sh\n', runs('bin/sh')],
    ['a tab separates', '#!/bin/sh\t-e\n', runs('/bin/sh', '-e')],
    ['NUL ends the path', '#!/bin/sh\0junk\n', runs('/bin/sh')],
    ['NUL ends the argument', '#!/bin/sh -e\0junk\n', runs('/bin/sh', '-e')],
    ['path of 253 bytes and newline', `#!${path(253)}\n`, runs(path(253))],
    ['path of 253 bytes and end of file', `#!${path(253)}`, runs(path(253))],
    ['path of 253 bytes, blank, argument', `#!${path(253)} x\n`, runs(path(253))],
    ['long argument, cut at byte 255', `#!/bin/sh ${'a'.repeat(400)}\n`, runs('/bin/sh', 'a'.repeat(245))],
    ['UTF-8', '#!/bin/ßh\n', runs('/bin/ßh')],
  ])('%s', async (_, content, expected) => {
    expect(await shebang(content)).toEqual(expected)
  })

  test.each<[name: string, content: string, errno: string]>([
    ['nothing and newline', '#!\n', 'ENOEXEC'],
    ['blanks and newline', '#!   \n', 'ENOEXEC'],
    ['254 blanks', `#!${' '.repeat(254)}`, 'ENOEXEC'],
    ['nothing and end of file', '#!', 'EACCES'],
    ['blanks and end of file', '#!    ', 'EACCES'],
    ['NUL at once', '#!\0x\n', 'EACCES'],
    ['path of 254 bytes', `#!${path(254)}\n`, 'ENOEXEC'],
    ['path of 254 bytes at the end of the file', `#!${path(254)}`, 'ENOEXEC'],
    ['path of 300 bytes', `#!${path(300)}\n`, 'ENOEXEC'],
    ['260 blanks before the path', `#!${' '.repeat(260)}/bin/sh\n`, 'ENOEXEC'],
  ])('%s is refused', async (_, content, errno) => {
    expect(await shebang(content)).toMatchObject({kind: 'refused', errno})
  })

  test.each<[name: string, content: string, reason: string]>([
    ['nothing and newline', '#!\n', 'nothing stands after #!'],
    ['blanks and newline', '#!   \n', 'nothing stands after #!'],
    ['254 blanks', `#!${' '.repeat(254)}`, 'the first 256 bytes hold only blanks after #!'],
    ['253 blanks and a letter', `#!${' '.repeat(253)}x`, 'the first 256 bytes hold only blanks after #!'],
    ['nothing and end of file', '#!', 'the path after #! is empty'],
    ['path of 254 bytes', `#!${path(254)}\n`, 'the path after #! does not end within the first 256 bytes'],
  ])('%s is refused with its reason', async (_, content, reason) => {
    expect(await shebang(content)).toMatchObject({kind: 'refused', reason})
  })

  test.each<[name: string, content: string, line: string]>([
    ['a line of its own', '#!/bin/sh -e\nexit\n', '#!/bin/sh -e'],
    ['no newline', '#!/bin/sh', '#!/bin/sh'],
    ['a longer one', `#!/bin/sh ${'a'.repeat(400)}\n`, `#!/bin/sh ${'a'.repeat(246)}`],
  ])('the line of %s', async (_, content, line) => {
    expect(await identify(bytesAccess(new TextEncoder().encode(content)))).toMatchObject({kind: 'script', line})
  })

  test('the line is kept as it stands', async () => {
    const identity = await identify(bytesAccess(new TextEncoder().encode('#! /bin/sh -e\r\nexit\n')))
    expect(identity).toMatchObject({kind: 'script', line: '#! /bin/sh -e\r'})
  })

  test('whatever follows #!, there is an answer that fits in the kernel’s buffer', async () => {
    const line = fc.oneof(fc.string({maxLength: 300}), fc.stringMatching(/^[ \t\n\0/a]{0,300}$/))
    await fc.assert(
      fc.asyncProperty(line, async text => {
        const answer = await shebang(`#!${text}`)
        if (answer.kind === 'refused') return
        expect(answer.interpreter).not.toMatch(/[ \t\n\0]/)
        expect(answer.interpreter).not.toBe('')
        expect(answer.argument ?? 'x').toMatch(/^[^ \t\n\0][^\n\0]*$/)
        expect(Buffer.byteLength(answer.interpreter) + Buffer.byteLength(answer.argument ?? '')).toBeLessThan(256 * 3)
      }),
      {numRuns: 2000},
    )
  })
})
