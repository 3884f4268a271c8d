import {expect, test} from '@jest/globals'
import {libcOf} from '../../src/addons/interpreter.ts'

const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const MUSL = '/lib/ld-musl-x86_64.so.1'

test.each<[string, readonly (string | undefined)[], ReturnType<typeof libcOf>]>([
  ['one of glibc', [GLIBC], 'glibc'],
  ['two of musl', [MUSL, MUSL], 'musl'],
  ['one of each', [GLIBC, MUSL], undefined],
  ['a static one', [undefined], undefined],
  ['a static one and one of musl', [MUSL, undefined], undefined],
])('the C library of %s', (_, loaders, libc) => {
  expect(libcOf(loaders.map((loader, at) => ({path: `/${at}`, loader})))).toBe(libc)
})
