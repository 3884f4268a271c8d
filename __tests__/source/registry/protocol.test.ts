import {describe, expect, test} from '@jest/globals'
import {parseReference} from '../../../src/image/reference.ts'
import {parseRetryAfter, pauseAfter} from '../../../src/net/retry.ts'
import {isInternalAddress, isLoopback, shownUrl} from '../../../src/net/url.ts'
import {parseChallenges} from '../../../src/source/registry/challenge.ts'
import {credentialKeys, endpointOf} from '../../../src/source/registry/endpoint.ts'
import {testClock} from '../../support/test-clock.ts'

describe('endpoints', () => {
  const rows: readonly (readonly [string, string, string, boolean])[] = [
    ['alpine', 'registry-1.docker.io', 'library/alpine', false],
    ['docker.io/org/app:1', 'registry-1.docker.io', 'org/app', false],
    ['index.docker.io/org/app', 'registry-1.docker.io', 'org/app', false],
    ['ghcr.io/org/app', 'ghcr.io', 'org/app', false],
    ['GHCR.io/org/app', 'ghcr.io', 'org/app', false],
    ['localhost/app', 'localhost', 'app', true],
    ['localhost:5000/app', 'localhost:5000', 'app', true],
    ['my.localhost:5000/app', 'my.localhost:5000', 'app', true],
    ['127.0.0.1:5000/app', '127.0.0.1:5000', 'app', true],
    ['[::1]:5000/app', '[::1]:5000', 'app', true],
    ['10.0.0.1:5000/app', '10.0.0.1:5000', 'app', false],
    ['registry.local:5000/app', 'registry.local:5000', 'app', true],
    ['localhost.evil.com/app', 'localhost.evil.com', 'app', false],
  ]
  test.each(rows)('%s', (text, host, repository, insecure) => {
    const reference = parseReference(text)
    if (!reference.ok) throw new Error(reference.problem)
    expect(endpointOf(reference.value, ['registry.local:5000'])).toMatchObject({host, repository, insecure})
  })

  test.each(['a:99999/app', '[::::]/app', '999.999.999.999/app', '1.2.3.4.5/app'])('%s is no place to ask', text => {
    const reference = parseReference(text)
    if (!reference.ok) throw new Error(reference.problem)
    expect(() => endpointOf(reference.value)).toThrow(`${reference.value.domain} is not the address of a registry`)
  })

  test('Docker Hub has many names for its credentials', () => {
    expect(credentialKeys('docker.io')[0]).toBe('https://index.docker.io/v1/')
    expect(credentialKeys('ghcr.io')).toEqual(['ghcr.io'])
  })
})

describe('challenges', () => {
  const rows: readonly (readonly [string, readonly (readonly [string, Readonly<Record<string, string>>])[]])[] = [
    ['', []],
    ['Basic', [['basic', {}]]],
    ['Basic realm="x"', [['basic', {realm: 'x'}]]],
    [
      'Bearer realm="https://a/t",service="s",scope="repository:a:pull"',
      [['bearer', {realm: 'https://a/t', service: 's', scope: 'repository:a:pull'}]],
    ],
    [
      'Bearer realm=a, Basic realm=b',
      [
        ['bearer', {realm: 'a'}],
        ['basic', {realm: 'b'}],
      ],
    ],
    [
      'Negotiate, Basic realm="b"',
      [
        ['negotiate', {}],
        ['basic', {realm: 'b'}],
      ],
    ],
    [
      'Negotiate YWJj==, Bearer realm="r"',
      [
        ['negotiate', {}],
        ['bearer', {realm: 'r'}],
      ],
    ],
    [
      'NTLM abc, Bearer realm="r"',
      [
        ['ntlm', {}],
        ['bearer', {realm: 'r'}],
      ],
    ],
    ['Bearer realm="a\\"b,c", service=d', [['bearer', {realm: 'a"b,c', service: 'd'}]]],
    ['Bearer REALM="a"', [['bearer', {realm: 'a'}]]],
    ['Bearer realm="a",realm="b"', [['bearer', {realm: 'a'}]]],
    ['Bearer realm="open', [['bearer', {}]]],
    [',,Bearer ,, realm=a', [['bearer', {realm: 'a'}]]],
    ['realm="a"', []],
    ['"', []],
  ]
  test.each(rows)('%s', (header, expected) => {
    expect(parseChallenges(header).map(({scheme, parameters}) => [scheme, Object.fromEntries(parameters)])).toEqual(
      expected,
    )
  })

  test('a long hostile header takes no time', () => {
    const since = performance.now()
    parseChallenges(`Bearer ${'a '.repeat(4000)}realm="${'\\'.repeat(8000)}`)
    parseChallenges(`${'a'.repeat(16000)}=`)
    expect(performance.now() - since).toBeLessThan(500)
  })
})

describe('pauses', () => {
  test('they double, half of it by chance', () => {
    expect([1, 2, 3, 4].map(attempt => pauseAfter(attempt, testClock(0)))).toEqual([500, 1000, 2000, 4000])
    expect([1, 2, 3, 4].map(attempt => pauseAfter(attempt, testClock(1)))).toEqual([1000, 2000, 4000, 8000])
    expect(pauseAfter(5, testClock())).toBeUndefined()
  })

  test('the server is heeded up to a minute', () => {
    expect(pauseAfter(1, testClock(), parseRetryAfter('60'))).toBe(60_000)
    expect(pauseAfter(1, testClock(), parseRetryAfter('61'))).toBeUndefined()
    expect(pauseAfter(1, testClock(), parseRetryAfter('0'))).toBe(750)
    expect(pauseAfter(1, testClock(), parseRetryAfter('soon'))).toBe(750)
  })

  test('Retry-After may be a date', () => {
    const today = Date.parse('Sat, 21 Nov 2026 10:00:00 GMT')
    expect(parseRetryAfter('Sat, 21 Nov 2026 10:00:30 GMT', today)).toBe(30_000)
    expect(parseRetryAfter('Sat, 21 Nov 2026 09:00:00 GMT', today)).toBe(0)
  })
})

describe('hosts', () => {
  test.each(['localhost', '127.0.0.1', '127.9.9.9', '[::1]', 'a.localhost', 'LOCALHOST.'])('%s is here', host => {
    expect(isLoopback(host)).toBe(true)
  })
  test.each(['localhost.com', '128.0.0.1', 'ghcr.io', '[::2]', '127.0.0.1.nip.io'])('%s is elsewhere', host => {
    expect(isLoopback(host)).toBe(false)
  })
  test.each([
    '10.1.2.3',
    '192.168.0.1',
    '172.31.0.1',
    '169.254.169.254',
    '0.0.0.0',
    '[fd00::1]',
    '[fe80::1]',
    '[::]',
    '[::ffff:10.0.0.1]',
  ])('%s is internal', host => {
    expect(isInternalAddress(host)).toBe(true)
  })
  test.each(['172.32.0.1', '8.8.8.8', '[2001:db8::1]', '10.example.com'])('%s is not', host => {
    expect(isInternalAddress(host)).toBe(false)
  })
  test('a URL is shown without what may be secret', () => {
    expect(shownUrl(new URL('https://user:pass@a.example:444/b?sig=x#y'))).toBe('https://a.example:444/b')
  })
})
