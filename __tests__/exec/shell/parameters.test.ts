// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {holdsIn} from './holds-in.ts'

/* XCU 2.5.2, special parameters, and what becomes of them: each row holds in bash 5.2 and in dash 0.5.12. */
const HOLDS: readonly (readonly [setup: string, condition: string])[] = [
  ['set -- a b c', '[ "$#" = 3 ]'],
  ['set --', '[ "$#" = 0 ]'],
  ['set -- a b; shift', '[ "$#$1" = 1b ]'],
  ['set -- a "b c"', '[ "$*" = "a b c" ]'],
  ['set -- a "b c"', '[ "$#" -eq 2 ]'],
  ['set -- a "b c"; set -- $*', '[ "$#" -eq 3 ]'],
  ['set -- a "b c"; set -- "$@"', '[ "$#" -eq 2 ]'],
  ['set -- a "b c"; set -- "$*"', '[ "$#" -eq 1 ]'],
  ['set -- a "b c"; set -- x"$@"y', '[ "$1|$2" = "xa|b cy" ]'],
  ['set --; set -- "$@"', '[ "$#" -eq 0 ]'],
  ['set --; set -- "$*"', '[ "$#" -eq 1 ]'],
  ['set -- a b; IFS=,', '[ "$*" = a,b ]'],
  ['set -- a b; IFS=:,', '[ "$*" = a:b ]'],
  ['set -- a b; IFS=', '[ "$*" = ab ]'],
  ['set -- a b; unset IFS', '[ "$*" = "a b" ]'],
  ['set --', '[ "${@:-none}" = none ]'],
  ['set -- a', '[ "${*-none}" = a ]'],
  ['set -- a b', '[ "${*:+set}" = set ]'],
  ['set -- a b c d e f g h i j k', '[ "${11}" = k ]'],
  ['set -- a b c d e f g h i j k', '[ "$11" = a1 ]'],
  ['set -- a b', '[ "${3-none}" = none ]'],
  ['set -- a ""', '[ "${2-none}" = "" ]'],
  ['set -- a ""', '[ "${2:-none}" = none ]'],
  ['set -- abc', '[ "${#1}" = 3 ]'],
  ['set -- a.b.c', '[ "${1%%.*}${1##*.}" = ac ]'],
  ['true', '[ "$?" = 0 ]'],
  ['false', '[ "$?" != 0 ]'],
  ['false', '[ 0 != "$?" ]'],
  ['false', '[ "$?" -ne 0 ]'],
  ['false', '! [ "$?" -eq 0 ]'],
  ['false', '! [ 0 = "$?" ]'],
  ['f() { [ "$1|$#" = "x|1" ]; }; set -- a b', 'f x'],
  ['f() { :; }; set -- a b; f x', '[ "$*" = "a b" ]'],
  ['f() { set -- y; }; set -- a b; f x', '[ "$*" = "a b" ]'],
  ['f() { return 1; }', '! f'],
  ['x=1; f() { local x=2; [ $x = 2 ]; }; f', '[ $x = 1 ]'],
  // What a pattern means to the one and to the other.
  ['x=abc', 'case $x in [!x]*) ;; *) false ;; esac'],
  ['x=x', '! case $x in [!x]*) ;; *) false ;; esac'],
  ['x="[a"', 'case $x in "[a") ;; *) false ;; esac'],
  // XCU 2.9.3: each operator by what came before it, from the left.
  ['', 'true && true || false'],
  ['', 'true || false && true'],
  ['', 'false && false || true'],
  ['', '! { true && false || false; }'],
  ['', '! { false || true && false; }'],
  ['x=; true || x=1 && x=${x}2', '[ "$x" = 2 ]'],
  ['x=; false && x=1 || x=${x}2', '[ "$x" = 2 ]'],
  ['x=; true && x=1 || x=${x}2', '[ "$x" = 1 ]'],
  ['x=; false || x=1 && x=${x}2', '[ "$x" = 12 ]'],
  // Numbers: XCU 2.6.4 and 1.1.2.1, with those of the C language.
  ['x=$((010 + 0x10 - 1))', '[ "$x" = 23 ]'],
  ['x=5', '[ $((x / 2 * 2 + x % 2)) -eq 5 ]'],
  ['x=-7', '[ "$((x / 2)) $((x % 2))" = "-3 -1" ]'],
  ['x=2', '[ $((x > 1 && x < 3 ? 10 : 20)) -eq 10 ]'],
  ['x=1; : $((x += 4)) $((x <<= 2))', '[ "$x" = 20 ]'],
]

describe.each(['bash', 'dash'])('in %s', shell => {
  test.each(HOLDS)('%s: %s', async (setup, condition) => {
    expect(await holdsIn(shell, setup, condition)).toEqual(['/yes'])
  })
})

/* bash takes the caret of a bracket for `!`, dash for a letter; XCU 2.14 leaves it open. */
test.each([
  ['bash', '[^a]', 'b'],
  ['bash', '[^a]*', 'bc'],
  ['dash', '[^a]', 'a'],
  ['dash', '[^a]', '^'],
  ['dash', 'x[^a]*', 'x^y'],
])('in %s %s matches %s', async (shell, pattern, text) => {
  const matches = (word: string) => `case ${word} in ${pattern}) ;; *) false ;; esac`
  expect(await holdsIn(shell, ':', matches(text))).toEqual(['/yes'])
  const other = shell === 'bash' ? text.replace(/^b/, 'a') : text.replace(/[a^]/, 'b')
  expect(await holdsIn(shell, ':', matches(other))).toEqual(['/no'])
})
