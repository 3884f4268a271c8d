import {expect, test} from '@jest/globals'
import {createHttp} from '../../src/net/http.ts'
import {unreachableHint} from '../../src/source/registry/unreachable.ts'

test.each([
  ['a page in the clear', 'http://registry.test/v2/', {HTTP_PROXY: 'http://127.0.0.1:9'}],
  ['a page by https', 'https://registry.test/v2/', {HTTPS_PROXY: 'http://127.0.0.1:9'}],
])('%s by way of a proxy that is not there: the proxy is named, and its settings', async (_, url, env) => {
  const http = createHttp({env, signal: new AbortController().signal, tls: () => ({})})
  try {
    const thrown = await http.send({url: new URL(url)}).catch((error: unknown) => error)
    expect(thrown).toMatchObject({
      code: 'ECONNREFUSED',
      isTransient: true,
      message: 'the proxy 127.0.0.1:9: connect ECONNREFUSED 127.0.0.1:9',
    })
    expect(unreachableHint({host: 'registry.test', insecure: false}, thrown as never)).toMatch(/^Check HTTPS_PROXY/)
  } finally {
    http.close()
  }
})
