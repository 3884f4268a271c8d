import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

/* `set -e` in shells that are forked off. What was seen of Debian's dash 0.5.12, bash 5.2 and busybox 1.35. */

const ALL = ['dash', 'bash', 'sh', 'busybox']

describe('each part of a pipeline ends with its first failure', () => {
  test.each<[script: string, starts: readonly string[]]>([
    ['{ false; rm /app; } | cat\nexec /app', ['/app']],
    ['{ /nosuch; rm /app; } | cat\nexec /app', ['/app']],
    ['( ( false; rm /app ); : ) | cat\nexec /app', ['/app']],
    ['f() { false; rm /app; }\nf | cat\nexec /app', ['/app']],
    // Not where the whole is tested.
    ['{ false; rm /app; } | cat && exec /app', ['/app missing']],
    ['{ false; rm /app; } | cat || :\nexec /app', ['/app missing']],
    ['if { false; rm /app; } | cat; then exec /app; fi', ['/app missing']],
    ['! { false; rm /app; } | cat\nexec /app', ['/app missing']],
    ['! true | { false; rm /app; }\nexec /app', ['/app missing']],
    // The last one ends the script, another does not.
    ['true | { false; :; }\nexec /arm', []],
    ['! true | false\nexec /arm', ['/arm refused']],
  ])('%j', async (script, starts) => {
    for (const shell of ALL) expect([shell, await follow(`set -e\n${script}`, shell)]).toEqual([shell, starts])
  })
})

describe('a job ends with its first failure', () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['dash', '{ false; rm /app; } &\nwait\nexec /app', ['/app']],
    ['bash', '{ false; rm /app; } &\nwait\nexec /app', ['/app']],
    ['busybox', '{ false; rm /app; } &\nwait\nexec /app', ['/app']],
    // dash and ash forget that it is a condition.
    ['dash', 'if { false; rm /app; } & wait; then exec /app; fi', ['/app']],
    ['busybox', 'if { false; rm /app; } & wait; then exec /app; fi', ['/app']],
    ['bash', 'if { false; rm /app; } & wait; then exec /app; fi', ['/app missing']],
  ])('%s: %j', async (shell, script, starts) => {
    expect(await follow(`set -e\n${script}`, shell)).toEqual(starts)
  })
})

describe('a command substitution', () => {
  const script = 'x=$(false; rm /app) || :\nexec /app'
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    // bash and ash switch it off in there.
    ['bash', `set -e\n${script}`, ['/app missing']],
    ['busybox', `set -e\n${script}`, ['/app missing']],
    ['bash', `set -e\nshopt -s inherit_errexit\n${script}`, ['/app maybe']],
    // dash has it on since 0.5.11, and bash where it is called sh, unless the command is tested: both are possible.
    ['dash', `set -e\n${script}`, ['/app maybe']],
    ['sh', `set -e\n${script}`, ['/app maybe']],
    ['dash', script, ['/app missing']],
    ['dash', 'set -e\nx=$(true; rm /app)\nexec /app', ['/app missing']],
    ['dash', 'set -e\nx=$(true; echo /arm)\nexec $x', ['/arm refused']],
    ['dash', 'set -e\nx=$(false; echo /arm) || x=/app\nexec $x', ['? /app', '? /arm refused']],
  ])('%s: %j', async (shell, text, starts) => {
    expect(await follow(text, shell)).toEqual(starts)
  })
})
