// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow} from '../shell/follow-script.ts'

describe('what happens to a file by one of its names happens by the other', () => {
  test.each<[what: string, script: string, starts: readonly string[]]>([
    ['written over', 'ln /app /tmp/x\ncp /arm /tmp/x\nexec /app', ['/app refused']],
    ['by the first name', 'ln /app /tmp/x\ncp /arm /app\nexec /tmp/x', ['/tmp/x refused']],
    ['with cp -l', 'cp -l /app /tmp/x\ncat /arm > /tmp/x\nexec /app', ['/app missing maybe']],
    ['mode', 'ln /app /tmp/x\nchmod a-x /tmp/x\nexec /app', ['/app not-executable']],
    ['a third name', 'ln /app /tmp/x\nln /tmp/x /tmp/y\nchmod a-x /tmp/y\nexec /app', ['/app not-executable']],
    ['one that has been removed', 'ln /app /tmp/x\nrm /tmp/x\ncp /arm /tmp/x\nexec /app', ['/app']],
    ['or replaced', 'ln /app /tmp/x\nmv /arm /tmp/x\nexec /app', ['/app']],
    ['one that may be a link', 'unknown && ln /app /tmp/x\ncp /arm /tmp/x\nexec /app', ['/app maybe']],
    [
      'a link or a copy',
      'if unknown; then ln /app /tmp/x; else cp /app /tmp/x; fi\nchmod a-x /tmp/x\nexec /app',
      ['/app maybe'],
    ],
    ['changed by a command that is not known', 'ln /app /tmp/x\ncurl -o /tmp/x u\nexec /app', ['/app maybe']],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

test('chmod -R of a user takes what is his, and may stop before', async () => {
  const own = 'cp /app /tmp/x\nchmod -R a-x /tmp\nexec /tmp/x'
  expect(await follow(own, 'dash', '1000')).toEqual(['/tmp/x not-executable maybe'])
  expect(await follow('chmod -R a-x /\nexec /arm', 'dash', '1000')).toEqual(['/arm refused'])
})
