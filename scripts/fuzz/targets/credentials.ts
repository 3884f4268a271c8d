import {findAuth, parseCredentialFile} from '../../../src/source/registry/credential-file.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const SECRET = 'hunter2hunter2'
const base64 = (text: string) => Buffer.from(text).toString('base64')

/** Docker's and podman's files of credentials. */
export const target: FuzzTarget = {
  name: 'credentials',
  seeds: () =>
    texts(
      `{"auths":{"ghcr.io":{"auth":"${base64(`user:${SECRET}`)}"},"https://index.docker.io/v1/":{"identitytoken":"${SECRET}"}}}`,
      `{"credsStore":"desktop","credHelpers":{"ghcr.io":"pass"},"auths":{"ghcr.io/owner":{"username":"u","password":"${SECRET}"}}}`,
      `{"auths":{"ghcr.io":{"registrytoken":"${SECRET}"},"ghcr.io/v2/":{"auth":"${base64('x')}"},"__proto__":{}}}`,
      '{"auths":null,"credHelpers":{}}',
      `{"auths":{"ghcr.io":{"auth":5,"password":["${SECRET}"]}}}`,
    ),
  limit: 1500,
  millisecondsPerKiB: 30,
  words: ['ghcr.io', '/owner/app', '"auth":', '__proto__', 'constructor', 'https://', '/v1/', 'null', '{}'],
  run: input => {
    const parsed = parseCredentialFile(input)
    if (!parsed.ok) {
      holds(!parsed.problem.includes(SECRET), 'a problem tells no secret')
      return parsed
    }
    return [parsed, findAuth(parsed.value, ['ghcr.io'], 'owner/app'), findAuth(parsed.value, ['__proto__'], 'a')]
  },
}
