import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

describe('what is moved or copied over a file that something before may have made is what is there then', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['unknown\nmv /arm /tmp/x\n/tmp/x', ['/tmp/x refused']],
    ['unknown\ncp /arm /tmp/x\n/tmp/x', ['/tmp/x refused']],
    ['unknown\nmv /arm /tmp/x\nexec /arm', ['/arm missing maybe']],
    // These leave it.
    ['unknown\nmv -n /arm /tmp/x\n/tmp/x', ['/tmp/x missing maybe']],
    ['unknown\nmv -u /arm /tmp/x\nexec /arm', ['/arm refused maybe']],
    // It may be moved into a directory of that name.
    ['unknown\nmv /first /tmp/x\n/tmp/x/both', ['/tmp/x/both missing maybe']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})
