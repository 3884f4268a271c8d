import {describe, expect, test} from '@jest/globals'
import {findElsewhere} from '../../src/exec/index.ts'
import {describeAbsence} from '../../src/rules/support/library-places.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {testPlatform} from '../support/memory-source.ts'

const LIBRARY = executable(buildElf({machine: 62, type: 'dyn', entry: 0}), 0o644)
const FOREIGN = executable(buildElf({machine: 183, type: 'dyn', entry: 0}), 0o644)
const SEARCHED: Parameters<typeof describeAbsence>[3] = {searched: ['/lib', '/usr/lib'], rejected: []}

/** What is said of a library that `/app/server` needs. */
async function say(library: string, files: MemoryTree, obstacle = SEARCHED) {
  const elsewhere = await findElsewhere(memoryRootfs(files), testPlatform('linux/amd64'), [library])
  return describeAbsence({elsewhere}, library, '/app/server', obstacle)
}

describe('where a library is that the loader does not find', () => {
  const rows: readonly (readonly [name: string, files: MemoryTree, reason: string, fix: string])[] = [
    ['nowhere', {'/app/libx.so': LIBRARY}, 'is not in the image; another version is: /app/libx.so', 'the version'],
    ['nowhere at all', {'/lib/liby.so.1': LIBRARY}, 'is not in the image', 'Install the package'],
    [
      'beside the program',
      {'/app/libx.so.1': LIBRARY},
      'is there, but not where the loader looks: /app/libx.so.1',
      "-Wl,-rpath,'$ORIGIN'",
    ],
    [
      'in a directory of its own',
      {'/opt/x/lib/libx.so.1': LIBRARY},
      'is there, but not where the loader looks: /opt/x/lib/libx.so.1',
      'LD_LIBRARY_PATH=/opt/x/lib',
    ],
    [
      'in many',
      Object.fromEntries(['a', 'b', 'c'].map(name => [`/${name}/libx.so.1`, LIBRARY])),
      'is there, but not where the loader looks: /a/libx.so.1, /b/libx.so.1 and 1 more',
      'LD_LIBRARY_PATH=/a',
    ],
    [
      'under its whole version',
      {'/usr/lib/libx.so.1.2.3': LIBRARY},
      'has no link to the real file: /usr/lib/libx.so.1.2.3 is there, /usr/lib/libx.so.1 is not',
      'ln -s libx.so.1.2.3 /usr/lib/libx.so.1',
    ],
    [
      'under its whole version, where the loader does not look',
      {'/app/libx.so.1.2.3': LIBRARY},
      'has no link to the real file: /app/libx.so.1.2.3 is there, /app/libx.so.1 is not',
      'and tell the loader of /app',
    ],
    [
      'a link without its file',
      {'/usr/lib/libx.so.1': {link: 'libx.so.1.2'}},
      'is a dangling symlink: /usr/lib/libx.so.1 -> libx.so.1.2, which is not in the image',
      'Copy the file',
    ],
    [
      'by a link in another directory',
      {'/opt/libx.so.1': {link: 'y/libx.so.1.2'}, '/opt/y/libx.so.1.2': LIBRARY},
      'is there, but not where the loader looks: /opt/libx.so.1',
      'LD_LIBRARY_PATH=/opt',
    ],
    ['of another machine', {'/app/libx.so.1': FOREIGN}, 'is not in the image', 'Install the package'],
    ['text', {'/app/libx.so.1': 'text'}, 'is not in the image', 'Install the package'],
    ['a link in a circle', {'/app/libx.so.1': {link: 'libx.so.1'}}, 'is a dangling symlink', 'Copy the file'],
    ['a longer number', {'/app/libx.so.10': LIBRARY}, 'is not in the image; another version is', 'the version'],
  ]
  test.each(rows)('%s', async (_, files, reason, fix) => {
    const said = await say('libx.so.1', files)
    expect(said.reason).toContain(reason)
    expect(said.fix).toContain(fix)
  })

  test('each place is told with its kind, the nearest kind first', async () => {
    const files = {
      '/a/libx.so.1.2': LIBRARY,
      '/b/libx.so.2': LIBRARY,
      '/c/libx.so.1': {link: 'nowhere'},
      '/d/libx.so.1': LIBRARY,
      '/e/libx.so.1': {link: '/d/libx.so.1'},
      // None of these is a library of the name.
      '/f/libx.so.1-gdb.py': LIBRARY,
      '/f/libx.so.1.2': {link: 'nowhere'},
      '/f/libx.so.2': {link: 'nowhere'},
      '/g/libx.so.1': {link: '/d'},
      '/h/libx.so.1/x': LIBRARY,
      '/i/xlibx.so.1': LIBRARY,
    }
    const names = ['libx.so.1', '/opt/liby.so']
    const found = await findElsewhere(memoryRootfs(files), testPlatform('linux/amd64'), names)
    expect([...found]).toEqual([
      [
        'libx.so.1',
        [
          {path: '/d/libx.so.1', kind: 'same-name'},
          {path: '/e/libx.so.1', kind: 'same-name', target: '/d/libx.so.1'},
          {path: '/c/libx.so.1', kind: 'dangling-link', target: 'nowhere'},
          {path: '/a/libx.so.1.2', kind: 'real-file'},
          {path: '/b/libx.so.2', kind: 'other-version'},
        ],
      ],
    ])
  })

  test('of each kind eight places are looked at', async () => {
    const many = (name: string) => Array.from({length: 10}, (_, at) => [`/${name}${at}/${name}`, LIBRARY] as const)
    const files = Object.fromEntries([...many('libx.so.1'), ...many('libx.so.1.2'), ...many('libx.so.2')])
    const found = await findElsewhere(memoryRootfs(files), testPlatform('linux/amd64'), ['libx.so.1'])
    const kinds = Map.groupBy(found.get('libx.so.1') ?? [], ({kind}) => kind)
    expect([...kinds].map(([kind, {length}]) => [kind, length])).toEqual([
      ['same-name', 8],
      ['real-file', 8],
      ['other-version', 8],
    ])
  })

  test('a file that the loader refused is not said to be missing', async () => {
    const rejected = [{path: '/lib/libx.so.1', reason: 'x'}]
    expect((await say('libx.so.1', {}, {searched: [], rejected})).reason).toBe('is not found where the loader looks')
  })

  test('nothing is said of what was not looked for', () => {
    expect(describeAbsence({}, 'libx.so', '/a', SEARCHED).reason).toBe('is not found where the loader looks')
  })

  test('a name that is a path is not looked for', async () => {
    expect((await say('/opt/libx.so', {'/opt/libx.so': LIBRARY})).reason).toBe('is not found where the loader looks')
  })

  test('names without .so are looked for as they are', async () => {
    expect((await say('plugin.node', {'/x/plugin.node': LIBRARY})).reason).toContain('/x/plugin.node')
  })
})
