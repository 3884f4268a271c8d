import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

/* Where `exec` cannot start its program the shell ends, XCU 2.14: what stands behind `||` is not run. */

describe('exec of what cannot be started', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['exec /nosuch || exec /app', ['/nosuch missing']],
    ['exec nosuch || exec /app', ['nosuch not-in-path']],
    ['exec /arm || exit 1', ['/arm refused']],
    ['if exec /arm; then :; fi\n/app', ['/arm refused']],
    ['start() { exec nosuch; }\nstart || /app', ['nosuch not-in-path']],
    ['! exec /arm', ['/arm refused']],
    // Only the subshell ends.
    ['(exec /nosuch) || /app', ['/app']],
    ['(exec /nosuch || /arm) || /app', ['/app']],
    ['if (exec /arm); then :; fi\n/app', ['? /arm refused', '/app']],
    ['x=$(exec /arm || /app)\n/app', ['/app']],
    ['(exec /arm)', ['/arm refused']],
    // It is looked for before.
    ['command -v nosuch && exec nosuch || exec /app', ['/app']],
    ['[ -x /nosuch ] && exec /nosuch || exec /app', ['/app']],
  ])('%j', async (script, starts) => {
    for (const shell of ['bash', 'dash']) expect(await follow(script, shell)).toEqual(starts)
  })

  test.each<[script: string, starts: readonly string[]]>([
    ['shopt -s execfail\nexec /arm || /app', ['? /arm refused', '/app']],
    ['shopt -s execfail\nexec /arm\n/app', ['? /arm refused', '/app']],
    ['shopt -s execfail\nshopt -u execfail\nexec /arm || /app', ['/arm refused']],
  ])('with execfail of bash: %j', async (script, starts) => {
    expect(await follow(script, 'bash')).toEqual(starts)
  })
})

/* bash looks whether ERR is trapped before it runs a command, execute_cmd.c. */
test.each<[script: string, starts: readonly string[]]>([
  ['f() { trap "exec /arm" ERR; return 1; }\nf\nexec /app', ['/app']],
  ['f() { trap "exec /arm" ERR; return 1; }\nf\nf\nexec /app', ['/arm refused']],
  ['f() { trap "exec /arm" ERR; return 1; }\ntrue && f\nexec /app', ['/app']],
  ['trap "exec /app" ERR\nf() { trap "exec /arm" ERR; return 1; }\nf\nexec /app', ['/arm refused']],
])('an ERR trap that a function sets: %j', async (script, starts) => {
  expect(await follow(script, 'bash')).toEqual(starts)
})

/* A compound command whose files cannot be opened is not run, and fails as a simple command does. */
describe('a compound command that cannot be redirected', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['trap "exit 0" ERR\nwhile read x; do :; done < /nope\nexec /arm', []],
    ['trap "exec /arm" ERR\n{ :; } > /nope/x\nexec /app', ['/arm refused']],
    // Its last part fails, if it comes to that.
    ['trap "exit 0" ERR\nunknown && false\nexec /arm', ['? /arm refused']],
    ['trap "exit 0" ERR\nunknown || false\nexec /arm', ['? /arm refused']],
    ['trap "exec /arm" ERR\nunknown && { false; }\nexec /app', ['? /arm refused', '/app']],
    ['trap "exit 0" ERR\nunknown && false || :\nexec /arm', ['/arm refused']],
    ['set -e\nunknown && false\nexec /arm', ['/arm refused']],
    ['trap "exec /arm" ERR\n{ :; } > /nope/x || true\nexec /app', ['/app']],
    ['trap "exec /arm" ERR\nif { :; } < /nope; then :; fi\nexec /app', ['/app']],
    ['trap "exec /arm" ERR\n{ :; } < /lib.sh\nexec /app', ['/app']],
    ['trap "exec /arm" ERR\nwhile read x; do { :; } < /nope; break; done < /lib.sh\nexec /app', ['/arm refused']],
  ])('%j', async (script, starts) => {
    expect(await follow(script, 'bash')).toEqual(starts)
  })
})

/* A test of one word asks whether the word is empty: nothing that the container is given changes its answer. */
test.each<[script: string, starts: readonly string[]]>([
  ['echo exit 1 > /tmp/s\nchmod +x /tmp/s\n[ -x ] && exec /tmp/s\n/app', ['/tmp/s']],
  ['echo exit 1 > /tmp/s\nchmod +x /tmp/s\n[ -x /bin/cat ] && exec /tmp/s\n/app', ['/tmp/s', '/app']],
])('a test before exec: %j', async (script, starts) => {
  expect(await follow(script)).toEqual(starts)
})
