import {expect, test} from '@jest/globals'
import {findBrowser} from '../../scripts/screenshots/browser.ts'

const among =
  (...files: string[]) =>
  (file: string) =>
    files.includes(file)

test.each([
  ['the first name that is there', {PATH: '/bin:/usr/bin'}, ['/usr/bin/chromium', '/bin/chrome'], '/usr/bin/chromium'],
  ['Chrome', {PATH: '/opt/chrome:/bin'}, ['/opt/chrome/chrome'], '/opt/chrome/chrome'],
  ['the one that is named', {PATH: '/bin', CHROMIUM: '/x/c'}, ['/x/c', '/bin/chromium'], '/x/c'],
])('%s', (_, env, files, expected) => {
  expect(findBrowser(env, among(...files))).toBe(expected)
})

test.each([
  ['none', {PATH: '/bin:'}, /^Chromium is missing: .*apt-get install chromium.*No picture was taken/],
  ['no PATH', {}, /^Chromium is missing/],
  ['a name that is nothing', {PATH: '/bin', CHROMIUM: '/nowhere'}, /^CHROMIUM is \/nowhere, which is not a program$/],
])('%s is said', (_, env, message) => {
  expect(() => findBrowser(env, among())).toThrow(message)
})
