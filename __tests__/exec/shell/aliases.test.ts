import {describe, expect, test} from '@jest/globals'
import {follow, followUnknowns} from './follow-script.ts'

/* What was seen of Debian's dash 0.5.12, bash 5.2 and busybox 1.35. */

const LONG = Array.from({length: 80}, (_, index) => `alias a${index}=a${index + 1}`).join('\n')

describe('an alias', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'alias t="exec /arm"\nt', ['/arm refused']],
    ['busybox', 'alias t=/app\nalias u="t -b"\nu', ['/app']],
    ['bash', 'alias t=/app\nt', ['t not-in-path']],
    ['bash', 'shopt -s expand_aliases\nalias t=/app\nt', ['/app']],
    ['sh', 'alias t=/app\nt', ['/app']],
    ['dash', 'alias own="own -q"\nown', ['/usr/local/bin/own refused']],
    ['dash', 'alias t=/app\nunalias t\nt', ['t not-in-path']],
    ['dash', 'alias t=/app\nunalias -a\nt', ['t not-in-path']],
    // It takes what is behind it, and what is before it.
    ['dash', 'alias e=exec\ne /arm x', ['/arm refused']],
    ['dash', 'alias p="set --"\np /arm\nexec "$1"', ['/arm refused']],
    ['dash', 'alias p=env\nPATH=/second:/bin p both', ['/second/both']],
    ['dash', 'alias t="cp /app"\nt /tmp/x\nexec /tmp/x', ['/tmp/x']],
    ['dash', 'alias t="true; exec /arm"\nt', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('when an alias is known', () => {
  test.each<[why: string, script: string, starts: readonly string[]]>([
    ['not on its own line', 'alias t=/arm; t', ['t not-in-path']],
    ['on the next', 'alias t=/arm; true\nt', ['/arm refused']],
    ['not in the command that makes it', '{\nalias t=/arm\nt\n}', ['t not-in-path']],
    ['in a function that is read afterwards', 'alias t=/arm\nf() { t; }\nf', ['/arm refused']],
    ['not in one that was read before', 'f() { t; }\nalias t=/arm\nf', ['t not-in-path']],
    ['in a text that is read afterwards', "alias t=/arm\neval 't'", ['/arm refused']],
    ['behind a file that makes it', 'echo alias t=/arm > /tmp/al\n. /tmp/al\nt', ['/arm refused']],
    ['not on the line of that file', 'echo alias t=/arm > /tmp/al\n. /tmp/al; t', ['t not-in-path']],
    ['not where it is quoted', 'alias t=/arm\n"t"', ['t not-in-path']],
    ['not behind a backslash', 'alias t=/arm\n\\t', ['t not-in-path']],
    ['not as the value of a variable', 'alias t=/arm\nX=t\n$X', ['t not-in-path']],
    ['not behind command', 'alias t=/arm\ncommand t', ['t not-in-path']],
    ['in a function that was read before it went', 'alias t=/arm\nf() { t; }\nunalias t\nf', ['/arm refused']],
    ['not in one that is read then', 'alias t=/arm\nunalias t\nf() { t; }\nf', ['t not-in-path']],
    ['as it was when the function was read', 'alias t=/arm\nf() { t; }\nalias t=/app\nf', ['/arm refused']],
    ['in a subshell', 'alias t=/arm\n(t)', ['/arm refused']],
    ['perhaps', 'if unknown; then alias t=/arm; fi\nt', ['? /arm refused']],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('an alias that cannot be read by itself', () => {
  test.each<[script: string, reasons: readonly string[]]>([
    ['alias when=if\nwhen true; then /app; fi', ['/e.sh cannot be read as a shell script: line 3: unexpected t']],
    ['alias t="echo |"\nt cat', ['/e.sh runs t, which only the run knows']],
    ['alias t="/app &"\nt x', ['/e.sh runs t, which only the run knows']],
    ['alias a="env " b=/arm\na b', ['/e.sh runs a, which only the run knows']],
  ])('%s', async (script, reasons) => {
    expect(await followUnknowns(script)).toEqual(reasons)
  })

  test('a long chain of them ends', async () => {
    expect((await followUnknowns(`${LONG}\na0`))[0]).toContain('within each other')
  })

  test('a name that is made one time and again', async () => {
    const script = `${'alias t=/app\n'.repeat(20)}t`
    expect(await followUnknowns(script)).toEqual(['/e.sh runs t, which only the run knows'])
  })

  test('a name that is made one in many ways', async () => {
    const script = `${'if unknown; then alias t=/app; fi\n'.repeat(60)}t`
    expect(await followUnknowns(script)).toEqual(['/e.sh runs t, which only the run knows'])
  })

  test('two that stand for each other end', async () => {
    expect((await followUnknowns('alias a=b\nalias b=a\na'))[0]).toContain('within each other')
  })
})
