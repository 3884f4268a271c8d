// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {Budget} from '../../../src/exec/budget.ts'
import {expandBraces} from '../../../src/exec/shell/braces.ts'
import {parseShell} from '../../../src/exec/shell/parse.ts'
import {follow, followUnknowns} from './follow-script.ts'

/* What was seen of Debian's dash 0.5.12, bash 5.2 and busybox 1.35. `/arm` is reached where the word comes out so. */

/** A script that comes to `/arm` where the words are these, and to `/app` where not. */
const ifWords = (setting: string, words: string) => `${setting}\ncase "$*" in "${words}") exec /arm;; esac\nexec /app`

describe('the variables of a special built-in stay', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'X=/arm :\nexec $X', ['/arm refused']],
    ['busybox', 'X=/arm eval true\nexec $X', ['/arm refused']],
    ['dash', 'X=/arm set -- a\nexec $X', ['/arm refused']],
    ['dash', 'X=/arm exec 3>&1\nexec $X', ['/arm refused']],
    ['dash', 'PATH=/first :\nexec own', ['own not-in-path']],
    ['dash', 'X=/app\nX=/arm true\nexec $X', ['/app']],
    ['dash', 'X=/app\nf() { :; }\nX=/arm f\nexec $X', ['/app']],
    ['bash', 'X=/app\nX=/arm :\nexec $X', ['/app']],
    ['bash', 'PATH=/second :\nexec own', ['/usr/local/bin/own refused']],
    ['unknown', 'X=/app\nX=/arm :\nexec $X', ['? /app', '? /arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('field splitting', () => {
  test.each<[setting: string, words: string]>([
    ['IFS=" :"; X="a : b"; set -- $X; IFS=-', 'a-b'],
    ['IFS=" :"; X=" : a : : b "; set -- $X; IFS=-', '-a--b'],
    ['IFS=": "; X="a:b  c:"; set -- $X; IFS=-', 'a-b-c'],
    ['IFS=:; X=a::b; set -- $X; IFS=-', 'a--b'],
    ['IFS=": "; X=" :b"; set -- a$X; IFS=-', 'a-b'],
  ])('%s', async (setting, words) => {
    expect(await follow(ifWords(setting, words))).toEqual(['/arm refused'])
  })
})

describe('braces', () => {
  test.each<[word: string, words: string]>([
    ['{a,b}', 'a b'],
    ['x{1..3}y', 'x1y x2y x3y'],
    ['{a,b}{c,d}', 'ac ad bc bd'],
    ['{a,b{c,d}e}', 'a bce bde'],
    ['{3..1} {a..c} {01..3} {1..6..2} {-1..1}', '3 2 1 a b c 01 02 03 1 3 5 -1 0 1'],
    ['{a} {} {a..1} {{a,b} {a,b}}', '{a} {} {a..1} {a {b a} b}'],
    ['x{,.bak}', 'x x.bak'],
    ['"{a,b}" {a","b,c} \\{a,b}', '{a,b} a,b c {a,b}'],
    ['${X-{a,b}}', '{a,b}'],
  ])('%s in bash', async (word, words) => {
    expect(await follow(ifWords(`set -- ${word}`, words), 'bash')).toEqual(['/arm refused'])
  })

  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['bash', 'mkdir -p /x/{bin,lib}\ncp /arm /x/bin/y\nexec /x/bin/y', ['/x/bin/y refused']],
    ['bash', 'cp /arm{,.bak}\nexec /arm.bak', ['/arm.bak refused']],
    ['dash', 'cp /arm{,.bak}\nexec /arm.bak', ['/arm.bak missing']],
    ['busybox', 'cp /arm{,.bak}\nexec /arm.bak', ['/arm.bak missing']],
    // They are variables of other names.
    ['bash', 'X=/ar\nexec $X{m,n}', []],
    ['unknown', 'exec /ar{m,x}', []],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })

  test.each(['{a,b}'.repeat(20), '{1..100000}', `${'{'.repeat(50_000)}a,b`, `${'{a,'.repeat(500)}b${'}'.repeat(500)}`])(
    'costs no more than the budget allows: %#',
    word => {
      const parsed = parseShell(`echo ${word}`)
      const command = parsed.ok ? parsed.value[0]?.command : undefined
      const [, written] = command?.kind === 'simple' ? command.words : []
      if (!written) throw new Error('no word')
      const run = () => expandBraces(written, new Budget())
      if (word.startsWith('{{')) expect(run()).toEqual([written])
      else expect(run).toThrow('limit')
    },
  )
})

describe('what dash does not know', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'X=$\'/arm\'\nexec "${X#?}"', ['/arm refused']],
    ['bash', "exec $'/arm'", ['/arm refused']],
    ['busybox', "exec $'/arm'", ['/arm refused']],
    ['dash', 'x=1\n[ $((++x)) = 1 ] && exec /arm\nexec /app', ['/arm refused']],
    ['bash', 'x=1\n[ $((++x)) = 2 ] && exec /arm\nexec /app', ['/arm refused']],
    ['busybox', 'x=1\n[ $((x++)) = 1 ] && exec /arm\nexec /app', ['/arm refused']],
    ['dash', 'x=1\necho $((x - -1))\n[ $((x--1)) = 2 ] && exec /arm\nexec /app', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })

  test.each(['$((x++))', '$((x--))', '$((2**3))', '$((1,2))'])('%s ends it', async sum => {
    const script = `echo ${sum}\nexec /app`
    expect(await follow(script)).toEqual([])
    expect(await followUnknowns(script)).toEqual([`/e.sh runs ${sum}, which only the run knows`])
    expect(await follow(script, 'bash')).toEqual(['/app'])
  })
})

describe('tildes of assignments', () => {
  test.each<[shell: string, setting: string, words: string]>([
    ['dash', 'X=~/x; set -- "$X"', '/root/x'],
    ['dash', 'X=a:~:~/b; set -- "$X"', 'a:/root:/root/b'],
    ['dash', 'export X=~/x; set -- "$X"', '/root/x'],
    ['dash', 'X="~"; Y=\\~; Z=x~; set -- $X $Y $Z', '~ ~ x~'],
    ['dash', 'set -- a=~/x', 'a=~/x'],
    ['bash', 'set -- a=~/x --b=~', 'a=/root/x --b=~'],
  ])('%s: %s', async (shell, setting, words) => {
    expect(await follow(ifWords(`HOME=/root; ${setting}`, words), shell)).toEqual(['/arm refused'])
  })
})

describe('let, and sums of what is not set', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['bash', 'let x=1+1\n[ $x = 2 ] && exec /arm\nexec /app', ['/arm refused']],
    ['busybox', 'let x=0 || exec /arm', ['/arm refused']],
    ['bash', 'let x=$(unknown)\n[ "$x" = 2 ] && exec /arm\nexec /app', ['? /arm refused', '/app']],
    ['dash', 'let x=1\nexec /app', ['/app']],
    ['bash', 'set -u\nset -- $((NOPE + 1))\n[ "$1" = 1 ] && exec /arm\nexec /app', ['? /arm refused', '/app']],
    ['dash', 'set -u\nset -- $((NOPE + 1))\n[ "$1" = 1 ] && exec /arm\nexec /app', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('a variable that only one way has set', () => {
  const either = (name: string, value: string) => `if unknown; then ${name}=${value}; fi\n`
  test.each<[why: string, script: string, starts: readonly string[]]>([
    ['is the one or empty', `${either('X', '/arm')}exec /app "$X"`, ['/app']],
    ['names a program or none', `${either('X', '/arm')}exec $X`, ['? /arm refused']],
    ['has a default', `${either('X', '/app')}exec "\${X:-/arm}"`, ['? /app', '? /arm refused']],
    ['has a default where it is not set', `${either('X', '/app')}exec "\${X-/arm}"`, ['? /app', '? /arm refused']],
    ['gets one', `${either('X', '/app')}: "\${X:=/arm}"\nexec "$X"`, ['? /app', '? /arm refused']],
    ['is tested for', `${either('X', '/app')}[ -n "$X" ] || X=/app\nexec "$X"`, ['? /app']],
    ['is empty where it is not set', `${either('X', 'p')}cp /arm "/tmp/a$X"\nexec /tmp/ap`, ['/tmp/ap missing maybe']],
    ['may be set to nothing', 'X=\nif unknown; then X=/app; fi\nexec "${X:-/arm}"', ['? /app', '? /arm refused']],
    ['stands for another', `${either('X', 'y')}exec "/\${X:+arm}\${X:-arm}"`, ['? /arm refused']],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })

  test('ends the shell with set -u', async () => {
    expect(await follow(`set -u\n${either('X', 'y')}echo $X\nexec /arm`)).toEqual(['/arm refused'])
  })
})

describe('a name that may be gone', () => {
  test.each<[script: string, starts: readonly string[]]>([
    [
      'if unknown; then rm /usr/local/bin/own; fi\ncommand -v own && exec /app\nexec /arm',
      ['? /app', '? /arm refused'],
    ],
    [
      'if unknown; then chmod -x /usr/local/bin/own; fi\ncommand -v own || exec /arm\nexec /app',
      ['? /arm refused', '/app'],
    ],
  ])('%s', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})
