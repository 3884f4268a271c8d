import {describe, expect, test} from '@jest/globals'
import {proxyFor, proxySecrets} from '../../src/net/proxy.ts'

const SECURE = new URL('https://registry.test/v2/')
const PLAIN = new URL('http://registry.test/v2/')

describe('which proxy', () => {
  test.each<[string, Readonly<Record<string, string>>, URL, string | undefined]>([
    ['none', {}, SECURE, undefined],
    ['of https', {HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2'}, SECURE, 'a:1'],
    ['of http', {HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2'}, PLAIN, 'b:2'],
    ['of http is not that of https', {HTTP_PROXY: 'http://b:2'}, SECURE, undefined],
    ['in small letters first', {https_proxy: 'http://a:1', HTTPS_PROXY: 'http://b:2'}, SECURE, 'a:1'],
    ['what is empty is not set', {https_proxy: '', HTTPS_PROXY: 'http://b:2'}, SECURE, 'b:2'],
    ['without a scheme', {HTTPS_PROXY: 'proxy.corp:3128'}, SECURE, 'proxy.corp:3128'],
    ['without a port', {HTTPS_PROXY: 'http://proxy.corp'}, SECURE, 'proxy.corp:80'],
    ['reached over TLS', {HTTPS_PROXY: 'https://proxy.corp'}, SECURE, 'proxy.corp:443'],
    ['IPv6', {HTTPS_PROXY: 'http://[fd00::1]:3128'}, SECURE, 'fd00::1:3128'],
    ['never for this machine', {HTTPS_PROXY: 'http://a:1'}, new URL('https://localhost:5000/'), undefined],
    ['nor its address', {HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://a:1'}, new URL('http://127.0.0.1/'), undefined],
  ])('%s', (_, env, url, place) => {
    const proxy = proxyFor(url, env)
    expect(proxy && `${proxy.hostname}:${proxy.port}`).toBe(place)
  })

  test.each([
    ['socks5://user:s3cret@proxy:1080', /HTTPS_PROXY names a proxy with socks5:/],
    ['http://user:s3cret@', /HTTPS_PROXY is not the address of a proxy/],
    ['user:s3cret@proxy:port', /HTTPS_PROXY is not the address of a proxy/],
  ])('%s is said not to be understood, and not repeated', (text, message) => {
    const reading = () => proxyFor(SECURE, {HTTPS_PROXY: text})
    expect(reading).toThrow(expect.objectContaining({code: 'unsupported', message: expect.stringMatching(message)}))
    expect(reading).not.toThrow(/s3cret/)
    expect(proxySecrets({HTTPS_PROXY: text})).toEqual([])
  })
})

describe('credentials', () => {
  test.each([
    ['http://user:pass@p:1', 'user:pass'],
    ['user:p%40ss%3Aword@p:1', 'user:p@ss:word'],
    ['http://user@p:1', 'user:'],
    ['http://user:50%@p:1', 'user:50%'],
  ])('%s', (text, plain) => {
    const proxy = proxyFor(SECURE, {HTTPS_PROXY: text})
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from(plain).toString('base64')}`)
    expect(proxySecrets({HTTPS_PROXY: text})).toEqual(proxy?.secrets)
    expect(proxy?.secrets).toContain(Buffer.from(plain).toString('base64'))
  })

  test('none', () => {
    expect(proxyFor(SECURE, {HTTPS_PROXY: 'http://p:1'})).toMatchObject({authorization: undefined, secrets: []})
  })
})

describe('NO_PROXY', () => {
  // What golang.org/x/net/http/httpproxy says of the same.
  test.each<[string, string, boolean]>([
    ['', 'https://foo.test', false],
    ['*', 'https://foo.test', true],
    ['foo.test', 'https://foo.test', true],
    ['FOO.Test', 'https://foo.test', true],
    ['foo.test', 'https://FOO.test.', true],
    ['foo.test', 'https://a.foo.test', true],
    ['foo.test', 'https://barfoo.test', false],
    ['.foo.test', 'https://a.foo.test', true],
    ['.foo.test', 'https://foo.test', false],
    ['*.foo.test', 'https://a.foo.test', true],
    ['*.foo.test', 'https://foo.test', false],
    ['a, foo.test ,b', 'https://foo.test', true],
    ['a foo.test', 'https://foo.test', true],
    [',,', 'https://foo.test', false],
    ['foo.test:443', 'https://foo.test', true],
    ['foo.test:80', 'https://foo.test', false],
    ['foo.test:80', 'http://foo.test', true],
    ['foo.test:5000', 'https://foo.test:5000', true],
    ['foo.test:5000', 'https://a.foo.test:5000', true],
    ['foo.test', 'https://foo.test:5000', true],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3', 'https://10.1.2.33', false],
    ['10.1.2.3:5000', 'https://10.1.2.3:5000', true],
    ['10.1.2.3:5000', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['10.0.0.0/99', 'https://10.1.2.3', false],
    ['10.0.0.0/8', 'https://ten.test', false],
    ['fd00::/8', 'https://[fd12::1]:5000', true],
    ['fd00::/8', 'https://[fe80::1]', false],
    ['fd12::1', 'https://[fd12::1]', true],
    ['[fd12::1]', 'https://[fd12::1]', true],
    ['[fd12::1]:5000', 'https://[fd12::1]:5000', true],
    ['[fd12::1]:5000', 'https://[fd12::1]', false],
    ['foo.test:', 'https://foo.test', false],
    [':443', 'https://foo.test', false],
  ])('%j, %s: %s', (list, url, exempt) => {
    const env = {HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://p:1', NO_PROXY: list}
    expect(proxyFor(new URL(url), env) === undefined).toBe(exempt)
  })
})
