// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow, followPassedOver} from './follow-script.ts'

describe('a program of which only the run knows the name may make anything', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['for f in $(unknown)/mak*.sh; do "$f"; done\nexec /tmp/x', ['/tmp/x missing maybe']],
    [
      'for f in $(unknown)/mak*; do if [ -x "$f" ]; then "$f"; else . "$f"; fi; done\nexec /tmp/x',
      ['/tmp/x missing maybe'],
    ],
    ['for f in $(unknown)/mak*; do ( "$f" ); done\nexec /tmp/x', ['/tmp/x missing maybe']],
    ['for f in $(unknown)/mak*; do "$f" & done; wait\nexec /tmp/x', ['/tmp/x missing maybe']],
    ['$(unknown)/mak*.sh\nexec /tmp/x', ['/tmp/x missing maybe']],
    ['set -- $(unknown)/mak*; "$1"\nexec /tmp/x', ['/tmp/x missing maybe']],
    ['"$X"\nexec /tmp/x', ['/tmp/x missing maybe']],
    ['X=$("$Y")\nexec /tmp/x', ['/tmp/x missing maybe']],
    // What is there stays what it is.
    ['for f in $(unknown)/mak*; do "$f"; done\nexec /arm', ['/arm refused']],
    ['"$X"\nexec /arm', ['/arm refused']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
    expect(await follow(script, 'bash')).toEqual(starts)
  })
})

describe('a program that cannot start and ends only a subshell', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['(none || exit) || true\nexec /arm', ['/arm refused']],
    ['(none || exit 1)\nexec /arm', ['/arm refused']],
    ['none || exit 1\nexec /app', ['none not-in-path']],
    ['set -e\n(none || exit 1)\nexec /app', ['none not-in-path']],
    ['if (none || exit 1); then :; fi\nexec /arm', ['/arm refused']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('what the run may give, and only a subshell ends for want of it', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['(set -e; [ -z "${X:-}" ] && exit 1; /arm)\nexec /app', ['? /arm refused', '/app']],
    ['set -e\n([ -z "${X:-}" ] && exit 1; /arm)\nexec /app', ['/arm refused', '/app']],
    ['([ -z "${X:-}" ] && exit 1; exec /arm)', ['/arm refused']],
    ['if (cd /none || exit 1; /arm); then :; fi\nexec /app', ['? /arm refused', '/app']],
  ])('%j', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('[[ -v NAME ]] asks for a variable, not for a file', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['X=1\nif [[ -v X ]]; then exec /arm; fi\nexec /app', ['/arm refused']],
    ['X=\nif [ -v X ]; then exec /arm; fi\nexec /app', ['/arm refused']],
    ['if [[ -v X ]]; then exec /app; fi\nexec /arm', ['/arm refused']],
    ['if [[ ! -v X ]]; then exec /arm; fi\nexec /app', ['/arm refused']],
  ])('%j', async (script, starts) => {
    expect(await follow(script, 'bash')).toEqual(starts)
  })
})

test('how a script ends that bash reads on in, once it has written over it', async () => {
  expect(await follow('/writes.sh || exec /arm\nexec /app', 'bash')).toEqual(['? /writes.sh', '? /arm refused', '/app'])
})

describe('what is passed over in silence is kept', () => {
  test.each<[script: string, kept: readonly string[]]>([
    ['curl -o /tmp/x u\n/tmp/x || /tmp/x', ['/tmp/x is not in the image, and may be made before']],
    [
      'if unknown; then X=; fi\nif "$X"; then exec /app; fi',
      ['/e.sh runs "$X", which only the run knows', '/e.sh runs a command whose name is empty'],
    ],
    ['none || exec /app', []],
    ['exec /app', []],
  ])('%j', async (script, kept) => {
    expect(await followPassedOver(script)).toEqual(kept)
  })
})
