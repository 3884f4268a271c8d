// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {hasOneOrder} from '../../../src/exec/shell/collation.ts'
import {newState} from '../../../src/exec/shell/state.ts'
import {follow, followUnknowns} from './follow-script.ts'

/** What makes a script in a directory of its own. */
const HOOK = "mkdir /tmp/d; printf '#!/bin/sh\\n%s\\n' 'cp /arm /app' > /tmp/d/10-a.sh; chmod a+x /tmp/d/10-a.sh\n"

describe('the files of a directory that a script goes through are as if they were written', () => {
  test.each<[script: string, written: string]>([
    ['for f in /first/b*; do "$f"; done\nexec /app', 'for f in /first/both; do "$f"; done\nexec /app'],
    ['for f in /f*/both; do "$f"; done\nexec /app', 'for f in /first/both; do "$f"; done\nexec /app'],
    ['for f in /[ef]irst/bot?; do "$f"; done\nexec /app', 'for f in /first/both; do "$f"; done\nexec /app'],
    ['for f in /first/[!gt]*; do "$f"; done\nexec /app', 'for f in /first/both; do "$f"; done\nexec /app'],
    ['for f in /first/*; do "$f"; done\nexec /app', '/first/both\n/first/gone\n/first/text\nexec /app'],
    ['D=/first; for f in "$D"/b*; do exec "$f"; done', 'exec /first/both'],
    ['cd /first; for f in b*; do exec ./"$f"; done', 'cd /first; exec ./both'],
    ['F="/first/b*"; for f in $F; do exec "$f"; done', 'exec /first/both'],
    ['F="/none /first/b*"; set -- $F; exec "$2"', 'exec /first/both'],
    ['/second/b*\nexec /app', '/second/both\nexec /app'],
    ['set -- /second/b*; exec "$1"', 'exec /second/both'],
    ['exec $(echo /second/b*)', 'exec /second/both'],
    [`${HOOK}for f in /tmp/d/*.sh; do [ -x "$f" ] && "$f"; done\nexec /app`, `${HOOK}/tmp/d/10-a.sh\nexec /app`],
    [`${HOOK}for f in /tmp/d/*.sh; do . "$f"; done\nexec /app`, `${HOOK}. /tmp/d/10-a.sh\nexec /app`],
    ['mkdir /tmp/d; ln -s /arm /tmp/d/x; exec /tmp/d/*', 'mkdir /tmp/d; ln -s /arm /tmp/d/x; exec /tmp/d/x'],
    ['for f in /first/b*; do rm "$f"; done\nexec /first/both', 'rm /first/both\nexec /first/both'],
    ['cp /second/b* /tmp/; exec /tmp/both', 'cp /second/both /tmp/; exec /tmp/both'],
    ['ln -s /first /tmp/l; set -- /tmp/l*/both; exec "$1"', 'ln -s /first /tmp/l; exec /tmp/l/both'],
    [
      'mkdir /tmp/d /tmp/d/e; cp /arm /tmp/d/e/; set -- /tmp/d/*/; exec "$1"arm',
      'mkdir /tmp/d /tmp/d/e; cp /arm /tmp/d/e/; exec /tmp/d/e/arm',
    ],
  ])('%j', async (script, written) => {
    const expected = await follow(written)
    expect(expected).not.toEqual([])
    expect(await follow(script)).toEqual(expected)
    expect(await follow(script, 'bash')).toEqual(await follow(written, 'bash'))
  })
})

describe('a pattern that is none, or matches nothing', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['for f in "/first/b*"; do exec "$f"; done', ['/first/b* missing']],
    ['for f in /first/b\\*; do exec "$f"; done', ['/first/b* missing']],
    ['set -f; for f in /first/b*; do exec "$f"; done', ['/first/b* missing']],
    ['for f in /none.d/*; do exec "$f"; done', ['/none.d/* missing']],
    ['for f in /none.d/*; do [ -e "$f" ] && continue; exec /arm; done', ['/arm refused']],
    // It is there for what the run puts into it.
    ['for f in /tmp/*; do "$f"; done\nexec /tmp/x', ['/tmp/x missing maybe']],
    // A value that happens to have a star in it.
    ['O="-Dhosts=*.local"; for o in $O; do exec /app "$o"; done\nexec /arm', ['/app']],
    // A name that begins with a dot is asked for by its dot.
    ['cp /arm /first/.x; rm /first/[a-z]*; set -- /first/*; exec /app', ['/app']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
    expect(await follow(script, 'bash')).toEqual(starts)
  })
})

describe('what only the run knows of a pattern', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['shopt -s nullglob; for f in /none.d/*; do exec /arm; done\nexec /app', ['/app']],
    ['shopt -s dotglob; for f in /first/b*; do "$f"; done\nexec /app', ['/app']],
    ['if unknown; then set -f; fi; for f in /first/b*; do "$f"; done\nexec /app', ['/app']],
    ['GLOBIGNORE=x; for f in /first/b*; do "$f"; done\nexec /app', ['/app']],
    ['unknown; for f in /first/b*; do exec "$f"; done\nexec /app', ['? /first/both refused', '? /app']],
  ])('%j', async (script, starts) => {
    expect(await follow(script, 'bash')).toEqual(starts)
    expect(await followUnknowns(script, 'bash')).toEqual([])
  })
})

describe('a directory that only its owner may read', () => {
  test('root sees the names in it', async () => {
    const script = 'cp /arm /closed/x; set -- /closed/*; [ -e "$1" ] || exec /app\nexec /arm'
    expect(await follow(script, 'dash', '0')).toEqual(['/arm refused'])
  })
})

describe('the order of several', () => {
  const state = (LANG: string, dialect: 'dash' | 'bash' = 'bash') =>
    newState({env: new Map([['LANG', LANG]]), params: [], name: 'x', cwd: '/', errexit: false, dialect})
  test.each<[names: readonly string[], lang: string, isKnown: boolean]>([
    [['/d/10-a.sh', '/d/20-b.sh'], 'en_US.UTF-8', true],
    [['/d/10-a.sh', '/d/10-b.sh'], 'en_US.UTF-8', true],
    [['/d/10', '/d/10-b.sh'], 'en_US.UTF-8', true],
    [['/d/B', '/d/a'], 'en_US.UTF-8', false],
    [['/d/a-b', '/d/a_b'], 'en_US.UTF-8', false],
    [['/d/B', '/d/a'], 'C.UTF-8', true],
    [['/d/B', '/d/a'], '', true],
  ])('%j in %s', (names, lang, isKnown) => {
    expect(hasOneOrder(names, state(lang))).toBe(isKnown)
    expect(hasOneOrder(names, state(lang, 'dash'))).toBe(true)
  })
})
