import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

/* What was seen of Debian's dash 0.5.12, bash 5.2 (by its own name and as sh) and busybox 1.35. */

/** `both` is found in /second, and then there is another one before it. */
const BEFORE = 'PATH=/first:/second:/bin\nrm /first/both\nboth\ncp /app /first/both\n'
const ASKED = BEFORE.replace('\nboth\n', '\ntype both\n')
const HASHED = BEFORE.replace('\nboth\n', '\nhash both\n')
const GONE = 'PATH=/first:/second:/bin\nrm /first/both\nboth\nrm /second/both\ncp /app /first/both\n'

describe('where a shell has found a command', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', `${BEFORE}both`, ['? /second/both', '/second/both']],
    ['busybox', `${BEFORE}both`, ['? /second/both', '/second/both']],
    ['bash', `${BEFORE}both`, ['? /second/both', '/second/both']],
    ['sh', `${BEFORE}both`, ['? /second/both', '/second/both']],
    // `exec` of dash and ash looks again.
    ['dash', `${BEFORE}exec both`, ['? /second/both', '/first/both']],
    ['busybox', `${BEFORE}exec both`, ['? /second/both', '/first/both']],
    ['bash', `${BEFORE}exec both`, ['? /second/both', '/second/both']],
    // What only asks.
    ['dash', `${ASKED}both`, ['/second/both']],
    ['busybox', `${ASKED}both`, ['/second/both']],
    ['bash', `${ASKED}both`, ['/first/both']],
    ['bash', `${HASHED}both`, ['/second/both']],
    ['dash', `${BEFORE}"$(command -v both)"`, ['? /second/both', '/second/both']],
    // In a shell of its own it is for that one alone.
    ['dash', `${BEFORE.replace('\nboth\n', '\n(both)\n')}both`, ['? /second/both', '/first/both']],
    ['dash', `${BEFORE.replace('\nboth\n', '\nboth | true\n')}both`, ['? /second/both', '/first/both']],
    // It is forgotten.
    ['dash', `${BEFORE}hash -r\nboth`, ['? /second/both', '/first/both']],
    ['bash', `${BEFORE}hash -d both\nboth`, ['? /second/both', '/first/both']],
    ['dash', `${BEFORE}PATH=$PATH\nboth`, ['? /second/both', '/first/both']],
    ['dash', `${BEFORE}export PATH="$PATH:/x"\nboth`, ['? /second/both', '/first/both']],
    ['dash', `${BEFORE}PATH=/first both`, ['? /second/both', '/first/both']],
    ['dash', `${BEFORE}cd /\nboth`, ['? /second/both', '/second/both']],
    // A relative element of PATH leads elsewhere.
    ['bash', 'cd /second\nPATH=.:/first:/bin\nboth\ncd /tmp\nboth', ['? ./both', '/first/both refused']],
    // It is no longer there: bash does not look for it, but where it is called sh.
    ['bash', `${GONE}both`, ['? /second/both', 'both not-in-path maybe']],
    ['sh', `${GONE}both`, ['? /second/both', '? /first/both']],
    ['dash', `${GONE}both`, ['? /second/both', 'both not-in-path maybe']],
    // It may have been looked for.
    [
      'dash',
      `${BEFORE.replace('\nboth\n', '\nif unknown; then both; fi\n')}both`,
      ['? /second/both', '? /first/both', '? /second/both'],
    ],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})

describe('exec in bash hands over the whole path', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['bash', 'cd /second\nexec ./both', ['/second/both']],
    ['sh', 'cd /second\nexec ./both', ['/second/both']],
    ['bash', 'cd /second\nexec ../arm', ['/second/../arm refused']],
    ['bash', 'cd /second\n./both', ['./both']],
    ['dash', 'cd /second\nexec ./both', ['./both']],
    ['bash', 'cd /second\nPATH=.\nexec both', ['/second/both']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})
