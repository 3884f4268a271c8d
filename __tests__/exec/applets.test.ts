import {expect, test} from '@jest/globals'
import {findAppletNames} from '../../src/exec/wrappers/applets.ts'

/** Whether a busybox with so many names more, all in order, has `echo`. */
function ask(more: number): boolean | undefined {
  const others = Array.from({length: more}, (_, at) => `c${at.toString(36).padStart(5, '0')}`)
  const names = ['ash', 'cat', ...others.map(name => `cb${name}`), 'cp', 'echo', 'ls', 'mv', 'rm', 'sh', 'true']
  return findAppletNames(`\0${names.join('\0')}\0`)?.includes('echo')
}

test.each([0, 400, 4000])('a table of %d names more is read', more => {
  expect(ask(more)).toBe(true)
})

test('a table of more names than any build has is not one, and takes no time', () => {
  expect(ask(1_000_000)).toBeUndefined()
})
