import type {Fault} from '../../__tests__/support/registry-server.ts'

/** What a registry's answer is for. A faulty one of these is met in every run. */
export const ROLES = ['challenge', 'token', 'index', 'manifest', 'config', 'layer'] as const
export type Role = (typeof ROLES)[number]

/** How a run may end. `unreadable`: an error of the rule platform-unreadable; `findings`: others. Exit code 1. */
export type Outcome = 'verified' | 'could-not-check' | 'unreadable' | 'findings'

/** What faults of a kind are made with. */
export interface FaultSite {
  readonly role: Role
  /** `http://HOST:PORT` of the registry. */
  readonly origin: string
  /** The path that is asked for, with its query. */
  readonly url: string
  /** Of another server, which has the same under the same path. */
  readonly elsewhere: {readonly origin: string; readonly signature: string}
  /** The Authorization header that was sent, and what it says in plain text. */
  readonly sent: string
  /** What the registry challenges with. */
  readonly challenge: string
  /** How many times as fast time passes for the program. */
  readonly speed: number
}

/** One way for a request to fail. */
export interface RegistryFault {
  readonly name: string
  /** How many requests fail in turn, from the first on. */
  readonly times: 'once' | 'always'
  make(site: FaultSite): Fault
  /** How a run that meets it may end. */
  outcomes(role: Role): readonly Outcome[]
  /** Roles for which it makes no sense. */
  readonly without?: readonly Role[]
}

const FAILS: readonly Outcome[] = ['could-not-check']
const MENDED: readonly Outcome[] = ['verified']
const HTML = '<!DOCTYPE html>\n<html><body>Sign in to the network</body></html>'
/** Before a token there is nothing to be proven: such an answer ends all. */
const isProven = (role: Role): boolean => role === 'manifest' || role === 'config' || role === 'layer'
/** Where a document or a layer that an index names is not what it says, that is the image's fault. */
const wrongBytes = (role: Role): readonly Outcome[] => (isProven(role) ? ['unreadable'] : FAILS)

/** A status, with the errors of the distribution specification. */
const status = (code: number, headers: Readonly<Record<string, string>> = {}) => ({
  make: (): Fault => ({kind: 'status', status: code, headers, body: '{"errors":[{"code":"X","message":"said"}]}'}),
})
const passing = (name: string, make: RegistryFault['make']): RegistryFault[] => [
  {name: `${name}, once`, times: 'once', make, outcomes: () => MENDED},
  {name, times: 'always', make, outcomes: () => FAILS},
]

export const REGISTRY_FAULTS: readonly RegistryFault[] = [
  {
    name: 'registry that is started anew',
    times: 'once',
    make: ({speed}) => ({kind: 'gone', back: 2000 / speed}),
    outcomes: () => MENDED,
  },
  {name: 'connection refused', times: 'always', make: () => ({kind: 'gone'}), outcomes: () => FAILS},
  ...passing('reset', () => ({kind: 'reset'})),
  ...passing('hang', () => ({kind: 'hang'})),
  {
    name: 'one byte a second',
    times: 'always',
    make: ({speed}) => ({kind: 'drip', pause: 1000 / speed}),
    outcomes: () => FAILS,
  },
  {
    name: '401 in circles',
    times: 'always',
    make: ({challenge}) => status(401, {'www-authenticate': challenge}).make(),
    outcomes: () => FAILS,
  },
  {name: '401 without a challenge', times: 'always', ...status(401), outcomes: () => FAILS},
  {name: '403', times: 'always', ...status(403), outcomes: () => FAILS},
  {name: '404', times: 'always', ...status(404), outcomes: wrongBytes},
  ...passing('429', status(429).make),
  ...passing('429 with Retry-After', status(429, {'retry-after': '2'}).make),
  {name: '429 for an hour', times: 'always', ...status(429, {'retry-after': '3600'}), outcomes: () => FAILS},
  ...passing('500', status(500).make),
  ...passing('503', status(503).make),
  {name: '501', times: 'always', ...status(501), outcomes: () => FAILS},
  ...passing('truncated body', () => ({kind: 'cut', after: 10})),
  {
    name: 'body that ends early by its Content-Length',
    times: 'always',
    make: () => ({kind: 'short', after: 10}),
    // A document is what its index says or it is not; a blob may be short on the way, and is asked for again.
    outcomes: role => (role === 'manifest' ? ['unreadable'] : FAILS),
  },
  {
    name: 'Content-Length below the body',
    times: 'always',
    make: () => ({kind: 'understated', by: 5}),
    outcomes: role => (role === 'manifest' ? ['unreadable'] : FAILS),
  },
  {name: 'body that is too long', times: 'always', make: () => ({kind: 'long'}), outcomes: wrongBytes},
  {
    name: 'bytes that are not HTTP',
    times: 'always',
    make: () => ({kind: 'raw', bytes: Buffer.from('\0\x01\x02 not HTTP\r\n\r\n')}),
    outcomes: () => FAILS,
  },
  {
    name: 'garbage',
    times: 'always',
    make: () => ({kind: 'status', status: 200, body: '\0\x07garbage \u001b[31m::set-output name=verified::true\n'}),
    // It is shorter than a blob: asked for again, in vain.
    outcomes: role => (role === 'manifest' ? ['unreadable'] : FAILS),
  },
  {
    name: 'HTML with 200',
    times: 'always',
    make: () => ({kind: 'status', status: 200, headers: {'content-type': 'text/html; charset=utf-8'}, body: HTML}),
    outcomes: () => FAILS,
  },
  {
    name: 'redirect in circles',
    times: 'always',
    make: ({url}) => ({kind: 'redirect', to: url}),
    outcomes: () => FAILS,
  },
  {
    name: 'redirect to another host that has it',
    times: 'always',
    make: ({elsewhere: {origin, signature}, url}) => ({
      kind: 'redirect',
      to: `${origin}${url.replace(/\?.*/, '')}?signature=${encodeURIComponent(signature)}`,
    }),
    // A token is asked for with a password, which the other host does not get.
    outcomes: role => (role === 'token' ? FAILS : MENDED),
  },
  {
    name: 'redirect to another host that wants a password',
    times: 'always',
    make: ({elsewhere}) => ({kind: 'redirect', to: `${elsewhere.origin}/basic`}),
    outcomes: () => FAILS,
  },
  {
    name: 'redirect to another host that wants a token',
    times: 'always',
    make: ({elsewhere}) => ({kind: 'redirect', to: `${elsewhere.origin}/bearer`}),
    outcomes: () => FAILS,
  },
  ...[400, 403, 404, 500].map(
    (code): RegistryFault => ({
      name: `${code} that quotes what it was sent`,
      times: 'always',
      make: ({sent}) => ({kind: 'status', status: code, body: JSON.stringify({errors: [{code: 'X', message: sent}]})}),
      outcomes: code === 404 ? wrongBytes : () => FAILS,
    }),
  ),
  {
    name: 'redirect to what it was sent',
    times: 'always',
    make: ({sent, url}) => ({kind: 'redirect', to: `${url.replace(/\?.*/, '')}/${encodeURIComponent(sent)}`}),
    // The token server does not look at the rest of its path.
    outcomes: role => (role === 'token' ? MENDED : wrongBytes(role)),
  },
  {
    name: 'redirect to a link-local address with what it was sent',
    times: 'always',
    make: ({sent}) => ({kind: 'redirect', to: `http://169.254.169.254/${encodeURIComponent(sent)}?${sent}`}),
    outcomes: () => FAILS,
  },
  {
    name: 'challenge that names what it was sent',
    times: 'always',
    make: ({sent}) => ({
      kind: 'status',
      status: 401,
      headers: {'www-authenticate': `Bearer realm="http://169.254.169.254/${encodeURIComponent(sent)}"`},
    }),
    outcomes: () => FAILS,
  },
  {
    name: 'redirect to something that is not a URL',
    times: 'always',
    make: () => ({kind: 'redirect', to: 'http://[::bad'}),
    outcomes: () => FAILS,
  },
  {
    name: 'redirect to a link-local address',
    times: 'always',
    make: () => ({kind: 'redirect', to: 'http://169.254.169.254/latest/meta-data'}),
    outcomes: () => FAILS,
  },
  {
    name: 'bytes that do not fit their digest',
    times: 'always',
    make: () => ({kind: 'wrong'}),
    outcomes: wrongBytes,
    // Of a tag's index and of a token nobody knows the digest.
    without: ['challenge', 'token', 'index'],
  },
]
