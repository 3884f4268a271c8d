import {describe, expect, test} from '@jest/globals'
import {resolveStartUser, wholeUser} from '../../src/exec/credentials.ts'
import {resolveUser} from '../../src/exec/index.ts'
import {ok} from '../../src/lib/result.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'

const image = memoryRootfs({
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n\n  app:x:1000:1001::/home/app:/bin/sh\n7:x:70:70::/:/bin/sh\n',
  '/etc/group': 'root:x:0:\napp:x:1001:\naudio:x:29:root,app\nvideo:x:44:app\n',
})

describe('who a User is', () => {
  test.each([
    ['', {uid: 0, gid: 0, groups: [], home: '/root'}],
    ['root', {uid: 0, gid: 0, groups: [], home: '/root'}],
    ['app', {uid: 1000, gid: 1001, groups: [29, 44], home: '/home/app'}],
    ['1000', {uid: 1000, gid: 1001, groups: [29, 44], home: '/home/app'}],
    ['app:video', {uid: 1000, gid: 44, groups: [], home: '/home/app'}],
    ['app:5', {uid: 1000, gid: 5, groups: [], home: '/home/app'}],
    ['4711', {uid: 4711, gid: 0, groups: []}],
    ['4711:4712', {uid: 4711, gid: 4712, groups: []}],
    // A number is never a name.
    ['7', {uid: 7, gid: 0, groups: []}],
    [':audio', {uid: 0, gid: 29, groups: []}],
  ])('%p', async (spec, expected) => {
    const user = await resolveUser(image, spec)
    expect(user).toMatchObject({ok: true, value: expected})
  })

  test.each([
    ['nobody', 'unable to find user nobody: no matching entries in passwd file'],
    ['app:wheel', 'unable to find group wheel: no matching entries in group file'],
    ['app:video:more', 'unable to find group video:more: no matching entries in group file'],
  ])('%p is nobody', async (spec, problem) => {
    expect(await resolveUser(image, spec)).toEqual({ok: false, problem})
  })

  test.each([
    ['root', '/bin/sh'],
    // Neither an empty shell nor one that is not there is the shell of a login.
    ['bare', undefined],
    ['short', undefined],
  ])('%p logs in with %p', async (spec, shell) => {
    const few = memoryRootfs({'/etc/passwd': 'root:x:0:0::/root:/bin/sh\nbare:x:1:1::/:\nshort:x:2:2::/\n'})
    const user = await resolveUser(few, spec)
    expect(user.ok && user.value).toEqual(
      expect.objectContaining(shell === undefined ? {home: '/'} : {home: '/root', shell}),
    )
    expect(user.ok && 'shell' in user.value).toBe(shell !== undefined)
  })

  test('lines with blanks around them, lines of less, and digits in names', async () => {
    const odd = memoryRootfs({
      '/etc/passwd': ' \nx\n\tapp:x:5:6::/:/bin/sh  \na1:x:8:x::/:\n1a:x:9:9::/:\nlost:x\n',
      '/etc/group': '\nstaff\n  wheel:x:10:app \nwide:x:y:app\n',
    })
    expect(await resolveUser(odd, 'app')).toEqual(ok({uid: 5, gid: 6, groups: [10], home: '/', shell: '/bin/sh'}))
    expect(await resolveUser(odd, 'a1')).toMatchObject(ok({uid: 8, gid: 0}))
    expect(await resolveUser(odd, '1a')).toMatchObject(ok({uid: 9}))
    expect(await resolveUser(odd, 'lost')).toEqual(ok({uid: 0, gid: 0, groups: [], home: undefined}))
    expect(await resolveUser(odd, 'app:wide')).toMatchObject(ok({uid: 5, gid: 0}))
    // Who is not listed has no name that a group could have.
    expect(await resolveUser(odd, '77')).toEqual(ok({uid: 77, gid: 0, groups: [], home: undefined}))
  })

  test('a directory that stands for a database lists nobody', async () => {
    const odd = memoryRootfs({'/etc/passwd/x': 'app:x:1:1::/:', '/etc/group/x': 'g:x:1:'})
    expect(await resolveUser(odd, 'app')).toMatchObject({ok: false})
    expect(await resolveUser(odd, '7:g')).toMatchObject({ok: false})
  })

  test('an image without databases knows numbers only', async () => {
    expect(await resolveUser(memoryRootfs({}), '65532:65532')).toMatchObject({
      ok: true,
      value: {uid: 65532, gid: 65532},
    })
    expect(await resolveUser(memoryRootfs({}), 'nonroot')).toMatchObject({ok: false})
  })
})

test.each([
  '',
  '0',
  '0:0',
  '0:5',
  ':29',
  '1000:1000',
  '4711:4712',
  'root',
  'app',
  '1000',
  ':audio',
  '0:',
  '7:',
  'app:5',
])('who starts as %p, once all is read, is the same', async spec => {
  const start = await resolveStartUser(image, spec)
  const whole = await resolveUser(image, spec)
  if (!start.ok || !whole.ok) throw new Error('nobody')
  expect({uid: start.value.uid, groups: start.value.groups}).toEqual({uid: whole.value.uid, groups: whole.value.groups})
  expect(await wholeUser(image, start.value)).toEqual(whole.value)
})

test.each(['', '0', '0:0', ':29', '1000:1000', '4711:4712', '0:', '+7:0'])(
  'who starts as %p is known without a look into the image',
  async spec => {
    const closed = {
      ...image,
      lookup: () => {
        throw new Error('looked')
      },
    }
    expect(await resolveStartUser(closed, spec)).toMatchObject({ok: true, value: {unread: spec}})
  },
)

describe('ids that neither engine nor runtime takes', () => {
  const odd = memoryRootfs({
    '/etc/passwd':
      'big:x:4294967301:5::/:/bin/sh\nown:x:5:4294967301::/:/bin/sh\nminus:x:-5:5::/:/bin/sh\na:x:6:6::/:/bin/sh\n',
    '/etc/group': 'g:x:99999999999:a\n',
  })

  test.each([
    ['2147483648', 2147483648],
    ['4294967295', 4294967295],
    ['99999999999', 99999999999],
    ['-1', -1],
    ['0:99999999999', 99999999999],
    ['5:-1', -1],
    [':99999999999', 99999999999],
    ['big', 4294967301],
    ['own', 4294967301],
    ['5', 4294967301],
    ['minus', -5],
    ['a', 99999999999],
    ['7:g', 99999999999],
  ])('%s', async (spec, id) => {
    const problem = `the user ${spec} is ${id}: uids and gids must be in range 0-2147483647`
    expect(await resolveStartUser(odd, spec)).toEqual({ok: false, problem})
  })

  test.each(['2147483647', '+8', 'own:6', '5:6', 'a:6'])('%s is within', async spec => {
    expect(await resolveStartUser(odd, spec)).toMatchObject({ok: true})
  })
})
