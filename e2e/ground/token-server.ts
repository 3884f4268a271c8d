import {createSign, randomUUID, X509Certificate} from 'node:crypto'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import {type Certificate, makeAuthority} from './certificates.ts'

/**
 * Gives out tokens for a registry, as its `auth: token` wants them.
 * https://distribution.github.io/distribution/spec/auth/token/
 */
export interface TokenServer {
  /** The registry's configuration: where clients are sent to, and whose signature counts. */
  readonly auth: object
  /** What was asked for, with which Authorization: every scope as it was asked, in order. */
  readonly asked: readonly {readonly scope: string | null; readonly authorization: string | undefined}[]
  forget(): void
  stop(): Promise<void>
}

export interface TokenServerOptions {
  /** Where its key is made. */
  readonly folder: string
  /** What a client may do: none, for a token that opens nothing; undefined, for no token at all. */
  mayPull(authorization: string | undefined, repository: string): boolean | undefined
}

const SERVICE = 'registry.example.test'
const ISSUER = 'tokens.example.test'

/** Starts one on loopback. It grants nothing but to pull. */
export async function startTokenServer({folder, mayPull}: TokenServerOptions): Promise<TokenServer> {
  const signer = await makeAuthority(folder, ISSUER)
  const asked: {scope: string | null; authorization: string | undefined}[] = []
  const server = createServer((incoming, outgoing) => {
    const {searchParams} = new URL(incoming.url ?? '', 'http://tokens')
    const {authorization} = incoming.headers
    for (const scope of searchParams.has('scope') ? searchParams.getAll('scope') : [null])
      asked.push({scope, authorization})
    const [, repository = '', actions = ''] = /^repository:([^:]+):(.+)$/.exec(searchParams.get('scope') ?? '') ?? []
    const granted = mayPull(authorization, repository)
    if (granted === undefined) {
      outgoing.writeHead(401, {'content-type': 'application/json'}).end('{"details":"incorrect username or password"}')
      return
    }
    const access =
      granted && actions.split(',').includes('pull') ? [{type: 'repository', name: repository, actions: ['pull']}] : []
    signToken(signer, access).then(
      token =>
        outgoing.writeHead(200, {'content-type': 'application/json'}).end(JSON.stringify({token, expires_in: 300})),
      () => outgoing.destroy(),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the token server has no port')
  const realm = `http://127.0.0.1:${address.port}/token`
  return {
    auth: {token: {realm, service: SERVICE, issuer: ISSUER, rootcertbundle: signer.certificate}},
    asked,
    forget: () => void asked.splice(0),
    stop: async () => {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}

/** RFC 7515 with RS256; the certificate comes along, and the registry knows it. */
async function signToken({key, certificate}: Certificate, access: readonly object[]): Promise<string> {
  const {raw} = new X509Certificate(await readFile(certificate))
  const now = Math.floor(Date.now() / 1000)
  const times = {exp: now + 300, nbf: now - 10, iat: now}
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = [
    part({typ: 'JWT', alg: 'RS256', x5c: [raw.toString('base64')]}),
    part({iss: ISSUER, sub: '', aud: SERVICE, ...times, jti: randomUUID(), access}),
  ].join('.')
  const signature = createSign('RSA-SHA256')
    .update(signed)
    .sign(await readFile(key))
  return `${signed}.${signature.toString('base64url')}`
}
