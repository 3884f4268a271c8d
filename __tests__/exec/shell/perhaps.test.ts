// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow, followUnknowns} from './follow-script.ts'

const X = 'X=/app; if unknown; then X=$(unknown); fi\n'

describe('a program of another machine that may have been written over', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['> /arm &\n/arm || exec /app', ['? /arm refused maybe', '? /app']],
    ['unknown && > /arm\n/arm || exec /app', ['? /arm refused maybe', '? /app']],
    ['/arm || exec /app', ['? /arm refused', '/app']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('a value that may be a known one, or anything', () => {
  test.each<[script: string]>([
    [`${X}cp /arm "$X"`],
    [`${X}cp /arm $X`],
    [`${X}echo x > "$X"`],
    [`${X}rm "$X"`],
    [`${X}mv "$X" /tmp/x`],
    [`${X}chmod -x "$X"`],
    [`${X}ln -sf /arm "\${X%/}"`],
    [`${X}Y=$X\ncp /arm "$Y"`],
    [`${X}for x in "$X"; do cp /arm "$x"; done`],
    ['X=/ap; if unknown; then X=$(unknown); fi\ncp /arm "${X}p"'],
    ['X=/; if unknown; then X=$(unknown); fi\ncp /arm $X/app'],
    ['X=$(unknown)\ncp /arm "${X:-/app}"'],
    ['X=$(unknown)\n: "${X:=/app}"\ncp /arm "$X"'],
    ['X=$(if unknown >/dev/null; then unknown; else echo /app; fi)\ncp /arm "$X"'],
    ['for x in /app $(unknown); do cp /arm "$x"; done'],
    ['X=/app\nwhile unknown; do cp /arm "$X"; X=$(unknown); done'],
    ['set -- /app; if unknown; then set -- $(unknown); fi\ncp /arm "$1"'],
    ['cd "$(unknown)"\necho x > app'],
    ['cd "$(unknown)"\nrm -f app'],
  ])('%j may change what is there', async script => {
    const [last] = (await follow(`${script}\nexec /app`)).slice(-1)
    expect(last).toMatch(/^\/app .*maybe$|^\/app maybe$/)
    // Another file is what it was.
    expect((await follow(`${script}\nexec /arm`)).at(-1)).toBe('/arm refused')
  })

  test.each<[script: string, starts: readonly string[], unknown: string]>([
    [`${X}exec "$X"`, ['? /app'], '$X'],
    ['X=/arm; if unknown; then X=$(unknown); fi\nexec "$X" a', ['? /arm refused'], '$X'],
    ['X=$(unknown)\nexec "${X:-/arm}"', ['? /arm refused'], '$(…)'],
    ['set -- /arm; if unknown; then set -- $(unknown); fi\nexec "$@"', ['? /arm refused'], '"$@"'],
  ])('%j starts the known one or another', async (script, starts, unknown) => {
    expect(await follow(script)).toEqual(starts)
    expect(await followUnknowns(script)).toEqual([`/e.sh runs ${unknown}, which only the run knows`])
  })
})

describe('a directory that only the run knows', () => {
  const CD = 'unknown && cd /tmp\n'
  test.each<[script: string, starts: readonly string[]]>([
    [`${CD}cp /arm app\nexec /app`, ['/app maybe']],
    [`${CD}cp /arm .\nexec /arm`, ['/arm refused maybe']],
    [`${CD}cp /arm app\nexec /other`, ['/other missing maybe']],
    [`${CD}[ -e app ] && exec /arm\nexec /app`, ['? /arm refused', '/app']],
    [`${CD}exec env ./app`, ['./app maybe']],
    [`${CD}exec env ./none`, ['./none missing maybe']],
    [`${CD}cd /\ncp /arm x\nexec /x`, ['/x refused']],
    [`${CD}exec /arm`, ['/arm refused']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
    expect(await follow(script, 'bash')).toEqual(starts)
  })

  test.each([
    [`${CD}exec ./app`, '/e.sh runs ./app'],
    [`${CD}exec dash makes.sh`, 'dash runs makes.sh'],
  ])('%j', async (script, what) => {
    expect(await followUnknowns(script)).toEqual([`${what} in a directory that only the run knows`])
  })
})

/* A directory that a program may have put more into: what is known to be read in may set the parameters. */
test.each<[script: string, starts: readonly string[]]>([
  ['echo set /app > /tmp/a.set\nunknown\nfor f in /tmp/*.set; do . "$f"; done\nexec x$1', []],
  ['echo set /app > /tmp/a.set\nfor f in /tmp/*.set; do . "$f"; done\nexec $1', ['/app']],
])('files of a pattern that are read in: %j', async (script, starts) => {
  expect(await follow(script)).toEqual(starts)
})

/* A user who is not root needs search permission, which may have been taken away. */
test.each<[user: string, starts: readonly string[]]>([
  ['1000', ['? /app', '? /arm refused']],
  ['', ['/app']],
])('a directory whose permissions are in doubt, for user %j', async (user, starts) => {
  const script = 'chmod "$(unknown)" /first\nif [ -e /first/both ]; then exec /app; fi\nexec /arm'
  expect(await follow(script, 'dash', user)).toEqual(starts)
})

/* A program of which nothing is known may have made the file before, with permissions that a write leaves alone. */
test.each<[script: string, starts: readonly string[]]>([
  ['unknown\necho > /tmp/n\nif [ -x /tmp/n ]; then exec /app; fi\nexec /arm', ['? /app', '? /arm refused']],
  [
    'unknown\necho > /tmp/n\nchmod +x /tmp/n\nif [ -x /tmp/n ]; then exec /app; fi\nexec /arm',
    ['? /app', '? /arm refused'],
  ],
  ['unknown\necho > /tmp/n\nchmod 755 /tmp/n\nif [ -x /tmp/n ]; then exec /app; fi\nexec /arm', ['/app']],
  ['unknown\necho > /tmp/n\nif [ -r /tmp/n ]; then exec /app; fi\nexec /arm', ['/app']],
  ['echo > /tmp/n\nif [ -x /tmp/n ]; then exec /app; fi\nexec /arm', ['/arm refused']],
])('tests of permissions: %j', async (script, starts) => {
  expect(await follow(script)).toEqual(starts)
})
