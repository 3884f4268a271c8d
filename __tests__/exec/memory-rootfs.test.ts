import {describe, expect, test} from '@jest/globals'
import type {Lookup} from '../../src/image/rootfs.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'

const rootfs = memoryRootfs({
  '/bin': {link: 'usr/bin'},
  '/usr/bin/sh': {mode: 0o755, content: 'x'},
  '/opt/app': {link: '/../../usr/../bin/sh'},
  '/file': 'content',
  '/to-file': {link: 'file/'},
  '/loop': {link: 'loop'},
  '/self': {link: '.'},
  '/dangling': {link: 'nowhere/at/all'},
  [`/${'n'.repeat(255)}`]: 'long',
  ...Object.fromEntries(Array.from({length: 41}, (_, n) => [`/c${n}`, {link: n === 40 ? 'file' : `c${n + 1}`}])),
})

/** `found /path` or `outcome at`. */
function say(lookup: Lookup): string {
  return lookup.outcome === 'found' ? `found ${lookup.node.path}` : `${lookup.outcome} ${lookup.at}`
}

describe('a path in memory leads where path_resolution(7) says', () => {
  test.each([
    ['/', 'found /'],
    ['//usr//bin/.//sh', 'found /usr/bin/sh'],
    ['/bin/sh', 'found /usr/bin/sh'],
    ['/opt/app', 'found /usr/bin/sh'],
    ['/bin/../lib', 'missing /usr/lib'],
    ['/../../../bin', 'found /usr/bin'],
    ['/usr/', 'found /usr'],
    ['/file/', 'not-a-directory /file'],
    ['/file/.', 'not-a-directory /file'],
    ['/file/..', 'not-a-directory /file'],
    ['/to-file', 'not-a-directory /file'],
    ['/missing/../file', 'missing /missing'],
    ['/dangling', 'missing /nowhere'],
    ['/loop', 'too-many-links /loop'],
    ['/c1', 'found /file'],
    ['/c0', 'too-many-links /c40'],
    [`/${'self/'.repeat(40)}file`, 'found /file'],
    [`/${'self/'.repeat(41)}file`, 'too-many-links /self'],
    [`/${'n'.repeat(255)}`, `found /${'n'.repeat(255)}`],
    [`/${'n'.repeat(256)}`, `name-too-long /${'n'.repeat(256)}`],
    [`/${'./'.repeat(2045)}file`, 'found /file'],
    [`/${'./'.repeat(2046)}file`, `name-too-long /${'./'.repeat(2046)}file`],
  ])('%.40s', async (path, expected) => {
    expect(say(await rootfs.lookup(path))).toBe(expected)
  })

  test('tells every link and every directory on the way', async () => {
    const {hops, through} = await rootfs.lookup('/opt/app')
    expect(hops).toEqual([
      {path: '/opt/app', target: '/../../usr/../bin/sh'},
      {path: '/bin', target: 'usr/bin'},
    ])
    expect(through.map(node => node.path)).toEqual(['/', '/opt', '/', '/usr', '/', '/usr', '/usr/bin'])
  })

  test('gives the files in the order of their bytes', async () => {
    const paths: string[] = []
    for await (const node of memoryRootfs({'/b': '', '/a/z': '', '/a.b': ''}).files()) paths.push(node.path)
    expect(paths).toEqual(['/a', '/a.b', '/a/z', '/b'])
  })
})
