// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {evaluateArithmetic} from '../../src/exec/shell/arithmetic.ts'
import type {Value} from '../../src/exec/world/value.ts'
import {executable} from '../support/memory-rootfs.ts'
import {startScript} from '../support/told-startup.ts'

/** What a script starts at its end; `<…>` where only the run knows it. */
async function started(text: string): Promise<string[]> {
  const files = Object.fromEntries(
    ['', '1', '2', '3', '4', '5', '11', '22'].map(end => [`/x${end}`, executable(program({}))]),
  )
  const {steps, unknowns} = await startScript(text, {files})
  const paths = steps.filter(({path, role}) => role === 'program' && path.startsWith('/x')).map(({path}) => path)
  return [
    ...paths,
    ...unknowns.map(({reason}) => reason.replace(/^\/e.sh runs (.*), which only the run knows$/, '<$1>')),
  ]
}

describe('arithmetic', () => {
  test.each<[string, string | undefined]>([
    ['', '0'],
    ['1 + 2 * 3', '7'],
    ['(1 + 2) * 3', '9'],
    ['7 / 2 - 7 % 4', '0'],
    ['-7 / 2', '-3'],
    ['2 ** 10', '1024'],
    ['1 << 4 | 1', '17'],
    ['0x1f + 010', '39'],
    ['!0 + ~0', '0'],
    ['3 > 2 && 2 >= 2', '1'],
    ['0 || 0', '0'],
    ['1 ? 5 : 6', '5'],
    ['n + 1', '5'],
    ['$n + ${n}', '8'],
    ['none', '0'],
    ['n = 9, n', '9'],
    ['n += 2', '6'],
    ['n++ + n', '9'],
    ['--n', '3'],
    ['0 && (n = 1), n', '4'],
    ['u + 1', undefined],
    ['u && 0', '0'],
    ['1 / 0', undefined],
    ['1 +', undefined],
    ['08', undefined],
    ['word', undefined],
    ['a[1]', undefined],
    ['9223372036854775807 + 1', '-9223372036854775808'],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, undefined],
  ])('%s', (text, expected) => {
    const vars = new Map<string, Value>([
      ['n', '4'],
      ['u', {unknown: '$u'}],
      ['word', 'x y'],
    ])
    const value = evaluateArithmetic(text, {read: name => vars.get(name), set: (name, to) => vars.set(name, to)})
    expect(value?.toString()).toBe(expected)
  })

  test('what may be assigned is not known', () => {
    const vars = new Map<string, Value>([['u', {unknown: '$u'}]])
    evaluateArithmetic('u && (n = 1)', {read: name => vars.get(name), set: (name, to) => vars.set(name, to)})
    expect(vars.get('n')).toEqual({unknown: '$n'})
  })
})

describe('values', () => {
  test.each<[script: string, ...expected: string[]]>([
    ['exec /x$((1 + 1))', '/x2'],
    ['N=3; exec /x$((N + $(echo 4)))', '/x7'],
    ['I=0; while [ $I -lt 3 ]; do I=$((I + 1)); done; exec /x$I', '/x3'],
    ['((N = 2)); ((N > 1)) && exec /x$N', '/x2'],
    ['((0)) && exec /x; exec /x1', '/x1'],
    ['exec /x$(($RANDOM % 2 + n))', '<$(($RANDOM % 2 + n))>'],
    ['true; exec /x$?', '/x0'],
    ['false; [ $? -eq 0 ] && exec /x; exec /x1', '/x1'],
    ['false; if [ $? -ne 0 ]; then exec /x1; fi; exec /x', '/x1'],
    ['grep -q a /b; if [ $? -ne 0 ]; then exec /x1; fi; exec /x2', '/x1', '/x2'],
    ['X=`echo /x1`; exec $X', '/x1'],
    ['exec `echo \\`echo /x1\\``', '/x1'],
    ["exec $'/x\\x41'", '</x\\x41>'],
    ["exec $'/x\\'1'", "/x'1"],
    // Lengths, substrings, substitutions, cases.
    ['V=abc; exec /x${#V}', '/x3'],
    ['V=abcdef; exec /x${V:2}', '/xcdef'],
    ['V=abcdef; exec /x${V:1:2}', '/xbc'],
    ['V=abcdef; exec /x${V: -2}', '/xef'],
    ['V=a.b.c; exec /x${V/./-}', '/xa-b.c'],
    ['V=a.b.c; exec /x${V//./-}', '/xa-b-c'],
    ['V=a.b.c; exec /x${V//./}', '/xabc'],
    ['V=abc; exec /x${V/#a/z}', '/xzbc'],
    ['V=abc; exec /x${V/%c/z}', '/xabz'],
    ['V=abc; exec /x${V/b*/z}', '/xaz'],
    ['V=abc; exec /x${V^^}', '/xABC'],
    ['V=ABC; exec /x${V,,}', '/xabc'],
    ['V=abc; exec /x${V^}', '/xAbc'],
    ['V=abc; W=V; exec /x${!W}', '/xabc'],
    ['exec /x${V[0]}', '/x'],
    // One of a few.
    ['if grep a /b; then V=1; else V=2; fi; exec /x$V', '/x1', '/x2'],
    ['if grep a /b; then V=1; else V=2; fi; exec /x$V$V', '/x11', '/x22'],
    ['if grep a /b; then V=/x1; else V=/x2; fi; exec ${V%1}', '/x', '/x2'],
    ['if grep a /b; then V=1; else V=2; fi; [ $V = 3 ] && exec /x; exec /x3', '/x3'],
    ['if grep a /b; then V=1; else V=2; fi; [ -n "$V" ] && exec /x4', '/x4'],
    ['if grep a /b; then V=1; else V=2; fi; case $V in 1) exec /x5;; *) exec /x$V;; esac', '/x5', '/x2'],
    ['if grep a /b; then V=1; else read V; fi; exec /x$V', '/x1', '<$V>'],
    // Input.
    ['read X < /etc/app.conf; exec /x$X', '/x/app/server'],
    ['read -r A B <<< "1  2 3"; exec /x$A-"$B"', '/x1-2 3'],
    ['read X <<E\nx1\nE\nexec /$X', '/x1'],
    ['while read -r X; do exec /x$X; done < /etc/app.conf; exec /x1', '/x/app/server'],
    // Patterns where nothing can match.
    ['for f in /none.d/*.sh; do exec "/x$f"; done', '/x/none.d/*.sh'],
    ['shopt -s nullglob; for f in /none.d/*.sh; do exec /x; done; exec /x1', '/x1'],
    ['for f in /app/*; do . "$f"; done; exec /x1', '/x1'],
    // An unquoted value that only the run knows is any number of words.
    ['set -- $(date); exec /x$#', '<$#>'],
    ['f() { exec /x$#; }; f $(date) a', '<$#>'],
    ['set -- "$(date)"; exec /x$#', '/x1'],
  ])('%s', async (script, ...expected) => {
    expect(await started(script)).toEqual(expected)
  })
})
