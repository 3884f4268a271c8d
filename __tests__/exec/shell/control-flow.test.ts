// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

type Row = readonly [title: string, script: string, starts: readonly string[]]

describe('a way that leaves and may be gone is joined where it comes back', () => {
  test.each<Row>([
    [
      'break: what it made may be there',
      'for i in 1 2; do\n  if unknown; then cp /arm /tmp/x; break; fi\ndone\nexec /tmp/x',
      ['/tmp/x missing maybe'],
    ],
    [
      'return: what it removed may be gone',
      'f() { if unknown; then rm /app; return; fi; rm /arm; }\nf\nexec /arm',
      ['/arm refused maybe'],
    ],
    [
      'and what both leave is certain',
      'f() { if unknown; then return 1; fi; cp /arm /tmp/y; }\nf\nexec /arm',
      ['/arm refused'],
    ],
    ['return from a file that is read in', '. /lib.sh\nexec /tmp/x', ['/tmp/x missing maybe']],
    ['exit of a script that a script runs', '/makes.sh\nexec /tmp/x', ['? /makes.sh', '/tmp/x missing maybe']],
    ['exit of a subshell', '(if unknown; then cp /app /tmp/x; exit; fi; :)\nexec /tmp/x', ['/tmp/x missing maybe']],
    [
      'all ways make it',
      '(if unknown; then cp /arm /tmp/x; exit; fi; cp /arm /tmp/x)\nexec /tmp/x',
      ['/tmp/x refused'],
    ],
    [
      'values, too',
      'X=/app\nfor i in 1 2; do\n  if unknown; then X=/arm; break; fi\ndone\nexec $X',
      ['? /app', '? /arm refused'],
    ],
    [
      'break 2 leaves two loops',
      'for i in 1; do for j in 1; do unknown && break 2; cp /app /tmp/x; done; cp /app /tmp/y; done\nexec /tmp/y',
      ['/tmp/y missing maybe'],
    ],
    [
      'continue goes on with the next round',
      'for i in /a /arm; do [ $i = /a ] && continue; exec $i; done',
      ['/arm refused'],
    ],
    [
      'continue 2 with that of the outer loop',
      'for i in 1; do for j in 1; do continue 2; done; exec /app; done\nexec /arm',
      ['/arm refused'],
    ],
    ['a loop without a way out', 'while true; do unknown; done\nexec /arm', []],
    ['a loop that may be left', 'while true; do unknown && break; done\nexec /arm', ['/arm refused']],
    [
      'a round that may not come, and may leave',
      'while read -r x; do if unknown; then exec /app; fi; done < /lib.sh\nexec /arm',
      ['? /app', '? /arm refused'],
    ],
    ['exit $? after ||', 'unknown || exit $?\nexec /arm', ['/arm refused']],
    ['exit $? after &&', 'unknown && exit $?\nexec /arm', ['? /arm refused']],
    [
      'exit with what is not 0',
      'unknown; X=$?\nif [ "$X" != 0 ] && [ "$X" != 10 ]; then exit $X; fi\nexec /arm',
      ['/arm refused'],
    ],
    ['or may be', 'unknown; X=$?\nif [ "$X" != 10 ]; then exit $X; fi\nexec /arm', ['? /arm refused']],
    ['or only fail', 'for i in "$(unknown)"; do if unknown; then exit 1; fi; done\nexec /arm', ['/arm refused']],
    ['one that an exit leaves', 'while true; do unknown && exit; done\nexec /arm', []],
    [
      'the end of a loop has the status of its last command',
      'for i in 1; do false; done || exec /arm',
      ['/arm refused'],
    ],
    [
      'set -e may end a subshell before its last command',
      'set +e\n(set -e; unknown; cp /app /tmp/x)\nexec /tmp/x',
      ['/tmp/x missing maybe'],
    ],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('break, return and local outside of what they belong to', () => {
  test.each<readonly [shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'break\nexec /arm', ['/arm refused']],
    ['bash', 'break\nexec /arm', ['/arm refused']],
    ['busybox', 'continue\nexec /arm', ['/arm refused']],
    ['dash', 'f() { break; }\nfor i in 1; do f; exec /arm; done\nexec /app', ['/arm refused']],
    ['bash', 'f() { break; }\nfor i in 1; do f; exec /arm; done\nexec /app', ['/arm refused']],
    ['busybox', 'f() { break; }\nfor i in 1; do f; exec /arm; done\nexec /app', ['/app']],
    ['dash', 'for i in 1; do (break; cp /app /tmp/x); done\nexec /tmp/x', ['/tmp/x missing']],
    ['bash', 'for i in 1; do (break; cp /arm /tmp/x); done\nexec /tmp/x', ['/tmp/x refused']],
    ['dash', 'return\nexec /arm', []],
    ['bash', 'return\nexec /arm', ['/arm refused']],
    ['dash', 'X=/arm\nf() { local X; X=/app; }\nf\nexec $X', ['/arm refused']],
    ['dash', 'X=/arm\nf() { local X; exec $X; }\nf', ['/arm refused']],
    ['bash', 'X=/app\nf() { local X=/arm; return; }\nf\nexec $X', ['/app']],
    ['busybox', 'X=/app\nf() { local X; exec "${X:-/arm}"; }\nf', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('what ends a shell', () => {
  test.each<readonly [shell: string, script: string, starts: readonly string[]]>([
    ['bash', '. /missing\nexec /arm', ['/arm refused']],
    // What is read in may be given to the container, and make anything.
    ['dash', '. /missing || exit 1\nexec /arm', ['/arm refused']],
    ['dash', '(. /missing; rm /app)\nexec /app', ['/app maybe']],
    ['dash', '(command . /missing; rm /app)\nexec /app', ['/app missing maybe']],
    ['bash', '(. /missing; rm /app)\nexec /app', ['/app missing maybe']],
    ['dash', 'X=abc\nY=${X//a/b}\nexec /arm', []],
    ['busybox', 'X=abc\nY=${X//a/b}\nexec /arm', ['/arm refused']],
    ['busybox', 'X=abc\nY=${X^^}\nexec /arm', []],
    ['bash', 'X=abc\nY=${X^^}\nexec /arm', ['/arm refused']],
    ['dash', '(: > /missing/x; rm /app)\nexec /app', ['/app maybe']],
    ['bash', '(: > /missing/x; rm /app)\nexec /app', ['/app missing']],
    ['dash', '(exec > /missing/x; rm /app)\nexec /app', ['/app maybe']],
    ['dash', '(set -u; : $NONE; rm /app)\nexec /app', ['/app maybe']],
    ['dash', '(set -u; : ${NONE:-}; rm /app)\nexec /app', ['/app missing']],
    ['dash', 'source /lib.sh\nexec /tmp/x', ['/tmp/x missing']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('what a shell is set to', () => {
  test.each<Row>([
    ['a trap is run at the end', '(trap "rm /app" EXIT; cp /app /tmp/x)\nexec /app', ['/app missing']],
    ['whatever ends it', '(trap "rm /app" EXIT; exit 3)\nexec /app', ['/app missing']],
    [
      'but not where another program takes its place',
      '(trap "rm /app" EXIT; exec cp /app /tmp/x)\nexec /app',
      ['/app'],
    ],
    ['nor one that was taken back', '(trap "rm /app" EXIT; trap - EXIT)\nexec /app', ['/app']],
    ['nor in a subshell', 'trap "rm /app" EXIT\n(:)\nexec /app', ['/app']],
    ['one that may have been set', '(unknown && trap "rm /app" EXIT)\nexec /app', ['/app maybe']],
    ['umask', 'umask 777\nprintf "#!/arm" > /tmp/x\nsu -c true\nexec /tmp/x', ['/tmp/x not-executable']],
    [
      'a file is made empty before it is read',
      'echo exec /arm > /tmp/x\nX=$(cat < /tmp/x > /tmp/x; cat /tmp/x)\nexec ${X:-/app}',
      ['/app'],
    ],
    ['a copy of a file over a symlink to itself', 'ln -s /app /tmp/x\ncp /tmp/x /tmp/x\nexec /app', ['/app maybe']],
    [
      'a symlink that may have come over a file, and is written through',
      'ln -s /app /tmp/x\necho > /tmp/y\ncp -r /tmp/x /tmp/y\necho > /tmp/y\nexec /app',
      ['/app maybe'],
    ],
    ['a link of a file to itself', 'ln -sf /app /app\nexec /app', ['/app maybe']],
    ['IFS joins "$*"', 'set -- "" arm\nIFS=/\nexec "$*"', ['/arm refused']],
    ['output goes to the last of two files', 'echo exec /arm > /tmp/x > /tmp/y\nsh /tmp/x\n. /tmp/y', ['/arm refused']],
    ['and the first is empty', 'echo /arm > /tmp/x > /dev/null\nexec $(cat /tmp/x) /app', ['/app']],
    [
      'but for what another descriptor writes',
      'unknown > /tmp/x 2>&1 > /dev/null\nread -r X < /tmp/x\nexec "${X:-/arm}"',
      ['? /arm refused'],
    ],
    ['a copy of standard output takes nothing of it', 'X=$(echo /arm 3>&1)\nexec $X', ['/arm refused']],
    ['output that goes to a file is not read', 'exec "$(exec > /tmp/log; echo /arm)/app"', ['/app']],
    [
      'and its file has what nobody knows',
      '(exec > /tmp/x; echo exec /arm)\nchmod +x /tmp/x\nexec /tmp/x',
      ['/tmp/x missing maybe'],
    ],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

describe('what runs at once', () => {
  test.each<Row>([
    ['a pipeline: what one makes may be there for the other', 'cp /app /tmp/x | /tmp/x', ['/tmp/x maybe']],
    ['and is there after it', 'cp /arm /tmp/x | cat\nexec /tmp/x', ['/tmp/x refused']],
    ['a later part may be earlier', '/arm | cp /app /arm', ['? /arm refused maybe']],
    ['a job that is waited for at once', 'cp /arm /tmp/x & wait\nexec /tmp/x', ['/tmp/x refused']],
    ['a job: what it makes may be there', 'cp /arm /tmp/x &\nexec /tmp/x', ['/tmp/x missing maybe']],
    ['and what comes meanwhile, for it', '/tmp/x &\ncp /app /tmp/x\nexec /app', ['? /tmp/x missing maybe', '/app']],
    ['out of a function, too', 'f() { /tmp/x & }\nf\ncp /app /tmp/x\nexec /app', ['? /tmp/x missing maybe', '/app']],
  ])('%s', async (_, script, starts) => {
    expect(await follow(script)).toEqual(starts)
  })
})

test('a subshell with set -e ends alone where the script does without', async () => {
  expect(await follow('( set -e\n/missing )\n/app', 'dash')).toEqual(['/app'])
  expect(await follow('set -e\n( /missing )\n/app', 'dash')).toEqual(['/missing missing'])
  expect(await follow('( set -e\n/missing\n/app )', 'dash')).toEqual(['/missing missing'])
})
