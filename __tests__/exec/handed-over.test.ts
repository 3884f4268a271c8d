import {expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../support/script-start.ts'

/*
 * What of the image is certain yet for a program that another one starts.
 */

const NAMES = ['gosu', 'sudo', 'capsh', 'unknown', 'env', 'flock', 'bash', 'nice', 'node']
const FILES: MemoryTree = {
  ...Object.fromEntries(NAMES.map(name => [`/bin/${name}`, executable(nativeProgram())])),
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  '/etc/group': 'root:x:0:\napp:x:1000:\n',
  '/app/g7': {content: nativeProgram(), mode: 0o070, uid: 9, gid: 7},
}

const say = async (text: string) => sayStart(await startScript(text, {files: FILES})).join(', ')

// Whoever /etc/passwd has then: two numbers are no names.
test.each([
  ['1000:1000', '/app/g7: not-executable'],
  ['1:1', '/app/g7: not-executable'],
  ['20:30', '/app/g7: not-executable'],
  ['1000:7', '/app/g7'],
  ['1000', '/app/g7: not-executable (redirection in /e.sh)'],
  ['app:1000', '/etc/passwd: no-such-user (redirection in /e.sh), /app/g7: not-executable (redirection in /e.sh)'],
  ['1000:app', '/app/g7: not-executable (redirection in /e.sh)'],
  ['app', '/etc/passwd: no-such-user (redirection in /e.sh), /app/g7: not-executable (redirection in /e.sh)'],
])('who is %s once users may have changed', async (user, expected) => {
  expect(await say(`unknown > /etc/passwd; exec gosu ${user} /app/g7`)).toBe(expected)
})

test.each([
  ['flock /l /bin/env true; exec /none', '/none: missing'],
  ['capsh --license; exec /none', '/none: missing'],
  [
    'capsh --chroot=/x -- -c y; exec /none',
    '/none: missing (capsh in /e.sh), unknown: the options of capsh are not followed',
  ],
  ['capsh == --print; exec /none', '/none: missing (capsh in /e.sh), unknown: what capsh starts by == is not followed'],
  ['unknown; exec /none', '/none: missing (unknown in /e.sh)'],
])('%s', async (text, expected) => {
  expect(await say(text)).toBe(expected)
})
