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
