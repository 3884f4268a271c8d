import {describe, expect, test} from '@jest/globals'
import {askedPause, isRateLimited, parseRateLimit} from '../../src/net/rate-limit.ts'

const of = (headers: Readonly<Record<string, string>>) => (name: string) => headers[name]

describe('what a server says of its limit', () => {
  test.each([
    ["Docker Hub's", {'ratelimit-remaining': '76;w=21600'}, {remaining: 76, reset: undefined}],
    ['the last one', {'ratelimit-remaining': '0;w=21600'}, {remaining: 0, reset: undefined}],
    ['with a reset', {'ratelimit-remaining': '0', 'ratelimit-reset': '30'}, {remaining: 0, reset: 30_000}],
    ['the later draft', {ratelimit: '"default";r=0;t=30'}, {remaining: 0, reset: 30_000}],
    ['its parameters in another order', {ratelimit: '"pulls";t=5; r=12'}, {remaining: 12, reset: 5000}],
    ['nothing', {}, undefined],
    ['a limit without what is left', {'ratelimit-limit': '100;w=21600'}, undefined],
    ['what is not a number', {'ratelimit-remaining': 'many'}, undefined],
    ['a negative number', {'ratelimit-remaining': '-1'}, undefined],
    ['a number of a thousand digits', {'ratelimit-remaining': '9'.repeat(1000)}, undefined],
  ])('%s', (_, headers, expected) => {
    expect(parseRateLimit(of(headers))).toEqual(expected)
  })

  test('Retry-After goes before the reset of a limit', () => {
    expect(askedPause(of({'retry-after': '2', ratelimit: '"a";r=0;t=30'}))).toBe(2000)
    expect(askedPause(of({ratelimit: '"a";r=0;t=30'}))).toBe(30_000)
    expect(askedPause(of({}))).toBeUndefined()
  })
})

test.each([
  [429, '', true],
  [403, 'DENIED: API rate limit exceeded for user', true],
  [503, 'rate-limit reached', true],
  [403, 'TOOMANYREQUESTS: Rate exceeded', true],
  [403, 'DENIED: requested access to the resource is denied', false],
  [404, 'rate limit', false],
])('%i %s is a limit: %s', (status, text, expected) => {
  expect(isRateLimited(status, text)).toBe(expected)
})
