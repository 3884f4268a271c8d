// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {executable} from '../support/memory-rootfs.ts'
import {nativeProgram, sayStart} from '../support/script-start.ts'
import {startScript} from '../support/told-startup.ts'

const REFUSED = '/app/arm: refused'
const REFUSED_MAYBE = '? /app/arm: refused'
type Row = readonly [script: string, ...expected: string[]]

/** Run by bash, or by another shell that is named. */
async function say(script: string, shell = 'bash', more: readonly string[] = []) {
  const files = {
    '/e.sh': executable(`#!/bin/${shell}\n${script}\n`),
    ...Object.fromEntries(['/bin/dash', ...more].map(path => [path, executable(nativeProgram())])),
  }
  return sayStart(await startScript(script, {files}))
}

describe("bash's arrays and lists", () => {
  test.each<Row>([
    ['a=(/app/arm --x); exec "${a[@]}"', REFUSED],
    ['a=(/app/server); a+=(b c); [ ${#a[@]} = 3 ] && exec /app/arm', REFUSED],
    ['a=(x /app/arm); exec "${a[1]}"', REFUSED],
    ['a=(x /app/arm); exec "${a[-1]}"', REFUSED],
    ['a=(x y /app/arm z); exec "${a[@]:2}"', REFUSED],
    ['a=(x y /app/arm z); exec ${a[*]:2:1}', REFUSED],
    ['a=(); exec "${a[@]}" /app/arm', REFUSED],
    ['a=(/app/arm x); exec $a', REFUSED],
    ['a=("/app/arm x"); exec "${a[@]}"', '/app/arm x: missing'],
    ['declare -a a=(/app/arm); exec "${a[@]}"', REFUSED],
    ['f() { local a=(/app/arm "$@"); exec "${a[@]}"; }; f x', REFUSED],
    ['set -- a b /app/arm c; exec "${@:3}"', REFUSED],
    ['set -- a b c; [ ${#@} -eq 3 ] && exec /app/arm', REFUSED],
    ['X_A=/app/arm; X_B=2; for n in "${!X_@}"; do exec "${!n}"; done', REFUSED],
    ['a=(p q); for i in "${!a[@]}"; do [ $i = 1 ] && exec /app/arm; done', REFUSED],
    ['v=/app/arm; exec "${v[@]}"', REFUSED],
    // What is not known of an array is not known of its words.
    ['a=($(ls /)); exec "${a[@]}"', 'unknown: /e.sh runs ${a[@]}, which only the run knows'],
    ['a=(/app/arm); read -ra a; exec "${a[@]}"', 'unknown: /e.sh runs ${a[@]}, which only the run knows'],
    ['a=(/app/arm); mapfile -t a; exec "${a[@]}"', 'unknown: /e.sh runs ${a[@]}, which only the run knows'],
    ['a=(/app/arm); a[0]=/x; exec "${a[@]}"', 'unknown: /e.sh runs ${a[@]}, which only the run knows'],
    ['a=([1]=/app/arm); exec "${a[@]}"', 'unknown: /e.sh runs ${a[@]}, which only the run knows'],
    ['a=(/app/arm); unset "a[0]"; exec "${a[@]}"', 'unknown: /e.sh runs ${a[@]}, which only the run knows'],
    ['a=(/app/arm); grep x /y && a=(/x y); exec "${a[@]}"', 'unknown: /e.sh runs ${a[@]}, which only the run knows'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })

  test('dash has none', async () => {
    const script = 'exec /x${V[0]}'
    expect(await say(script, 'dash')).toEqual(['unknown: /e.sh runs ${V[0]}, which only the run knows'])
  })
})

describe('whether a script was read in or run', () => {
  const isSourced =
    '_is_sourced() { [ "${#FUNCNAME[@]}" -ge 2 ] && [ "${FUNCNAME[0]}" = _is_sourced ] && [ "${FUNCNAME[1]}" = source ]; }\n'
  test.each<Row>([
    [`${isSourced}if ! _is_sourced; then exec /app/arm; fi`, REFUSED],
    [`${isSourced}if _is_sourced; then exec /app/arm; fi; exec /app/server`, '/app/server'],
    ['[ "${BASH_SOURCE[0]}" = "$0" ] && exec /app/arm', REFUSED],
    ['f() { [ "$FUNCNAME" = f ] && exec /app/arm; }; f', REFUSED],
    ['f() { g; }; g() { [ "${FUNCNAME[1]}/${FUNCNAME[2]}" = f/main ] && exec /app/arm; }; f', REFUSED],
    ['echo \'[ "$BASH_SOURCE" = "$0" ] || exec /app/arm\' > /tmp/l; . /tmp/l', REFUSED],
    ['echo \'[ "${FUNCNAME[0]}" = source ] && exec /app/arm\' > /tmp/l; . /tmp/l', REFUSED],
    ['f() { :; }; f; [ "${#FUNCNAME[@]}" = 0 ] && exec /app/arm', REFUSED],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe('a variable by the name that another holds', () => {
  test.each<Row>([
    ['n=V; V=/app/arm; exec "${!n:-/x}"', REFUSED],
    ['n=V; exec "${!n:-/app/arm}"', REFUSED],
    ['n=V; export "$n"="/app/arm"; exec "$V"', REFUSED],
    ['n=TOKEN; if [ -z "${!n:-}" ]; then exit 1; fi; exec /app/arm', REFUSED],
    // Only this variable, and not PATH, may be another.
    ['n=V; export "$n"="$(cat /none/x)"; exec tool', 'tool: not-in-path'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe('a program that cannot start, where the script ends for it', () => {
  test.each<Row>([
    ['v="$(/app/arm --version)" || exit 1; exec /app/server', REFUSED],
    ['if ! v="$(/app/arm --version)"; then exit 1; fi; exec /app/server', REFUSED],
    ['if ! v=$(gone); then echo no >&2; exit 1; fi; exec /app/server', 'gone: not-in-path'],
    ['if gone; then exec /app/server; else exit 1; fi', 'gone: not-in-path'],
    // The left side of the last && of a script.
    ['/app/arm && exec /app/server', REFUSED],
    ['gone > /tmp/x && exec /app/server', 'gone: not-in-path'],
    ['true && gone && exec /app/server', 'gone: not-in-path'],
    ['(cd /app; /app/arm) && exec /app/server', REFUSED],
    ['f() { /app/arm; }; f && exec /app/server', REFUSED],
    // Here it is asked, or does not matter.
    ['which gone && exec gone'],
    ['gone && echo yes; exec /app/server', '/app/server'],
    ['{ gone; true; } && exec /app/server', '/app/server'],
    ['gone || exec /app/server', '/app/server'],
    ['f() { if gone; then :; fi; }; f && exec /app/server', '/app/server'],
    ['if command -v gone; then exec gone; else exit 1; fi'],
    ['v=$(gone); exec /app/server', '/app/server'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe('a script that the run adds', () => {
  test.each<Row>([
    // PATH stays, and what is missing is missing.
    ['for f in /hooks/*.sh; do . "$f"; done; exec /app/arm', REFUSED],
    ['for f in /data/*.sh; do . "$f"; done; exec tool', 'tool: not-in-path'],
    ['for f in /data/*.sh; do . "$f"; done; exec "$APP"', 'unknown: /e.sh runs $APP, which only the run knows'],
    // One that is named may make what is missing.
    ['. /run/secrets/env; exec tool', 'tool: not-in-path (. in /e.sh)'],
    // What a program prints may set PATH.
    ['. <(/app/server env); exec tool', 'unknown: /e.sh looks for tool in a PATH that only the run knows'],
    ['eval "$(/app/server env)"; exec tool', 'unknown: /e.sh looks for tool in a PATH that only the run knows'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe('options by getopts', () => {
  test.each<Row>([
    [
      'set -- -v -cx run; while getopts vc: o; do case $o in c) F=$OPTARG;; esac; done; exec /app/$F',
      '/app/x: missing',
    ],
    ['set -- -ab; while getopts ab o; do [ $o = b ] && exec /app/arm; done', REFUSED],
    ['set -- -a x y; while getopts a: o; do :; done; shift $((OPTIND - 1)); [ $1 = y ] && exec /app/arm', REFUSED],
    ['set -- -a -- y; while getopts a o; do :; done; shift $((OPTIND - 1)); [ $1 = y ] && exec /app/arm', REFUSED],
    ['set -- -x; getopts a o; [ "$o" = "?" ] && exec /app/arm', REFUSED],
    ['set -- -x; getopts :a o; [ "$o$OPTARG" = "?x" ] && exec /app/arm', REFUSED],
    ['set -- -a; getopts :a: o; [ "$o$OPTARG" = ":a" ] && exec /app/arm', REFUSED],
    ['f() { getopts a o "$@" && exec /app/arm; }; f -a', REFUSED],
    ['set -- "$(date)"; getopts a o; [ "$o" = a ] && exec /app/arm; exec /app/server', REFUSED_MAYBE, '/app/server'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe('text of eval, of which a word is not known', () => {
  test.each<Row>([
    [`eval exec "'/app/arm'" $(date)`, REFUSED],
    [`eval exec "'/app/server'" "$@"`, '/app/server'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe('variables that bash sets', () => {
  test.each<Row>([
    ['[ "$EUID" = 0 ] && exec /app/arm', REFUSED],
    ['if [ $UID -ne 0 ]; then exec /app/server; fi; exec /app/arm', REFUSED],
    ['[ -n "$PATH" ] && exec /app/arm', REFUSED],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })

  test('dash has no UID', async () => {
    expect(await say('[ -z "$UID" ] && exec /app/arm', 'dash')).toEqual([REFUSED])
  })
})

describe('a prefix that nothing sets', () => {
  test.each<Row>([
    ['exec $NUMACTL /app/arm', REFUSED],
    ['exec $SERVER', 'unknown: /e.sh runs $SERVER, which only the run knows'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script)).toEqual(expected)
  })
})

describe('where a link leads, as ls says it', () => {
  const link = 'ln -s /app/arm /tmp/l; '
  test.each<Row>([
    [`${link}L=$(ls -ld /tmp/l); exec "\${L#*-> }"`, REFUSED],
    [`${link}L=$(ls -l -d -- /tmp/l 2>/dev/null); exec "\${L##* }"`, REFUSED],
    [`${link}cd /tmp; L=\`ls -ld l\`; exec "\`expr "$L" : '.*-> \\(.*\\)$'\`"`, REFUSED],
    [`${link}L=$(expr "X$(ls -l /tmp/l)" : '^X.*-> \\(/.*\\)'); exec "$L"`, REFUSED],
    [`${link}exec $(ls -l /tmp/l | sed -e 's/.*-> //')`, REFUSED],
    [`${link}exec $(ls -l /tmp/l | awk '{print $NF}')`, REFUSED],
    [`${link}L=$(ls -l /tmp/l); set -- \${L##*-> } x; exec "$@"`, REFUSED],
    // What is before the name only the run knows.
    [`${link}exec $(ls -l /tmp/l | awk '{print $11}')`, 'unknown: /e.sh runs $(…), which only the run knows'],
    [`${link}L=$(ls -l /tmp/l); exec \${L%% *}`, 'unknown: /e.sh runs $(…), which only the run knows'],
    ['L=$(ls -l /app/arm); exec "${L#*-> }"', 'unknown: /e.sh runs $(…), which only the run knows'],
    [`${link}L=$(ls -l /tmp/l/); exec "\${L#*-> }"`, 'unknown: /e.sh runs $(…), which only the run knows'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script, 'dash', ['/bin/expr'])).toEqual(expected)
  })
})

describe('what expr comes to', () => {
  test.each<Row>([
    ['[ "$(expr 1 + 2)" = 3 ] && exec /app/arm', REFUSED],
    ['[ "$(expr 7 / -2)$(expr 7 % 4)" = -33 ] && exec /app/arm', REFUSED],
    ['expr 2 - 2 || exec /app/arm', REFUSED],
    ['if expr 10 \\> 9 >/dev/null; then exec /app/arm; fi', REFUSED],
    ['if expr a = b >/dev/null; then exec /app/server; fi; exec /app/arm', REFUSED],
    ['if expr /app/arm : "/.*" >/dev/null; then exec /app/arm; fi', REFUSED],
    ['[ "$(expr abc : "a.")" = 2 ] && exec /app/arm', REFUSED],
    ['exec $(expr "--run=/app/arm" : "[^=]*=\\(.*\\)")', REFUSED],
    ['[ "$(expr -7 + 2)$(expr 3 - 5)$(expr -4 \\* 3)" = -5-2-12 ] && exec /app/arm', REFUSED],
    ['[ "$(expr 2 \\< 10)$(expr 2 \\<= 2)$(expr 3 \\>= 4)$(expr 2 != 2)" = 1100 ] && exec /app/arm', REFUSED],
    ['[ "$(expr 010 = 10)$(expr 10x = 10)$(expr a != b)" = 101 ] && exec /app/arm', REFUSED],
    ['[ "$(expr v1.20 : "v[0-9]*\\.\\([0-9]*\\)")" = 20 ] && exec /app/arm', REFUSED],
    ['[ "$(expr a-b-c : "\\(.*\\)-.*")" = a-b ] && exec /app/arm', REFUSED],
    ['[ "$(expr abc : "b")$(expr abc : "ab$")$(expr abc : "abc$")" = 003 ] && exec /app/arm', REFUSED],
    ['expr abc : "\\(x*\\)" || exec /app/arm', REFUSED],
    // GNU's fails, since it comes to zero; busybox takes 0 alone for that.
    ['expr v00 : "v\\(0*\\)" || exec /app/arm', REFUSED_MAYBE],
    ['expr v-0 : "v\\(.*\\)" || exec /app/arm', REFUSED_MAYBE],
    // What expr refuses, and what it may take otherwise.
    ['exec "/x$(expr a : length)"', 'unknown: /e.sh runs $(…), which only the run knows'],
    ['exec "/x$(expr abc : "\\(a\\)*")"', 'unknown: /e.sh runs $(…), which only the run knows'],
    ['exec "/x$(expr 999999999999999 \\* 999999999999999)"', 'unknown: /e.sh runs $(…), which only the run knows'],
    ['exec "/x$(expr 1 2 3)"', 'unknown: /e.sh runs $(…), which only the run knows'],
    ['exec "/x$(expr 1 / 0)"', 'unknown: /e.sh runs $(…), which only the run knows'],
    ['exec "/x$(expr a \\< b)"', 'unknown: /e.sh runs $(…), which only the run knows'],
    ['exec "/x$(expr match : m)"', 'unknown: /e.sh runs $(…), which only the run knows'],
    ['exec "/x$(expr 1 + 2 + 3)"', 'unknown: /e.sh runs $(…), which only the run knows'],
    ['exec "/x$(expr é : .)"', 'unknown: /e.sh runs $(…), which only the run knows'],
  ])('%s', async (script, ...expected) => {
    expect(await say(script, 'dash', ['/bin/expr'])).toEqual(expected)
  })
})
