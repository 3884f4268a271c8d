// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

/* What was seen of Debian's dash 0.5.12, bash 5.2 and busybox 1.35. */

describe('what one shell reads otherwise than another', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'exec -- /arm', ['-- not-in-path']],
    ['bash', 'exec -- /arm', ['/arm refused']],
    ['busybox', 'exec -- /arm', ['/arm refused']],
    ['dash', 'exec -a x /arm', ['-a not-in-path']],
    ['bash', 'exec -a x /arm', ['/arm refused']],
    // `[^-]*`: two other characters in dash, anything but a dash in the others.
    ['dash', 'case -x in [^-]*) exec /app;; esac\nexec /arm', ['/app']],
    ['bash', 'case -x in [^-]*) exec /app;; esac\nexec /arm', ['/arm refused']],
    ['busybox', 'case -x in [^-]*) exec /app;; esac\nexec /arm', ['/arm refused']],
    ['dash', 'X=^x\nexec "${X#[^a]}pp"', ['xpp not-in-path']],
    ['bash', 'X=^x\nexec "${X#[^a]}pp"', ['xpp not-in-path']],
    ['dash', 'X=b/arm\nexec "${X#[^a]}"', ['b/arm missing']],
    ['bash', 'X=b/arm\nexec "${X#[^a]}"', ['/arm refused']],
    ['unknown', 'case -x in [^-]*) exec /app;; esac\nexec /arm', ['? /app', '? /arm refused']],
    ['dash', 'case -x in [!-]*) exec /app;; esac\nexec /arm', ['/arm refused']],
    ['dash', 'case ]x in [\\]]x) exec /arm;; esac\nexec /app', ['/arm refused']],
    ['dash', 'case ! in ["!"]) exec /arm;; esac\nexec /app', ['/arm refused']],
    ['bash', 'case ^ in [\\^]) exec /arm;; esac\nexec /app', ['/arm refused']],
    ['bash', 'case b in [a"-"c]) exec /app;; esac\nexec /arm', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('the search in PATH after a file that the kernel refuses', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'PATH=/first:/second\nexec both', ['/second/both']],
    ['bash', 'PATH=/first:/second\nexec both', ['/first/both refused']],
    // It runs the program as a shell script.
    ['busybox', 'PATH=/first:/second\nexec both', ['/first/both refused']],
    ['dash', 'PATH=/first:/second\nexec gone', ['/second/gone']],
    ['busybox', 'PATH=/first:/second\nexec gone', ['/second/gone']],
    ['dash', 'PATH=/first:/second\nexec text', ['/second/text', '/arm refused']],
    ['dash', 'cp "$(unknown)" /second/both\nPATH=/first:/second\nexec both', ['/second/both maybe']],
    [
      'dash',
      'printf "$(unknown)" > /second/own\nPATH=/usr/local/bin:/second\nchmod +x /second/own\nexec own',
      ['/usr/local/bin/own refused maybe'],
    ],
    ['bash', 'cp "$(unknown)" /second/both\nPATH=/first:/second\nexec both', ['/first/both refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('PATH where the environment has none', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', "env -i /bin/sh -c 'exec own'", ['own refused']],
    ['bash', "env -i /bin/bash -c 'exec own'", ['own refused']],
    ['busybox', "env -i /bin/sh -c 'exec own'", ['? own not-in-path']],
    ['dash', "env -i /bin/sh -c 'exec env own'", ['own not-in-path']],
    ['dash', "env -i /bin/sh -c 'export PATH; exec env own'", ['own refused']],
    ['dash', 'PATH=/first\nexport -n PATH\nexec both', ['/first/both refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect((await follow(script, shell)).map(start => start.replace('/usr/local/bin/', ''))).toEqual(starts)
  })
})

describe('set -o pipefail', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['bash', 'set -o pipefail\n/none | cat', ['/none missing']],
    ['bash', '/none | cat', []],
    ['busybox', 'set -eo pipefail\n/arm | cat\nexec /app', ['/arm refused']],
    ['bash', 'set -e -o pipefail\nset +o pipefail\n/none | cat\nexec /arm', ['/arm refused']],
    ['bash', 'set -e -o pipefail\n/none | cat || exec /app', ['/app']],
    ['bash', 'unknown && set -o pipefail\nfalse | true && rm /app\nexec /app', ['/app maybe']],
    ['bash', "bash -o pipefail -c '/none | cat'", ['/none missing']],
    ['bash', 'set -o pipefail\nfalse | true || exec /arm', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('local outside of a function', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', 'local x=1 || :\nexec /arm', []],
    ['busybox', 'local x=1 || :\nexec /arm', []],
    ['bash', 'local x=1 || :\nexec /arm', ['/arm refused']],
    ['dash', 'f() { local x=/arm; exec "$x"; }\nf', ['/arm refused']],
    ['unknown', 'local x=1\nexec /arm', ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('a script that writes over itself', () => {
  test.each<[shell: string, starts: readonly string[]]>([
    ['dash', ['/arm refused']],
    ['busybox', ['/arm refused']],
    ['bash', ['? /arm refused']],
  ])('%s', async (shell, starts) => {
    expect(await follow('echo : > "$0"\nexec /arm', shell)).toEqual(starts)
  })
})

describe('command -v of a file that may not be executed', () => {
  test.each<[shell: string, starts: readonly string[]]>([
    ['dash', ['/arm refused']],
    ['bash', ['? /app', '? /arm refused']],
    ['busybox', ['? /app', '? /arm refused']],
  ])('%s', async (shell, starts) => {
    const script =
      'PATH=/usr/local/bin:/bin\necho > /usr/local/bin/new\nif command -v new; then exec /app; fi\nexec /arm'
    expect(await follow(script, shell)).toEqual(starts)
  })
})
