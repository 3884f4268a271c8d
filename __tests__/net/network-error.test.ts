import {expect, test} from '@jest/globals'
import {cancelled, SourceError} from '../../src/errors.ts'
import {networkError} from '../../src/net/network-error.ts'

const {signal} = new AbortController()
const thrown = (code: string): Error => Object.assign(new Error(`connect ${code}`), {code})

test.each([
  // What is over when a server, a network or a resolver is back.
  ['ECONNREFUSED', true],
  ['ECONNRESET', true],
  ['ECONNABORTED', true],
  ['EPIPE', true],
  ['ETIMEDOUT', true],
  ['EHOSTUNREACH', true],
  ['EHOSTDOWN', true],
  ['ENETUNREACH', true],
  ['ENETDOWN', true],
  ['EAI_AGAIN', true],
  ['HPE_INVALID_EOF_STATE', true],
  ['TIMEOUT', true],
  ['PROXY_BUSY', true],
  // What stays: a name, a certificate, a server of another kind, a proxy that lets nobody through.
  ['ENOTFOUND', false],
  ['EAI_FAIL', false],
  ['EAI_NODATA', false],
  ['EACCES', false],
  ['CERT_HAS_EXPIRED', false],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false],
  ['ERR_SSL_WRONG_VERSION_NUMBER', false],
  ['HPE_INVALID_CONSTANT', false],
  ['PROXY_REFUSED', false],
  ['UNKNOWN', false],
])('%s: asking again may help: %s', (code, isTransient) => {
  expect(networkError(thrown(code), signal)).toMatchObject({code, isTransient})
})

test('of several addresses, what node says of the first decides, and all are told', () => {
  const error = Object.assign(new AggregateError([thrown('ECONNREFUSED'), thrown('ENETUNREACH')]), {
    code: 'ECONNREFUSED',
  })
  expect(networkError(error, signal)).toMatchObject({
    code: 'ECONNREFUSED',
    isTransient: true,
    message: 'connect ECONNREFUSED; connect ENETUNREACH',
  })
})

test('a run that was cancelled has no network error', () => {
  expect(networkError(thrown('ECONNRESET'), AbortSignal.abort())).toMatchObject({...cancelled()})
  expect(networkError(new SourceError('denied', 'x'), signal)).toBeInstanceOf(SourceError)
})
