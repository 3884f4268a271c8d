import {describe, expect, test} from '@jest/globals'
import {SourceError} from '../../src/errors.ts'
import {knownSecrets} from '../../src/source/known-secrets.ts'

function known(...all: readonly string[]) {
  const masked: string[] = []
  const secrets = knownSecrets(secret => masked.push(secret))
  for (const secret of all) secrets.add(secret)
  return {secrets, masked}
}

const rows: readonly (readonly [string, readonly string[], string, string])[] = [
  ['as it is', ['s3cr3t+/='], 'bad token s3cr3t+/=: no', 'bad token ***: no'],
  ['percent-encoded', ['s3cr3t+/='], 'http://h/s3cr3t%2B%2F%3D?x', 'http://h/***?x'],
  ['in a path', ['s3cr3t é'], 'http://h/s3cr3t%20%C3%A9', 'http://h/***'],
  ['one within another', ['secret', 'secret-of-all'], 'secret-of-all, secret', '***, ***'],
  ['several times', ['secret'], 'secretsecret', '******'],
  ['too short to be told from words', ['app'], 'the app of org/app', 'the app of org/app'],
  ['a lone surrogate', ['s3cr3t\ud800'], 's3cr3t\ud800', '***'],
  ['none', [], 'a message', 'a message'],
]
test.each(rows)('hides a secret: %s', (_, all, text, expected) => {
  const {secrets, masked} = known(...all)
  expect(secrets.hide(text)).toBe(expected)
  expect(masked).toEqual(all)
})

describe('an error', () => {
  test('says the same without the secret', () => {
    const {secrets} = known('s3cr3t')
    const error = new SourceError('denied', 's3cr3t is refused', {hint: 'Change s3cr3t.', cause: 1})
    const expected = {code: 'denied', message: '*** is refused', hint: 'Change ***.', cause: 1}
    expect(secrets.hideIn(error)).toMatchObject(expected)
  })

  test('of another kind stays as it is', () => {
    const bug = new TypeError('s3cr3t')
    expect(known('s3cr3t').secrets.hideIn(bug)).toBe(bug)
  })
})
