import {posix, win32} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {nameInWorkspace, pathInside} from '../../src/workspace/path-inside.ts'

describe('on Linux and macOS', () => {
  test.each([
    ['/w', '/w/a/Dockerfile', 'a/Dockerfile'],
    ['/w/', 'a/../b', 'b'],
    ['/w', '/w/..a/b', '..a/b'],
    ['/w', '/w/a\\b', 'a\\b'],
    ['/', '/a', 'a'],
    ['/w', '/w', undefined],
    ['/w', '.', undefined],
    ['/w', '..', undefined],
    ['/w', '../w2/a', undefined],
    ['/w', '/w2/a', undefined],
    ['/w', 'a/../../b', undefined],
  ])('in %s: %s is %s', (folder, path, expected) => expect(pathInside(folder, path, posix)).toBe(expected))
})

describe('on Windows', () => {
  test.each([
    ['D:\\a\\app', 'D:\\a\\app\\ci\\Dockerfile.arm', 'ci/Dockerfile.arm'],
    ['D:\\a\\app', 'ci/Dockerfile', 'ci/Dockerfile'],
    ['D:\\a\\app', 'd:\\A\\app\\Dockerfile', 'Dockerfile'],
    ['D:\\a\\app', 'D:\\a\\app\\..b\\c', '..b/c'],
    ['\\\\server\\share\\app', '\\\\server\\share\\app\\ci\\a', 'ci/a'],
    ['D:\\a\\app', 'D:\\a\\app', undefined],
    ['D:\\a\\app', '..\\other\\a', undefined],
    ['D:\\a\\app', '../other/a', undefined],
    ['D:\\a\\app', 'C:\\a\\app\\a', undefined],
    ['D:\\a\\app', 'C:a', undefined],
    ['D:\\a\\app', 'D:\\a\\app2\\a', undefined],
    ['D:\\a\\app', '\\\\server\\share\\a', undefined],
    ['D:\\a\\app', '\\Windows\\a', undefined],
  ])('in %s: %s is %s', (folder, path, expected) => expect(pathInside(folder, path, win32)).toBe(expected))
})

test.each([
  [posix, '/w/ci/Dockerfile', '/w', 'ci/Dockerfile'],
  [posix, '/v/Dockerfile', '/w', '/v/Dockerfile'],
  [posix, '/w/..old/Dockerfile', '/w', '..old/Dockerfile'],
  [win32, 'D:\\w\\ci\\Dockerfile', 'D:\\w', 'ci/Dockerfile'],
  [win32, 'C:\\v\\Dockerfile', 'D:\\w', 'C:/v/Dockerfile'],
])('%#: %s is shown as what it is', (paths, path, workspace, expected) => {
  expect(nameInWorkspace(path, workspace, paths)).toBe(expected)
})
