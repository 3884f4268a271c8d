// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow, followUnknowns} from './follow-script.ts'

describe('a job that a script waits for at its end', () => {
  test.each<[why: string, script: string, starts: readonly string[]]>([
    ['by its number', '/arm & pid=$!\nwait "$pid"', ['/arm refused']],
    ['by $!', '/arm &\nwait $!', ['/arm refused']],
    ['with a trap before', '/arm & pid=$!\ntrap \'kill "$pid"\' TERM INT\nwait "$pid"', ['/arm refused']],
    ['and whose end is the script’s own', '/arm & pid=$!\nwait "$pid"\nexit $?', ['/arm refused']],
    ['in a subshell', '(exec /arm) & pid=$!\nwait $pid', ['/arm refused']],
    ['the last command of a group', '{ echo x; /arm; } & wait $!', ['/arm refused']],
    ['the first of two', '/arm & a=$!\n/app & b=$!\nwait $a', ['/arm refused', '? /app']],
    ['the last of two', '/app &\n/arm &\nwait $!', ['? /app', '/arm refused']],
    ['which starts', '/app & pid=$!\nwait "$pid"', ['/app']],
    ['which ends the shell', 'set -e\n/none & wait $!\nexec /app', ['/none missing']],
    ['which ends the shell, by its number', 'set -e\n/arm & pid=$!\nwait "$pid"\nexec /app', ['/arm refused']],
    [
      'which would, if it were not tested',
      'set -e\nif /arm & wait $!; then :; fi\nexec /app',
      ['? /arm refused', '/app'],
    ],
    ['which is asked about', 'if /none & wait $!; then exec /arm; fi\nexec /app', ['/app']],
    ['a job that succeeds', 'if (exit 0) & wait $!; then exec /app; fi\nexec /arm', ['/app']],
    ['which may have been replaced', 'cp "$(unknown)" /app\n/app & wait $!', ['/app maybe']],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('a job that decides nothing', () => {
  test.each<[why: string, script: string, starts: readonly string[]]>([
    ['wait without an operand succeeds', '/arm &\nwait', ['? /arm refused']],
    ['another is waited for', '/arm & a=$!\n/app & b=$!\nwait $b', ['? /arm refused', '/app']],
    ['another has its variable', '/arm & a=$!\na=1\nwait $a', ['? /arm refused']],
    ['an argument takes its variable', '/arm & a=$!\nexport a=1\nwait $a', ['? /arm refused']],
    ['$! is that of a later one', '/arm &\n/app &\nwait $!', ['? /arm refused', '/app']],
    ['the script may end before', '/arm & a=$!\n[ -e /x ] && exit 0\nwait $a', ['? /arm refused']],
    ['a function may end it', 'sleep() { exit 0; }\n/arm & a=$!\nsleep 1\nwait $a', ['? /arm refused']],
    ['its end is passed over', '/arm & wait $! || true', ['? /arm refused']],
    ['more comes', '/arm & wait $!\n/app', ['? /arm refused', '/app']],
    ['two are waited for', '/arm & a=$!\n/app & b=$!\nwait $a $b', ['? /arm refused', '? /app']],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('what only the run knows', () => {
  test.each<[script: string, reasons: readonly string[]]>([
    ['"$D/server" & pid=$!\nwait "$pid"', ['/e.sh runs "$D/server", which only the run knows']],
    ['"$D/server" &\n/app', []],
    ['exec sh "$(unknown)"', ['sh runs $(…), which only the run knows']],
    ['exec sh "$SCRIPT"', ['sh runs a script whose name is empty']],
    ['sh "$(unknown)" || true\nexec /app', []],
    ['for f in /x/*.sh; do sh "$f"; done\nexec /app', []],
    ['exec sh $NOTHING', []],
  ])('%s', async (script, reasons) => {
    expect(await followUnknowns(script)).toEqual(reasons)
  })

  test('a PATH that a script hands on to another', async () => {
    const script = 'for f in $(unknown)/*; do PATH="/first:$PATH"; done\n/calls.sh'
    expect(await followUnknowns(script, 'bash')).toEqual(['/calls.sh looks for both in a PATH that only the run knows'])
  })
})
