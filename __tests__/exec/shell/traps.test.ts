// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {follow} from './follow-script.ts'

describe("bash's traps", () => {
  test.each<[shell: string, script: string, starts: readonly string[]]>([
    ['bash', "trap 'exec /arm' ERR\nfalse\nexec /app", ['/arm refused']],
    ['bash', "trap 'exec /arm' ERR\ntrue\nexec /app", ['/app']],
    ['bash', "trap 'exec /arm' ERR\nfalse || true\nexec /app", ['/app']],
    ['bash', "trap 'exec /app' ERR\nunknown\nexec /arm", ['? /app', '? /arm refused']],
    ['bash', "trap 'exit 1' ERR\nunknown\nexec /arm", ['/arm refused']],
    ['bash', "trap 'exit 0' ERR\nunknown\nexec /arm", ['? /arm refused']],
    ['bash', "trap 'rm /app' ERR\nunknown\nexec /app", ['/app maybe']],
    ['bash', "trap 'rm /app' ERR\ntrue && false\nexec /app", ['/app missing']],
    ['bash', "trap 'rm /app' ERR\ntrap - ERR\nfalse\nexec /app", ['/app']],
    ['bash', "trap 'rm /app' ERR\nf() { false; true; }\nf\nexec /app", ['/app']],
    ['bash', "set -E\ntrap 'rm /app' ERR\nf() { false; true; }\nf\nexec /app", ['/app missing']],
    ['bash', "trap 'rm /app' ERR\n(false; true)\nexec /app", ['/app']],
    ['bash', "unknown && trap 'rm /app' ERR\nfalse\nexec /app", ['/app maybe']],
    ['bash', "f() { trap 'rm /app' RETURN; }\nf\nexec /app", ['/app maybe']],
    ['bash', "trap 'rm /app' DEBUG\nexec /app", ['/app maybe']],
    // Other shells do not know them, and go on.
    ['dash', "trap 'exec /app' ERR\nfalse\nexec /arm", ['/arm refused']],
    ['busybox', "trap 'rm /app' RETURN || exec /arm\nexec /app", ['/arm refused']],
    ['bash', "trap 'exec /app' TERM\nexec /arm", ['/arm refused']],
  ])('%s: %s', async (shell, script, starts) => {
    expect(await follow(script, shell)).toEqual(starts)
  })
})
