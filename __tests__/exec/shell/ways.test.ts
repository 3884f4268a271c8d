// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow, followUnknowns} from './follow-script.ts'

describe('parameters that only one of two ways has', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['set -- /arm\nif unknown; then set -- env "$@"; fi\nexec "$@"', ['? /arm refused', '? /arm refused']],
    ['set -- /app\nunknown && set -- /arm\nexec "$@"', ['? /arm refused', '? /app']],
    ['set -- x\nif unknown; then set -- /app "$@"; fi\nexec "$@"', ['? /app']],
    // What failed before says nothing of the ways.
    ['set -- /none\nif [ $HOSTNAME = x ]; then set -- /app; fi\nnosuch || exec "$@"', ['? /app']],
    // Not named by them: what may be made is told of.
    ['set -- y\nif unknown; then set -- x; fi\nnone "$@"', ['none not-in-path maybe']],
    ['set -- x\nif unknown; then set -- y; fi\n"$@"', ['? y not-in-path maybe', '? x not-in-path maybe']],
    ['set -- /none x\nif unknown; then shift; fi\nexec "$@"', ['? x not-in-path maybe', '? /none missing maybe']],
    // None of them can be started.
    ['set -- y\nif [ $HOSTNAME = x ]; then set -- /none y; fi\nexec "$@"', ['? /none missing', '? y not-in-path']],
    ['set -- a b\nif unknown; then set -- b; fi\nshift\n[ $# = 2 ] && exec /app\nexec /arm', ['/arm refused']],
    ['set -- a\nunknown && set -- b\ncase "$1" in a|b) exec /arm;; esac\nexec /app', ['/arm refused']],
    ['set -- a\nunknown && set -- b\nif [ "$1" = c ]; then exec /app; fi\nexec /arm', ['/arm refused']],
    ['set -- /app\nunknown && set -- /arm\nfor i; do cp "$i" /tmp/x; done\nexec /tmp/x', ['/tmp/x missing maybe']],
    ['set -- /app\nf() { unknown && set -- /arm; }\nf\nexec "$@"', ['/app']],
    ['set -- /arm\nunknown && set -- "$(unknown)"\nexec "$@"', ['? /arm refused']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('a function that each of two ways defines otherwise', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['if unknown; then f() { exec /app; }; else f() { exec /arm; }; fi\nf', ['? /app', '? /arm refused']],
    ['if unknown; then f() { exec /arm; }; else f() { A=1; exec /arm; }; fi\nf', ['/arm refused']],
    // Once more: what each of two ways starts is not certain the second time either.
    [
      'if unknown; then f() { exec /app; }; else f() { exec /arm; }; fi\nset -e\n(f)\n(f)\necho',
      ['? /app', '? /arm refused'],
    ],
    [
      'set -e\nfor i in 1 2; do if unknown; then f() { /app; }; else f() { /arm; }; fi\n(f)\ndone\necho',
      ['? /app', '? /arm refused'],
    ],
    // It was likely before, and comes on every way.
    ['unknown && /arm\nset -e\nif unknown; then f() { /arm; }; else f() { A=1; /arm; }; fi\nf', ['/arm refused']],
    ['if unknown; then f() { exec /app; }; else f() { :; }; fi\nf\nexec /arm', ['? /app', '? /arm refused']],
    ['f() { exec /arm; }\nunknown && f() { exec /app; }\nf', ['? /app', '? /arm refused']],
    ['unknown && env() { exec /app; }\nenv\nexec /arm', ['? /app', '? /arm refused']],
    ['unknown && f() { :; }\ncommand -v f && exec /app\nexec /arm', ['? /app', '? /arm refused']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('a path that is one of several', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['X=/tmp/x\nunknown && X=/app\n: > "$X"\nexec /app', ['/app maybe']],
    ['X=/tmp/x\nunknown && X=/tmp/y\n: > "$X"\nexec /arm', ['/arm refused']],
    ['X=/tmp/x\nunknown && X=/app\ncp /arm "$X"\nexec /app', ['/app maybe']],
    ['X=/tmp/x\nunknown && X=/app\nrm "$X"\nexec /app', ['/app maybe']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

test('a program that is read in as if it were a script', async () => {
  expect(await followUnknowns('. /app\nexec /app', 'bash')).toEqual(['/e.sh reads /app in, which is not text'])
  expect(await followUnknowns('. /app\nexec /app', 'busybox')).toEqual(['/e.sh reads /app in, which is not text'])
  expect(await followUnknowns('[ -e /gone ] && . /app\nexec /app')).toEqual([])
})

describe('what ends a shell, and how', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', '. ""\nexec /arm', ['/arm refused']],
    ['dash', '. && exec /app\nexec /arm', ['/app']],
    ['bash', 'X=/app\nunknown > /tmp/b\nread X < /tmp/b\n> "$X"\nexec /app', ['/app maybe']],
    ['bash', '. || exec /app\nexec /arm', ['/app']],
    ['sh', '.\nexec /arm', []],
    ['dash', 'PATH=$(unknown)\n. ""\nexec /arm', ['/arm refused']],
    ['dash', "trap 'exit 0' EXIT\n. ''\nexec /arm", ['? /arm refused']],
    ['dash', "trap 'exit 0' EXIT\nset -e\nunknown\nexec /arm", ['? /arm refused']],
    ['dash', "trap 'rm /tmp/x' EXIT\nset -e\nunknown\nexec /arm", ['/arm refused']],
    ['bash', '. /tmp\nexec /arm', ['/arm refused']],
    ['dash', '(. /tmp; rm /app)\nexec /app', ['/app maybe']],
  ])('%s: %j', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

test('one of two ways ends as a file that only the run knows', async () => {
  const script = 'unknown | cat > /tmp/x\nset -- /tmp/x\nif unknown; then set -- /app; fi\nexec "$@"'
  expect(await follow(script)).toEqual(['? /app', '? /tmp/x missing maybe'])
})
