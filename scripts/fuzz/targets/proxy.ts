import {SourceError} from '../../../src/errors.ts'
import {proxyFor, proxySecrets} from '../../../src/net/proxy.ts'
import {isInternalAddress, isLinkLocal, isLoopback, shownUrl} from '../../../src/net/url.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const URLS = ['https://ghcr.io/v2/', 'http://registry.local:5000/v2/', 'https://[fd00::1]:8443/'].map(
  text => new URL(text),
)

/** HTTPS_PROXY in the first line, NO_PROXY in the second, a URL in the third. */
export const target: FuzzTarget = {
  name: 'proxy',
  seeds: () =>
    texts(
      'http://user:p%40ss@proxy.corp:3128\nghcr.io,.local:5000 *.corp\nhttps://a.b/c?d=e',
      'proxy:8080\n10.0.0.0/8,[fd00::]/16,*\nhttp://127.0.0.1/',
      'https://[::1]:443\nfd00::1,10.1.2.3:80\nhttps://169.254.169.254/x',
      'socks5://x\n,,\nhttps://u:p@host/',
      '\n*\nhttp://localhost:1/',
    ),
  limit: 400,
  millisecondsPerKiB: 100,
  run: input => {
    const [proxy = '', no = '', url = ''] = Buffer.from(input).toString('utf8').split('\n')
    const env = {https_proxy: proxy, HTTP_PROXY: proxy, NO_PROXY: no}
    const asked = URL.canParse(url) ? [...URLS, new URL(url)] : URLS
    return [
      proxySecrets(env),
      asked.map(each => [
        shownUrl(each),
        isLoopback(each.hostname),
        isInternalAddress(each.hostname),
        isLinkLocal(each.hostname),
      ]),
      asked.map(each => ask(each, env)),
    ]
  },
}

function ask(url: URL, env: Parameters<typeof proxyFor>[1]): unknown {
  try {
    const proxy = proxyFor(url, env)
    holds(!proxy || !isLoopback(url.hostname), 'this machine is never reached through a proxy')
    return proxy
  } catch (thrown) {
    if (!(thrown instanceof SourceError)) throw thrown
    return thrown.message
  }
}
