// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow, followUnknowns} from './follow-script.ts'

/* What was seen of Debian's dash 0.5.12, bash 5.2 (by its own name and as sh) and busybox 1.35. */

describe('a special built-in is called as it is not to be called', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['sh', 'return\nexec /arm', []],
    ['sh', 'return || true\nexec /arm', ['/arm refused']],
    ['sh', 'return || /app\nexec /arm', ['? /app', '/arm refused']],
    ['sh', 'if return; then /app; fi\nexec /arm', ['/arm refused']],
    ['sh', '! return\nexec /arm', ['/arm refused']],
    ['sh', 'command return\nexec /arm', ['/arm refused']],
    ['sh', '(return)\nexec /arm', ['/arm refused']],
    ['sh', 'f() { return; }\nf\nexec /arm', ['/arm refused']],
    ['bash', 'return\nexec /arm', ['/arm refused']],
    ['dash', 'return || /app\nexec /arm', []],
    ['dash', 'set -Z\nexec /arm', []],
    ['dash', 'set -Z || true\nexec /arm', []],
    ['dash', 'command set -Z\nexec /arm', ['/arm refused']],
    ['busybox', 'set -h\nexec /arm', []],
    ['busybox', 'set -o posix\nexec /arm', ['/arm refused']],
    ['dash', 'set -o posix\nexec /arm', []],
    ['bash', 'set -Z\nexec /arm', ['/arm refused']],
    ['bash', 'set -e\nset -Z\nexec /arm', []],
    ['sh', 'set -Z\nexec /arm', []],
    ['sh', 'set -Z || true\nexec /arm', ['/arm refused']],
    ['bash', 'set -eZ\nfalse\nexec /arm', ['/arm refused']],
    ['bash', 'set -o posix\nreturn\nexec /arm', []],
    ['bash', 'set -hB -o history\nexec /arm', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('what options of set do', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'set -a\nPATH=/second\n/bin/env both', ['/second/both']],
    ['dash', 'PATH=/none:/bin\nset -a\nP=1\nset +a\nexec /arm', ['/arm refused']],
    ['dash', 'set -C\necho x > /lib.sh && exec /app\nexec /arm', ['/arm refused']],
    ['dash', 'set -C\necho x > /tmp/x && exec /arm', ['/arm refused']],
    ['dash', 'set -C\necho x >| /lib.sh && exec /arm', ['/arm refused']],
    ['dash', 'set -f\nset -- /fir*/both\nexec "$1"', ['/fir*/both missing']],
    ['bash', 'set -t\nexec /arm', ['? /arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('what only bash reads', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'function f {\nexec /arm\n}\nf', ['/arm refused']],
    ['dash', 'function f\n{\nexec /arm\n}\nf', ['/arm refused']],
    ['dash', 'function f { exec /arm; }\nf', []],
    ['busybox', 'function f { exec /arm; }\nf', ['/arm refused']],
    ['dash', 'set -e\nfunction f {\nexec /arm\n}\nf', ['function not-in-path']],
    ['dash', '/arm |& cat\n/app', []],
    ['bash', 'set -o pipefail\n/arm |& cat', ['/arm refused']],
    ['dash', 'time /arm', ['time not-in-path']],
    ['dash', 'time ! /arm', ['time not-in-path']],
    ['dash', 'set -e\ntime ! /arm\n/app', ['time not-in-path']],
    ['dash', 'time ! /arm | cat\nexec /app', ['/app']],
    ['dash', '! time ! /arm\nexec /app', ['/app']],
    ['busybox', 'time ! /arm', ['? ! not-in-path']],
    ['sh', 'time -p ! /arm', ['time not-in-path']],
    ['bash', 'time /arm', ['/arm refused']],
    ['bash', 'time -p /arm', ['/arm refused']],
    ['sh', 'time /arm', ['/arm refused']],
    ['sh', 'time -p /arm', ['time not-in-path']],
    ['bash', 'set -e\ntime /arm\n/app', ['/arm refused']],
    ['bash', '! time /arm\nexec /app', ['? /arm refused', '/app']],
    ['bash', 'time\nexec /arm', ['/arm refused']],
    ['bash', 'exec /ar{m..m}', ['/arm refused']],
    ['bash', 'set -- {Z..a}\n[ $# = 8 ] && exec /arm', ['/arm refused']],
    ['dash', 'x=/arm >/no/file\nexec ${x:-/app}', ['/app']],
    ['busybox', 'x=/arm >/no/file\nexec ${x:-/app}', ['/app']],
    ['bash', 'x=/arm >/no/file\nexec ${x:-/app}', ['/arm refused']],
    ['sh', 'x=/arm >/no/file || exec $x', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })

  test.each([
    ['function f { /arm; }\nf', 'has function f, which its shell refuses as a syntax error'],
    ['function f() {\n/arm\n}\nf', 'has function f, which its shell refuses as a syntax error'],
    ['if true; then\nfunction f {\n/arm\n}\nfi', 'has function f, which its shell refuses as a syntax error'],
    ['/arm |& cat', 'has |&, which its shell refuses as a syntax error'],
    ['time { /arm; }', 'has time before a compound command, which its shell refuses as a syntax error'],
    ['/arm; time (/app)', 'has time before a compound command, which its shell refuses as a syntax error'],
  ])('%s', async (script, reason) => {
    expect(await followUnknowns(script)).toEqual([`/e.sh ${reason}`])
  })
})

describe('an input that commands share', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'while read l; do exec $l; done <<E\n/arm\n/app\nE', ['/arm refused']],
    ['bash', 'while read -r l; do X=$l; done <<E\n/app\n/arm\nE\nexec $X', ['/arm refused']],
    ['dash', '{ read a; read b; } <<E\n/app\n/arm\nE\nexec $b', ['/arm refused']],
    ['dash', 'f() { read a; read b; }\nf <<E\n/app\n/arm\nE\nexec $b', ['/arm refused']],
    ['dash', '{ (read a); read b; } <<E\n/app\n/arm\nE\nexec $b', ['/arm refused']],
    ['dash', '{ x=$(read a); read b; } <<E\n/app\n/arm\nE\nexec $b', ['/arm refused']],
    ['dash', '{ read a & wait; read b; } <<E\n/arm\nE\nexec $b', ['/arm refused']],
    ['bash', '{ read a & wait; read b; } <<E\n/x\nE\n[ "$b" = /x ] || exec /app', ['? /app']],
    ['dash', '{ read a <<F\n/x\nF\nread b; } <<E\n/arm\nE\nexec $b', ['/arm refused']],
    // A program may have read the rest, or a part of it.
    ['dash', '{ unknown; read b; } <<E\n/arm\nE\n[ "$b" = /arm ] || exec /app', ['? /app']],
    ['dash', '{ cp /app /tmp/x; read b; } <<E\n/arm\nE\nexec $b', ['/arm refused']],
    ['dash', 'while read l; do :; done < /tmp/nosuch\nexec /arm', ['/arm refused']],
    ['dash', 'if unknown; then read a; fi <<E\n/app\nE\nexec /arm', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('what is moved where only the run knows', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['mv /app "$(unknown)"\nexec /app', ['/app maybe']],
    ['mv /app /arm &\nchmod 700 /arm\n/app & pid=$!\nwait "$pid"', ['/app maybe']],
    ['chmod -x /app &\n/app & wait $!', ['/app maybe']],
    ['ln -s /second /tmp/l\nmv /tmp/l/ /tmp/m\nexec /tmp/m/both', ['/tmp/m/both missing']],
  ])('%s', async (script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('a file that may be there', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    // Where it is not, the script ends in good order.
    ['bash', "unknown\ntrap 'exit 0' EXIT\nset -e\nexec < /none\nexec /arm", ['? /arm refused']],
    ['bash', "unknown\ntrap 'exit 0' EXIT\nset -e\ncat < /none\nexec /arm", ['? /arm refused']],
    ['dash', "unknown\ntrap 'exit 0' EXIT\nexec < /none\nexec /arm", ['? /arm refused']],
    ['dash', "unknown\ntrap 'exit 0' EXIT\n: < /none\nexec /arm", ['? /arm refused']],
    // It fails there, or the file is given.
    ['dash', 'unknown\nset -e\nexec < /none\nexec /arm', ['/arm refused']],
    ['bash', 'unknown\nexec < /none\nexec /arm', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})
