import {SourceError} from '../../../src/errors.ts'
import {parseChallenges} from '../../../src/source/registry/challenge.ts'
import {checkRealm} from '../../../src/source/registry/realm.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const REGISTRY = new URL('https://registry.example.com/')

/** What a registry asks for (WWW-Authenticate), and where a token is to be had. */
export const target: FuzzTarget = {
  name: 'registry-answers',
  seeds: () =>
    texts(
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"',
      'Basic realm="a \\"quoted\\" name"',
      'Negotiate YII=, Bearer realm=http://127.0.0.1/token , error="x"',
      'Basic, Digest qop="auth", nonce=abc, Bearer realm="https://user:pw@auth.example.com:8443/t?a=b"',
      ', ,Bearer  realm = "https://[fd00::1]/token" service=x',
    ),
  limit: 1000,
  millisecondsPerKiB: 30,
  words: [
    'realm="',
    'https://',
    'http://',
    '169.254.169.254',
    'localhost',
    '[::1]',
    '", ',
    '\\"',
    'Bearer ',
    '@',
    '%00',
  ],
  run: input => {
    const challenges = parseChallenges(Buffer.from(input).toString('utf8'))
    for (const {scheme, parameters} of challenges) {
      holds(scheme === scheme.toLowerCase(), 'schemes are in lower case')
      for (const name of parameters.keys()) holds(name === name.toLowerCase(), 'names are in lower case')
    }
    return [challenges, challenges.map(({parameters}) => askRealm(parameters.get('realm') ?? ''))]
  },
}

/** Where a password would be sent. */
function askRealm(realm: string): string {
  try {
    const url = checkRealm(realm, REGISTRY)
    holds(url.protocol === 'https:', `a password for ${realm}`)
    return url.href
  } catch (thrown) {
    if (!(thrown instanceof SourceError)) throw thrown
    return thrown.message
  }
}
