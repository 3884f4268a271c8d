// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow, followUnknowns} from './follow-script.ts'

/* What was seen of Debian's dash 0.5.12, bash 5.2 and busybox 1.35. */

/** A script that comes to `/arm` where the words are these, and to `/app` where not. */
const ifWords = (setting: string, words: string) => `${setting}\ncase "$*" in "${words}") exec /arm;; esac\nexec /app`

describe('a file that is only appended to', () => {
  test.each<[user: string, script: string, starts: readonly string[]]>([
    ['1000', 'echo >> /app || exec /arm', ['/arm refused']],
    ['1000', 'echo x > /app || exec /arm', ['/arm refused']],
    ['1000', ': >> /closed/x || exec /arm', ['? /arm refused']],
    ['', 'echo >> /app || exec /arm', []],
  ])('by %j: %s', async (user, script, starts) => {
    expect(await follow(script, 'dash', user)).toEqual(starts)
  })
})

describe('the directory', () => {
  test.each<[setting: string, words: string]>([
    ['cd /first/../tmp; set -- "$PWD" "$(pwd)"', '/tmp /tmp'],
    ['cd /first/; cd ./.; set -- "$PWD"', '/first'],
    ['cd /first; cd ..; set -- "$PWD"', '/'],
    ['ln -s /first /tmp/l; cd /tmp/l; set -- "$PWD"', '/tmp/l'],
    ['ln -s /first /tmp/l; cd /tmp/l/..; set -- "$PWD"', '/tmp'],
    ['cd /first; set -- "$OLDPWD"', '/'],
    ['cd /first; cd /tmp; cd "$OLDPWD"; set -- "$PWD"', '/first'],
    ['cd /first; cd /tmp; set -- "$(cd -)"', '/first'],
    ['set -- "$(cd /first && pwd -P)"', '/first'],
    ['cd /nope; set -- "$PWD"', '/'],
  ])('%s', async (setting, words) => {
    expect(await follow(ifWords(setting, words))).toEqual(['/arm refused'])
  })

  test('that the user may not search is not entered', async () => {
    expect(await follow('cd /closed && exec /app\nexec /arm', 'dash', '1000')).toEqual(['/arm refused'])
    expect(await follow('cd /closed && exec /arm', 'dash')).toEqual(['/arm refused'])
  })

  test.each<[setting: string, words: string]>([
    ['ln -s /first /tmp/l; cd /tmp/l; set -- "$(pwd -P)"', '/first'],
    ['ln -s /first /tmp/l; cd -P /tmp/l; set -- "$PWD"', '/first'],
    ['cd "$(unknown)"; set -- "$OLDPWD$PWD"', '/first'],
  ])('only the run knows: %s', async (setting, words) => {
    expect(await follow(ifWords(setting, words))).toEqual(['? /arm refused', '/app'])
  })
})

describe('read', () => {
  const from = (text: string) => `<<'E'\n${text}\nE\n`
  test.each<[setting: string, words: string]>([
    [`IFS= read -r x ${from('  a ')}set -- "$x"`, '  a '],
    [`IFS=: read -r x y ${from('a:b:c')}set -- "$x" "$y"`, 'a b:c'],
    [`IFS=, read x y z ${from('1,2')}set -- "$x" "$y" "$z"`, '1 2 '],
    [`X=1 read x ${from('a')}set -- "$x" "$X"`, 'a '],
    [`read x y ${from(' a  b c ')}set -- "$x" "$y"`, 'a b c'],
  ])('%s', async (setting, words) => {
    expect(await follow(ifWords(setting, words))).toEqual(['/arm refused'])
  })

  test('a separator at the end is taken away or not', async () => {
    const setting = `IFS=: read x y ${from('1:2:')}set -- "$x" "$y"`
    expect(await follow(ifWords(setting, '1 2'))).toEqual(['? /arm refused', '/app'])
  })
})

describe('what a command sets besides its own variables stays', () => {
  test.each<[setting: string, words: string]>([
    ['f() { Y=2; }; X=1 f; set -- "$X$Y"', '2'],
    ['X=0; f() { Y=$X; }; X=1 f; set -- "$X$Y"', '01'],
    ['X=1 cd /first; set -- "$X$PWD"', '/first'],
  ])('%s', async (setting, words) => {
    expect(await follow(ifWords(setting, words))).toEqual(['/arm refused'])
  })
})

describe('what one shell has and another has not', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', '[ a == a ] && exec /app\nexec /arm', ['/arm refused']],
    ['bash', '[ a == a ] && exec /arm', ['/arm refused']],
    ['busybox', '[ a == a ] && exec /arm', ['/arm refused']],
    ['dash', 'test "==" = "==" && exec /arm', ['/arm refused']],
    ['dash', '[[ a = a ]] && exec /app\nexec /arm', ['/arm refused']],
    ['dash', 'echo x\n[[ a = a ]]', ['[[ not-in-path']],
    ['dash', 'set -e\n[[ a ]]\nexec /app', ['[[ not-in-path']],
    ['dash', '[[ -x /app ]] || exec /app', ['/app']],
    ['dash', '[[ a ]]\nexec /app', ['/app']],
    ['busybox', '[[ a = a ]] && exec /arm', ['/arm refused']],
    ['busybox', '[[ a = a && b = b ]] && exec /arm\nexec /app', ['? /arm refused', '/app']],
    ['dash', '(( 1 + 1 )) && exec /app\nexec /arm', ['/arm refused']],
    ['bash', '(( 1 + 1 )) && exec /arm', ['/arm refused']],
    ['dash', 'I=1\n(( I++ ))', ['I++ not-in-path']],
    ['busybox', 'set -e\n(( 2 + 1 ))\nexec /app', ['2 not-in-path']],
    ['dash', '(( I++ )) || true\nexec /app', ['/app']],
    ['bash', 'set -e\nI=1\n(( I++ ))\nexec /app', ['/app']],
    ['bash', 'set -e\nI=0\n(( I++ ))\nexec /arm', []],
    ['dash', 'declare X=/app\nexec ${X:-/arm}', ['/arm refused']],
    ['bash', 'declare X=/arm\nexec ${X:-/app}', ['/arm refused']],
    ['dash', 'X=/arm\nX+=m\nexec $X', ['/arm refused']],
    ['bash', 'X=/ar\nX+=m\nexec $X', ['/arm refused']],
    // To dash and ash `X+=m` is the name of a command.
    ['dash', 'set -e\nX+=m\nexec /app', ['X+=m not-in-path']],
    ['busybox', 'set -e\nX+=m\nexec /app', ['X+=m not-in-path']],
    ['bash', 'set -e\nX+=m\nexec /app', ['/app']],
    ['dash', 'set -e\nA=1 X+=m B=2 || exec /arm', ['/arm refused', 'X+=m not-in-path']],
    ['dash', 'cd /tmp\ncp /makes.sh .\n. makes.sh\nexec /arm', ['/arm refused']],
    ['dash', 'X=/arm\nset -n\nexec $X', []],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('names that are asked for', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'type nosuch >/dev/null 2>&1 || exec /arm\nexec /app', ['/arm refused', '/app']],
    ['bash', 'type own >/dev/null && exec /arm', ['/arm refused']],
    ['dash', 'hash nosuch 2>/dev/null || exec /arm\nexec /app', ['/arm refused', '/app']],
    ['bash', 'hash own && exec /arm', ['/arm refused']],
    ['dash', 'hash -r && exec /arm', ['/arm refused']],
    ['dash', 'command -v /lib.sh && exec /arm', ['/arm refused']],
    ['dash', 'command -v /nope || exec /arm', ['/arm refused']],
    ['bash', 'command -v /lib.sh && exec /arm\nexec /app', ['? /arm refused', '/app']],
    ['dash', 'umask 22\n[ "$(umask)" = 0022 ] && exec /arm\nexec /app', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('rm of a link to a directory, with a slash behind it', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['ln -s /second /tmp/l\nrm -rf /tmp/l/\nexec /second/both', ['/second/both maybe']],
    ['ln -s /second /tmp/l\nrm -rf /tmp/l/\n[ -e /second/both ] || exec /app\nexec /arm', ['? /app', '? /arm refused']],
    ['ln -s /second /tmp/l\nrm -rf /tmp/l\nexec /second/both', ['/second/both']],
    ['rm -rf /second/\nexec /second/both', ['/second/both missing']],
  ])('%s', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('what dash and ash refuse as a syntax error', () => {
  test.each<[shell: string, script: string, starts: readonly string[], what: string]>([
    ['dash', '/app\nX=(a b)\nexec /arm', ['? /app'], 'X=(…)'],
    ['busybox', 'X=(a b)\nexec /arm', [], 'X=(…)'],
    ['bash', 'X=(a b)\nexec /arm', ['/arm refused'], ''],
    ['dash', 'export X=(a)\nexec /arm', [], 'X=(…)'],
    ['dash', 'f() { X=(a); }\nexec /arm', [], 'X=(…)'],
    ['dash', 'if false; then X+=(a); fi\nexec /arm', [], 'X=(…)'],
    ['dash', 'exec /arm\nX=(a)', ['/arm refused'], ''],
    ['dash', 'cat <<< x\nexec /arm', [], '<<<'],
    ['dash', 'cat <(echo a)\nexec /arm', [], '<(echo a)'],
    ['dash', 'for ((i=0;i<2;i++)); do /app; done\nexec /arm', [], 'for ((…)) or select'],
    ['dash', 'for i; do :; done\nexec /arm', ['/arm refused'], ''],
    ['dash', 'for i in a b; do :; done\nexec /arm', ['/arm refused'], ''],
    ['dash', '(eval "X=(a)") || true\nexec /arm', ['/arm refused'], ''],
    ['dash', 'X="(a)"\ncat <<E\nX=(a)\nE\nexec /arm', ['/arm refused'], ''],
  ])('%s: %s', async (shell, script, starts, what) => {
    expect(await follow(script, shell)).toEqual(starts)
    const reasons = what === '' ? [] : [`/e.sh has ${what}, which its shell refuses as a syntax error`]
    expect(await followUnknowns(script, shell)).toEqual(reasons)
  })
})
