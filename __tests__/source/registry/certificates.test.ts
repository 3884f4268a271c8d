import {expect, test} from '@jest/globals'
import {NetworkError} from '../../../src/net/network-error.ts'
import {RegistryClient} from '../../../src/source/registry/client.ts'
import {testClock} from '../../support/test-clock.ts'

/** Node's codes of certificates that do not do: X509_verify_cert_error_string of OpenSSL, and its own. */
test.each([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  // A certificate from an authority of the house, sent alone: the usual case of a company's own registry.
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
])('%s: where to put the authority is said', async code => {
  const client = new RegistryClient({
    endpoint: {domain: 'registry.test', host: 'registry.test', repository: 'org/app', insecure: false},
    http: {
      send: async () => {
        throw new NetworkError(code, 'no good')
      },
      close: () => undefined,
    },
    clock: testClock(),
    signal: new AbortController().signal,
    credentials: async () => undefined,
    mask: () => undefined,
    warn: () => undefined,
  })
  await expect(client.ask({path: 'manifests/1', what: 'manifest'})).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(code),
    hint: expect.stringContaining('certs.d/registry.test/ca.crt or NODE_EXTRA_CA_CERTS'),
  })
})
