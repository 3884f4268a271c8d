// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import type {Reached, ShellHost} from '../../src/exec/shell/evaluator.ts'
import {parseShell} from '../../src/exec/shell/parse.ts'
import {matchesPattern, removeMatch} from '../../src/exec/shell/pattern.ts'
import {runShell} from '../../src/exec/shell/run.ts'
import {newState, type ShellState, type Value} from '../../src/exec/shell/state.ts'
import type {Call, Outcome} from '../../src/exec/world/call.ts'
import {findEffect} from '../../src/exec/world/commands/index.ts'
import {viewWorld} from '../../src/exec/world/view.ts'
import {EMPTY_WORLD} from '../../src/exec/world/world.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'

const HOST: ShellHost = {
  readScript: async () => undefined,
  readInput: async () => undefined,
  findCommand: async name => ({path: `/bin/${name}`}),
  start: async (reached, {world}) => ({world, status: 'unknown', ...(await printed(reached))}),
  testFile: async operator => (['-d', '-x'].includes(operator) ? 'success' : 'unknown'),
  listNames: async () => ({names: [], isOpen: true}),
  redirect: async (_, {world}) => ({world, status: 'success'}),
  print: async (name, words, state) => printCall(name, words, state),
  tell: async () => {},
  rehearse: run => run(),
  oneOf: async runs => {
    for (const run of runs) await run()
  },
}

/** What a command prints in an image without files. */
function printCall(name: string, words: readonly Value[], {world, cwd}: Pick<ShellState, 'world' | 'cwd'>) {
  const call: Call = {
    name,
    words,
    view: viewWorld(memoryRootfs({}), world),
    cwd,
    user: {uid: 0, gid: 0, groups: [], home: '/root'},
    umask: 0o022,
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    env: new Map<string, string>(),
    by: {kind: 'command', name},
  }
  return findEffect(name)?.run(call) ?? {world, status: 'unknown' as const}
}

async function printed({argv: [name = ''], words, cwd}: Reached): Promise<{readonly output?: Value}> {
  const outcome: Outcome = await printCall(name, words.slice(1), {world: EMPTY_WORLD, cwd})
  return outcome.output === undefined ? {} : {output: outcome.output}
}

/** What a script with the arguments `a b` certainly (`!`) or perhaps (`?`) starts, one per line. */
async function run(text: string, env: Record<string, string> = {}, params = ['a', 'b']): Promise<string[]> {
  const state = newState({env: new Map(Object.entries(env)), params, name: '/e.sh', cwd: '/', errexit: false})
  const {reached, problem} = await runShell(text, state, HOST)
  const lines = reached.map(({argv, unknownWord, certainty, reach}) => {
    const words = [...argv, ...(unknownWord === undefined ? [] : [`<${unknownWord}>`])]
    return `${certainty === 'certain' ? '!' : '?'} ${reach}: ${words.join(' ')}`
  })
  return problem === undefined ? lines : [...lines, problem]
}

describe('what a script starts', () => {
  test.each<[string, string, string[]]>([
    ['exec', 'exec /app -x', ['! exec: /app -x']],
    ['nothing after exec', 'exec /app\n/other', ['! exec: /app']],
    ['exec "$@"', 'exec "$@"', ['! exec: a b']],
    ['exec with its own options', 'exec -c -a name /app', ['! exec: /app']],
    ['exec of descriptors alone', 'exec >/log 2>&1\n/app', ['! last command: /app']],
    ['the last command', 'cd /x\n/one\n/app', ['? command: /one', '! last command: /app']],
    ['exit of what came before', '/app; exit $?', ['! last command: /app']],
    ['return of what came before', 'f() { /app; return $?; }\nf', ['! last command: /app']],
    [
      'its end handed on',
      'f() { /app; eend $? "it failed"; }\nf',
      ['! last command: /app', '! last command: eend <$?>'],
    ],
    ['set -e', 'set -e\n/one\n/app', ['! set -e: /one', '! last command: /app']],
    ['set -o errexit', 'set -euo pipefail\n/one\n:', ['! set -e: /one']],
    ['set +e', 'set -e; set +e\n/one\n:', ['? command: /one']],
    [
      'a condition is not checked',
      'set -e\n/one || true\n/two && :\n! /three\n:',
      ['? command: /one', '? command: /two', '? command: /three'],
    ],
    ['quotes', `exec '/a b' "c  d" e\\ f`, ['! exec: /a b c  d e f']],
    ['a variable of the script', 'APP=/app; exec "$APP"', ['! exec: /app']],
    ['a variable of the image', 'exec $SERVER', ['! exec: /server']],
    ['a variable of nobody', 'exec "$NOBODY" x', ['! exec: <"$NOBODY">']],
    ['a prefix of nobody', 'exec $NOBODY x', ['! exec: x']],
    ['a parameter that is not given', 'exec "$3"', ['! exec: <"$3">']],
    ['a default', 'exec ${NOBODY:-/app} ${SERVER:-/no} ${NOBODY+no} ${SERVER+yes}', ['! exec: /app /server yes']],
    ['an assigned default', ': ${X:=/app}; exec $X', ['! exec: /app']],
    ['split, and not', 'X="/a b"; exec $X "$X"', ['! exec: /a b /a b']],
    [
      'removed prefixes',
      'X=/usr/lib/app.sh; exec ${X##*/} ${X%.sh} ${X#/*/}',
      ['! exec: app.sh /usr/lib/app lib/app.sh'],
    ],
    ['a glob is left to the run', 'exec /app/*.jar x', ['! exec: <...>'.replace('...', '/app/*.jar')]],
    ['a command substitution', 'exec /app $(date)', ['! exec: /app <$(…)>']],
    ['dirname of the script', 'D=$(cd "$(dirname "$0")" && pwd); exec "$D/app"', ['! exec: //app']],
    ['command -v', 'exec $(command -v app)', ['! exec: /bin/app']],
    ['positional parameters', 'shift; set -- x "$@"; exec /app "$1" "$2" $#', ['! exec: /app x b 2']],
    ['an assignment for one command', 'A=1 exec /app', ['! exec: /app']],
    ['a function', 'f() { exec "$1"; }\nf /app', ['! exec: /app']],
    ['a function that bash spells out', 'function f {\n/app\n}\nf', ['! last command: /app']],
    ['return', 'f() { return; /no; }\nf\n/app', ['! last command: /app']],
    ['eval', 'X=/app; eval "exec $X"', ['! exec: /app']],
    ['command', 'command /app', ['! last command: /app']],
    ['builtins are no programs', 'echo x; export A=1; cd /; test -f x; wait', []],
    ['a known condition', 'if [ "$1" = a ]; then exec /yes; fi\nexec /no', ['! exec: /yes']],
    [
      'a known condition that fails',
      'if [ "$1" != a ]; then exec /no; elif [ -n "$2" ]; then exec /yes; fi',
      ['! exec: /yes'],
    ],
    ['a minus sign', 'if [ "${1#-}" != "$1" ]; then set -- /app "$@"; fi\nexec "$@"', ['! exec: a b']],
    [
      'an unknown condition',
      'if [ -f /x ]; then exec /one; else exec /two; fi\n/three',
      ['? exec: /one', '? exec: /two'],
    ],
    ['after an unknown condition', 'if [ -f /x ]; then /one; fi\nexec /two', ['? command: /one', '! exec: /two']],
    [
      'a check that only can fail',
      '[ -f /x ] || exit 1\nif grep -q x /y; then exit 1; fi\nexec /two',
      ['? command: grep -q x /y', '! exec: /two'],
    ],
    [
      'what two ways set',
      'if [ -f /x ]; then A=1; B=1; else A=1; B=2; fi\nexec /app$A $B',
      ['! exec: /app1 1', '! exec: /app1 2'],
    ],
    ['&& at the end', '/migrate && exec /app', ['! needed command: /migrate', '! exec: /app']],
    ['&& after a test', '[ -f /x ] && exec /app', ['? exec: /app']],
    ['case', 'case "$1" in x|y) exec /no;; [ab]*) exec /yes;; *) exec /no;; esac', ['! exec: /yes']],
    ['case of something unknown', 'case $(x) in L*) X=/a;; *) X=/b;; esac; exec $X', ['! exec: /a', '! exec: /b']],
    ['[[', 'if [[ $1 == a* && -n $2 ]]; then exec /yes; fi', ['! exec: /yes']],
    ['[[ with a quoted pattern', 'if [[ $1 == "a*" ]]; then exec /no; fi\nexec /yes', ['! exec: /yes']],
    ['[[ =~', 'if [[ $1 =~ ^(a|b)$ ]]; then exec /one; fi', ['? exec: /one']],
    ['for over what is known', 'for x in "$@"; do set -- "$@" -$x; done; exec /app "$@"', ['! exec: /app a b -a -b']],
    ['while over the parameters', 'while [ $# -gt 0 ]; do X="$X$1"; shift; done; exec /app "$X"', ['! exec: /app ab']],
    ['a loop that never ends', 'while true; do /app; sleep 1; done\n/no', ['? command: /app', '? command: sleep 1']],
    [
      'a loop of unknown length',
      'for f in /d/*; do /one; X=1; done; exec /app "$X"',
      ['? command: /one', '! exec: /app ', '! exec: /app 1'],
    ],
    ['a pipeline', 'set -e\n/one | /two', ['? command: /one', '! last command: /two']],
    ['a subshell', '(exec /one)\nexec /two', ['? command: /one', '! exec: /two']],
    ['in the background', '/one &\nexec /two', ['? command: /one', '! exec: /two']],
    ['a here-document', 'cat <<E\nexec /no\nE\nexec /app', ['? command: cat', '! exec: /app']],
    ['text that is not a shell', 'if; then', ['cannot be read as a shell script: line 1: expected then']],
    ['a file that is not there', '. /lib.sh\nexec $X', ['! exec: <$X>']],
  ])('%s', async (_, text, expected) => {
    expect(await run(text, {SERVER: '/server'})).toEqual(expected)
  })

  test.each([
    ['[ -z "$PW" ] && exit 1\nexec /app', ['! exec: /app']],
    ['[ -n "$PW" ] || { echo no; exit 1; }\nexec /app', ['! exec: /app']],
    ['if [ -z "${PW:-}" ]; then exit 1; fi\nexec "/opt/$PW/app"', ['! exec: <$PW>']],
    ['if [ $# -eq 0 ]; then exit 64; fi\nexec "$@"', ['! exec: <"$@">']],
    ['if [ -n "$SERVER" ]; then exit 1; fi\nexec /app', []],
    ['die() { exit 1; }\n[ "$MODE" ] || die\nexec /app', ['! exec: /app']],
  ])('what a script asks the run for is taken as given: %s', async (text, expected) => {
    expect(await run(text, {SERVER: '/server'}, [])).toEqual(expected)
  })

  test.each([
    ['exec /app "$@"', ['! exec: /app']],
    ['exec /app "" "$@" ""', ['! exec: /app  ']],
    ['exec /app "a$@"', ['! exec: /app a']],
    ['exec "$@"', []],
    ['set -- "$@"; exec /app $#', ['! exec: /app 0']],
  ])('without parameters "$@" is no field: %s', async (text, expected) => {
    expect(await run(text, {}, [])).toEqual(expected)
  })

  test('a script that never comes to an end is left', async () => {
    expect(await run('f() { f; f; }; f')).toEqual([
      'takes more than 60 commands within each other, which is more than is followed (limit script-nesting)',
    ])
    expect(await run('while [ $1 ]; do X=x$X; done; exec /app')).not.toContain('! exec: /app')
  })
})

describe('the parser', () => {
  test.each([
    ['$(', 'line 1: expected )'],
    ["echo 'x", "line 1: unterminated '"],
    ['echo "x', 'line 1: unterminated "'],
    ['\nif true\nthen x', 'line 3: expected fi'],
    ['case x in a) b', 'line 1: expected ;; or esac'],
    ['x )', 'line 1: unexpected )'],
    ['> ', 'line 1: > leads nowhere'],
    ['${x', 'line 1: expected }'],
    ['('.repeat(300), 'line 1: nested too deep'],
  ])('refuses %.20s', (text, problem) => {
    expect(parseShell(text)).toEqual({ok: false, problem})
  })

  test.each([
    ['a && b || c; d & e | f |& g'],
    ['x=(a b\n c) y+=1 z[1]=2 cmd <<<"in" 2>&1 >|f {fd}>g'],
    ['diff <(a) >(b); [[ a =~ (b|c) && ! -f d ]] || ((x++))'],
    ['for ((i=0;i<3;i++)); do :; done; select x in a b; do break; done'],
    ['for x; do :; done; until false; do :; done; for x in a; { :; }'],
    ['case x in (a|b) ;; c) x ;& d) y ;;& esac'],
    ['echo $\'a\\n\' $"b" ${x:1:2} ${x//a/b} ${!x} ${#x} ${x[@]} ${x^^} $((1 + (2)))'],
    ['echo `a \\`b\\`` "$(echo "$(x "y")")" ${x:-"a b"} "${x:-it\'s}"'],
    ["cat <<-'A' <<B\n\tA\nB\nx # comment\n"],
    ['if a; then b; elif c; then d; else e; fi >f\n\n{ g; }; f() ( h )'],
    ['a \\\n b; ! c; time d; @(x|y)'],
  ])('takes %.40s', text => {
    expect(parseShell(text)).toMatchObject({ok: true})
  })
})

describe('patterns', () => {
  test.each([
    ['*', '', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abbd', false],
    ['?', '', false],
    ['[a-c]x', 'bx', true],
    ['[!a-c]x', 'bx', false],
    ['[x', '[x', true],
    ['[]]', ']', true],
    ['[[:alpha:]]', 'a', undefined],
  ])('%s %s', (pattern, text, expected) => {
    expect(matchesPattern([{text: pattern, literal: false}], text)).toBe(expected)
  })

  test('many stars take no longer than they must', () => {
    expect(matchesPattern([{text: 'a*'.repeat(40), literal: false}], `${'a'.repeat(5000)}b`)).toBe(true)
    expect(matchesPattern([{text: `${'a*'.repeat(40)}c`, literal: false}], 'a'.repeat(5000))).toBe(false)
  })

  test.each([
    ['#', '*/', 'usr/lib/x', 'lib/x'],
    ['##', '*/', 'usr/lib/x', 'x'],
    ['%', '.*', 'a.b.c', 'a.b'],
    ['%%', '.*', 'a.b.c', 'a'],
    ['#', 'x', 'abc', 'abc'],
  ])('%s%s of %s', (operator, pattern, value, expected) => {
    expect(removeMatch(value, operator, [{text: pattern, literal: false}])).toBe(expected)
  })
})
