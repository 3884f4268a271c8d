import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

/* What a job in the background and the shell do to one file, either may do first. */

describe('a job in the background', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['echo x > /arm &\nexec /arm', ['/arm refused maybe']],
    ['(echo x > /arm) &\ncp /arm /tmp/x\n/tmp/x', ['/tmp/x missing maybe']],
    ['(echo x > /arm) &\nmv /arm /tmp/x\n/tmp/x', ['/tmp/x missing maybe']],
    ['(echo x > /app) &\nmv /arm /tmp/x\n/tmp/x', ['/tmp/x refused']],
    ['mkdir -p /tmp/d &\nmkdir -p /tmp/d\ncp /arm /tmp/d/x\n/tmp/d/x', ['/tmp/d/x missing maybe']],
    // What comes after the function or the loop that it is left running in.
    ['f() { /arm & return; }\nf\ncp /app /arm\nexec /app', ['? /arm refused maybe', '/app']],
    ['f() { /arm & :; }\nf\ncp /app /arm\nexec /app', ['? /arm refused maybe', '/app']],
    ['for i in 1 2; do /arm & break; done\ncp /app /arm\nexec /app', ['? /arm refused maybe', '/app']],
    ['for i in 1 2; do /arm & continue; done\ncp /app /arm\nexec /app', ['? /arm refused maybe', '/app']],
    ['echo "/arm & return" > /tmp/s\n. /tmp/s\ncp /app /arm\nexec /app', ['? /arm refused maybe', '/app']],
    // It is waited for.
    ['cp /arm /app & wait\nexec /app', ['/app refused']],
    ['cp /arm /app & wait $!\nexec /app', ['/app refused']],
    ['cp /arm /app & pid=$!\nwait "$pid"\nexec /app', ['/app refused']],
    ['cp /arm /app & wait 1\nexec /app', ['/app maybe']],
    // What may make anything makes nothing that is started beside it.
    ['nosuch &\nunknown\nexec /app', ['? nosuch not-in-path', '/app']],
    ['/app &\ncp /arm /tmp/x\nexec /tmp/x', ['? /app', '/tmp/x refused']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})
