import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

/* What was seen of Debian's dash 0.5.12, bash 5.2 (by its own name and as sh) and busybox 1.35. */

const SAME_LINE = 'readonly X=/app; X=/arm; exec /none\nexec $X'
const IN_FUNCTION = 'readonly X=/app\nf() { X=/arm; /none; }\nf; exec /none\nexec $X'
const IN_EVAL = "readonly X=/app\neval 'X=/arm; /none\n/arm'\nexec $X"

describe('a constant is set', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    // It ends the shell; bash goes on with the next line.
    ['dash', SAME_LINE, []],
    ['busybox', SAME_LINE, []],
    ['sh', SAME_LINE, []],
    ['bash', SAME_LINE, ['/app']],
    ['dash', IN_FUNCTION, []],
    ['bash', IN_FUNCTION, ['/app']],
    ['bash', IN_EVAL, ['? /arm refused', '/app']],
    ['dash', 'readonly X=/app\n(X=1)\nexec $X', ['/app']],
    ['bash', 'readonly X=/app\n(X=1; /none)\nexec $X', ['/app']],
    ['bash', 'declare -r X=/app\nX=1 || exec /none\nexec $X', ['/app']],
    ['bash', 'set -e\nreadonly X=/app\nX=1\nexec $X', []],
    // Others.
    ['dash', 'readonly X=/app\nexport X=/arm\nexec $X', []],
    ['sh', 'readonly X=/app\nexport X=/arm\nexec $X', []],
    ['bash', 'readonly X=/app\nexport X=/arm\nexec $X', ['/app']],
    ['bash', 'readonly X=/app\nset -- /arm\nf() { X=1; }\nf /none || true\nexec "$@"', ['/arm refused']],
    ['bash', 'readonly X=/app\nY=/arm\nf() { local Y=/none; X=1; }\nf\nexec $Y', ['/arm refused']],
    ['dash', 'readonly X=/app\nunset X\nexec $X', []],
    ['sh', 'readonly X=/app\nunset X\nexec $X', ['/app']],
    ['dash', 'readonly X=/app\necho /arm | read X\nread X <<E\n/arm\nE\nexec $X', ['/app']],
    ['dash', 'readonly X=/app\nfor X in /arm; do $X; done\nexec $X', []],
    ['bash', 'readonly X=/app\nfor X in /arm; do $X; done\nexec $X', ['/app']],
    ['dash', 'readonly X=1\n: $((X = 2))\nexec /arm', []],
    ['bash', 'readonly X=1\n: $((X = 2)); exec /none\nexec /arm', ['/arm refused']],
    ['dash', 'readonly X=/app\nX=/app\nexec $X', []],
    // A variable of a function's own.
    ['dash', 'readonly X=/app\nf() { local X; exec /arm; }\nf', ['/arm refused']],
    ['dash', 'readonly X=/app\nf() { local X=1; exec /arm; }\nf', []],
    ['busybox', 'readonly X=/app\nf() { local X; exec /arm; }\nf', []],
    ['sh', 'readonly X=/app\nf() { local X || exec /arm; }\nf', ['/arm refused']],
    ['sh', 'readonly X=/app\nf() { declare X=1 || exec /arm; }\nf', ['/arm refused']],
    ['bash', 'readonly X=/app\nf() { declare X || exec /arm; }\nf', ['/arm refused']],
    ['bash', 'readonly X=/app\nf() { declare -g X || exec /arm; }\nf', []],
    ['bash', 'readonly X=/app\ndeclare X || exec /arm', []],
    // What it was is what it stays.
    ['bash', 'readonly X=1\n: $((X = 2))\n[ $X = 1 ] && exec /arm', ['/arm refused']],
    // The variable of one command.
    ['dash', 'readonly X=/app\nX=1 /arm\nexec $X', []],
    ['busybox', 'readonly X=/app\nX=1 /arm\nexec $X', []],
    ['sh', 'readonly X=/app\nX=1 /arm; exec /none\nexec $X', ['/app']],
    ['sh', 'readonly X=/app\nf() { X=1 /arm; exec /none; }\nif f; then exec /none; fi\nexec $X', ['/app']],
    ['sh', 'readonly X=/app\nX=1 command :; exec /none\nexec $X', ['/app']],
    ['sh', 'readonly X=/app\nX=1 :\nexec $X', []],
    ['sh', 'set -e\nreadonly X=/app\nX=1 /arm || exec /none\nexec $X', []],
    ['bash', 'readonly X=/app\nA=/arm X=1 :; X=1 exec $X', ['/app']],
    ['bash', 'readonly X=/app\nf() { exec $A $X; }\nA=/arm X=1 f', ['/arm refused']],
    ['bash', 'readonly X=/app\nX=1 :\nexec $X', ['/app']],
    // One that may be constant.
    [
      'sh',
      'unknown && readonly X\nX=1 /arm; exec /none\nexec /app',
      ['? /arm refused', '? /none missing maybe', '? /app'],
    ],
    ['bash', 'unknown && readonly X=/app\nX=1 :\nexec $X', ['? /app']],
    ['dash', 'unknown && readonly X\nX=1 /arm\nexec /app', ['? /arm refused', '/app']],
    ['dash', 'unknown && readonly X\nX=/app\nexec /arm', ['? /arm refused']],
    ['dash', 'readonly X\nunset -f X\nexec /arm', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})
