import {describe, expect, test} from '@jest/globals'
import {DEFAULT_PATH, readCommand} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'

describe('what a config starts', () => {
  test.each([
    ['entrypoint and cmd', {entrypoint: ['/a', '-x'], cmd: ['b']}, ['/a', '-x', 'b'], 2],
    ['cmd alone', {cmd: ['b', 'c']}, ['b', 'c'], 0],
    ['entrypoint that was reset', {entrypoint: [''], cmd: ['b']}, ['b'], 0],
    ['nothing', {}, [], 0],
    ['an empty word that is none alone', {entrypoint: ['', 'x']}, ['', 'x'], 2],
  ])('%s', (_, given, argv, fromEntrypoint) => {
    expect(readCommand(imageConfig(given))).toMatchObject({argv, fromEntrypoint})
  })

  test.each([
    ['', '/'],
    ['/app', '/app'],
    ['app', '/app'],
  ])('working directory %p is %s', (workingDir, cwd) => {
    expect(readCommand(imageConfig({workingDir})).cwd).toBe(cwd)
  })

  test.each([
    ['no PATH', ['A=1'], DEFAULT_PATH],
    ['the last of two', ['PATH=/a', 'PATH=/b'], '/b'],
    ['set to nothing', ['PATH='], ''],
    ['a line without =', ['PATH'], DEFAULT_PATH],
    ['a value with =', ['PATH=/a=b'], '/a=b'],
  ])('PATH: %s', (_, env, expected) => {
    expect(readCommand(imageConfig({env})).env.get('PATH')).toBe(expected)
  })
})
