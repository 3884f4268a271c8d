import {describe, expect, test} from '@jest/globals'
import {resolveStartUser, wholeUser} from '../../src/exec/credentials.ts'
import {resolveUser} from '../../src/exec/index.ts'
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
    ['app:video:more', {uid: 1000, gid: 44, groups: []}],
  ])('%p', async (spec, expected) => {
    const user = await resolveUser(image, spec)
    expect(user).toMatchObject({ok: true, value: expected})
  })

  test.each([
    ['nobody', 'unable to find user nobody: no matching entries in passwd file'],
    ['app:wheel', 'unable to find group wheel: no matching entries in group file'],
  ])('%p is nobody', async (spec, problem) => {
    expect(await resolveUser(image, spec)).toEqual({ok: false, problem})
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
