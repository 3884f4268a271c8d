import {describe, expect, test} from '@jest/globals'
import {changeMode, withAttributes} from '../../../src/exec/world/attributes.ts'
import type {FileNode} from '../../../src/image/rootfs.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../../support/script-start.ts'

/*
 * What chmod, chown and chgrp of coreutils 9.1 and busybox 1.35 leave behind, as literals. Where the two differ,
 * nothing is certain.
 */

describe('chmod', () => {
  test.each<[before: number, mode: string, file: number | undefined, directory: number | undefined]>([
    [0o640, '755', 0o755, 0o755],
    [0o640, '0755', 0o755, 0o755],
    [0o6755, '755', 0o755, 0o6755],
    [0o6755, '00755', 0o755, 0o755],
    [0o640, '7777', 0o7777, 0o7777],
    [0o640, '17777', undefined, undefined],
    [0o640, '999', undefined, undefined],
    [0o640, 'zz', undefined, undefined],
    [0o640, '', undefined, undefined],
    [0o6755, '-x', 0o6644, 0o6644],
    [0o640, '+x', 0o751, 0o751],
    [0o640, '=x', 0o111, 0o111],
    [0o640, 'u=rwx,go=rx', 0o755, 0o755],
    [0o640, 'a+X', 0o640, 0o751],
    [0o740, 'a+X', 0o751, 0o751],
    [0o640, 'u+s', 0o4640, 0o4640],
    [0o640, 'g+s', 0o2640, 0o2640],
    [0o640, 'o+s', 0o640, 0o640],
    [0o640, '+t', 0o1640, 0o1640],
    [0o640, 'o+x,o-r', 0o641, 0o641],
    [0o640, 'o=u', 0o646, 0o646],
    [0o640, 'o=g', 0o644, 0o644],
    [0o641, 'g=o', 0o611, 0o611],
    [0o640, 'go-r+x', 0o611, 0o611],
    [0o640, 'u+x,', undefined, undefined],
    [0o640, 'u', undefined, undefined],
    [0o640, 'ux', undefined, undefined],
    [0o640, 'xu+x', undefined, undefined],
    [0o640, 'u+xg', undefined, undefined],
  ])('%o by %j', (before, mode, file, directory) => {
    expect([changeMode(before, mode, false), changeMode(before, mode, true)]).toEqual([file, directory])
  })
})

test.each<
  [kind: FileNode['kind'], mode: number, change: Parameters<typeof withAttributes>[1], expected: string | undefined]
>([
  ['file', 0o6755, {uid: 1}, '755 1 0'],
  ['file', 0o6755, {gid: 1}, '755 0 1'],
  ['file', 0o6755, {uid: 0}, '755 0 0'],
  ['file', 0o6755, {uid: 0, mode: '4755'}, '4755 0 0'],
  ['file', 0o6755, {mode: 'a-x'}, '6644 0 0'],
  ['directory', 0o6755, {uid: 1, gid: 1}, '6755 1 1'],
  ['directory', 0o640, {mode: '+X'}, '751 0 0'],
  ['file', 0o640, {mode: '+X'}, '640 0 0'],
  ['symlink', 0o777, {mode: '600', uid: 1}, '777 1 0'],
  ['file', 0o640, {mode: 'zz'}, undefined],
])('%s of mode %o: %j', (kind, mode, change, expected) => {
  const changed = withAttributes({kind, mode, uid: 0, gid: 0, path: '/f', size: 0, layer: 0} as FileNode, change)
  expect(changed && `${changed.mode.toString(8)} ${changed.uid} ${changed.gid}`).toBe(expected)
})

const owned = (mode: number, uid = 9, gid = 9) => ({content: nativeProgram(), mode, uid, gid})
const FILES: MemoryTree = {
  '/bin/chgrp': executable(nativeProgram()),
  ...{'/m/f': owned(0o644), '/m/x': owned(0o755), '/m/p': owned(0o700), '/m/g': owned(0o070), '/m/d/f': owned(0o644)},
  ...{'/m/d/p': owned(0o700), '/m/d/g': owned(0o070), '/m/l': {link: 'p'}, '/m/lf': {link: 'f'}, '/m/ld': {link: 'd'}},
  '/m/n': {link: 'none'},
}

/** Whether the user app may execute a file then: `yes`, `no`, or in doubt. */
async function may(command: string, path: string): Promise<string> {
  const said = sayStart(await startScript(`cd /m; ${command}; exec gosu app /m/${path}`, {files: FILES})).join(', ')
  const at = `/m/${path}`
  return said === at ? 'yes' : said === `${at}: not-executable` ? 'no' : said.includes(' (') ? 'perhaps' : said
}

test.each<[command: string, path: string, expected: string]>([
  ['true', 'f', 'no'],
  ...[
    '-R 755 d',
    '-vR 755 d',
    '-Rf 755 d',
    '-cRv 755 d',
    '755 -R d',
    '755 d -R',
    '--recursive 755 d',
    '-R 755 ld/',
  ].map<[string, string, string]>(words => [`chmod ${words}`, 'd/f', 'yes']),
  ['chmod 755 d', 'd/f', 'no'],
  ['chmod -v 755 d', 'd/f', 'no'],
  ['chmod -R -- 755 d', 'd/f', 'yes'],
  ['chmod -R 755 ld', 'd/f', 'perhaps'],
  ['chmod 755 ld', 'd/f', 'no'],
  ['chmod 755 lf', 'f', 'yes'],
  ['chmod -h 755 f', 'f', 'perhaps'],
  ['chmod -- 755 f', 'f', 'yes'],
  ['chmod 755 -- f', 'f', 'yes'],
  ['chmod a-x x', 'x', 'no'],
  ['chmod o-x x', 'x', 'no'],
  ['chmod u-x x', 'x', 'yes'],
  ['chmod o+x f', 'f', 'yes'],
  ['chmod u+x f', 'f', 'no'],
  ['chmod +x f', 'f', 'yes'],
  ['chmod -x x', 'x', 'no'],
  ['chmod 755 none f', 'f', 'yes'],
  ['chmod zz f', 'f', 'no'],
  ['chmod 755', 'f', 'no'],
  ['chmod --reference=x f', 'f', 'perhaps'],
  ['chmod 755 "$HOSTNAME"', 'f', 'perhaps'],
  ['chmod "$HOSTNAME" f', 'f', 'perhaps'],
  ['chmod "$HOSTNAME" x', 'f', 'no'],
  ['chown app p', 'p', 'yes'],
  ['chown 1000 p', 'p', 'yes'],
  ['chown 77 p', 'p', 'no'],
  ['chown app g', 'g', 'no'],
  ['chown app: g', 'g', 'no'],
  ['chown :app g', 'g', 'yes'],
  ['chown root:app g', 'g', 'yes'],
  ['chown root.app g', 'g', 'yes'],
  ['chown 77:1000 g', 'g', 'yes'],
  ['chown 77: g', 'g', 'perhaps'],
  ['chown 1000: p', 'p', 'perhaps'],
  ['chgrp app g', 'g', 'yes'],
  ['chgrp 1000 g', 'g', 'yes'],
  ['chgrp nosuch g', 'g', 'no'],
  ['chgrp -R app d', 'd/g', 'yes'],
  ['chown app l', 'p', 'yes'],
  ['chown -h app l', 'p', 'no'],
  ['chown --no-dereference app l', 'p', 'no'],
  ...[
    '-R app d',
    '-Rv app d',
    'app -R d',
    '--recursive app d',
    '-hR app d',
    '-RH app ld',
    '-LR app ld',
    '-R app ld/',
  ].map<[string, string, string]>(words => [`chown ${words}`, 'd/p', 'yes']),
  ['chown app d', 'd/p', 'no'],
  ['chown -R app ld', 'd/p', 'no'],
  ['chown -RP app ld', 'd/p', 'no'],
  ['chown app none p', 'p', 'yes'],
  ['chown nosuch p', 'p', 'no'],
  ['chown app:nosuch p', 'p', 'no'],
  ['chown app', 'p', 'no'],
  ['chown "$HOSTNAME" p', 'p', 'perhaps'],
  ['chown --from=root app p', 'p', 'perhaps'],
  ['chown --reference=x p', 'p', 'perhaps'],
])('%s: %s %s', async (command, path, expected) => {
  expect(await may(command, path)).toBe(expected)
})

test.each<[command: string, expected: 'ok' | 'fails' | 'unknown']>([
  ...['chmod 755 f', 'chmod -R 755 d', 'chown app f', 'chown -R app d', 'chgrp app f', 'chown -h app n'].map<
    [string, 'ok']
  >(command => [command, 'ok']),
  ...['chmod 755', 'chmod', 'chmod zz f', 'chmod 999 f', 'chmod 755 none f', 'chmod 755 n', "chmod 755 ''"].map<
    [string, 'fails']
  >(command => [command, 'fails']),
  ...[
    'chown app',
    'chown',
    'chown nosuch f',
    'chown app:nosuch f',
    'chown app none f',
    'chown app n',
    'chgrp nosuch f',
  ].map<[string, 'fails']>(command => [command, 'fails']),
  ...['chmod -h 755 f', 'chmod -R 755 ld', 'chown 77: f', 'chown --from=root app f', 'chmod "$HOSTNAME" f'].map<
    [string, 'unknown']
  >(command => [command, 'unknown']),
])('%s: %s', async (command, expected) => {
  const text = `cd /m; if ${command}; then exec /app/server; else exec /app/script; fi`
  const said = sayStart(await startScript(text, {files: FILES})).join(', ')
  const endings = {'/app/server': 'ok', '/app/script, /app/arm: refused': 'fails'} as Record<string, string>
  expect(endings[said] ?? 'unknown').toBe(expected)
})
