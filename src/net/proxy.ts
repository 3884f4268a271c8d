import {BlockList, isIP} from 'node:net'
import {SourceError} from '../errors.ts'
import {isLoopback} from './url.ts'

/** A proxy as the environment names it. */
export interface HttpProxy {
  /** `http:` or `https:`: how the proxy itself is accessed. */
  readonly protocol: 'http:' | 'https:'
  readonly hostname: string
  readonly port: number
  /** The Proxy-Authorization header. */
  readonly authorization: string | undefined
  /** What no log may show. */
  readonly secrets: readonly string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

const VARIABLES = {'http:': 'HTTP_PROXY', 'https:': 'HTTPS_PROXY'} as const

/**
 * The proxy for a URL by HTTP_PROXY, HTTPS_PROXY and NO_PROXY, each in either case; undefined where there is none to be
 * used. This machine is never reached through a proxy. The grammar is that of Go's programs, Docker among them, since
 * the variables are written for those: https://pkg.go.dev/golang.org/x/net/http/httpproxy. Throws a SourceError where
 * what is named cannot be understood; the message does not repeat it: there may be a password in it.
 */
export function proxyFor(url: URL, env: Environment): HttpProxy | undefined {
  const variable = VARIABLES[url.protocol === 'http:' ? 'http:' : 'https:']
  const text = read(env, variable)
  if (text === '' || isLoopback(url.hostname) || isExempt(url, read(env, 'NO_PROXY'))) return undefined
  return parseProxy(text, variable)
}

/** All that the environment says about proxies and that no log may show. */
export function proxySecrets(env: Environment): string[] {
  return Object.values(VARIABLES).flatMap(variable => {
    const text = read(env, variable)
    try {
      return text === '' ? [] : [...parseProxy(text, variable).secrets]
    } catch {
      // Told when a request needs it.
      return []
    }
  })
}

/** An empty variable is one that is not set. */
function read(env: Environment, name: string): string {
  return (env[name.toLowerCase()] || env[name] || '').trim()
}

function parseProxy(text: string, variable: string): HttpProxy {
  let url: URL
  try {
    // `proxy.corp:3128` is usual.
    url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`)
  } catch {
    throw new SourceError('unsupported', `${variable} is not the address of a proxy`, {hint: EXPECTED})
  }
  const {protocol, hostname, port} = url
  if ((protocol !== 'http:' && protocol !== 'https:') || hostname === '') {
    throw new SourceError('unsupported', `${variable} names a proxy with ${protocol}, which is not supported`, {
      hint: EXPECTED,
    })
  }
  const [username, password] = [decoded(url.username), decoded(url.password)]
  const basic = Buffer.from(`${username}:${password}`).toString('base64')
  const hasCredentials = username !== '' || password !== ''
  return {
    protocol,
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port === '' ? (protocol === 'http:' ? 80 : 443) : port),
    authorization: hasCredentials ? `Basic ${basic}` : undefined,
    secrets: hasCredentials ? [password, url.password, basic].filter(secret => secret !== '') : [],
  }
}

const EXPECTED = 'Expected is http://[USER:PASSWORD@]HOST[:PORT].'

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that begins nothing is one.
    return text
  }
}

/**
 *     list  := entry *( "," entry )
 *     entry := "*"  /  ( host / "." domain / "*." domain / address ) [ ":" port ]  /  address "/" bits
 *
 * A host stands for all below it, too; a domain with a dot in front only for those. Blanks
 * may stand for commas, as curl has it.
 */
function isExempt(url: URL, list: string): boolean {
  const host = url.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  const port = url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some(entry => entry !== '' && matches(entry, host, port))
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true
  const range = /^([0-9a-f.:]+)\/([0-9]{1,3})$/.exec(entry)
  if (range) return isWithin(host, range[1] ?? '', Number(range[2]))
  const [, bracketed, plain = '', onlyPort] = /^(?:\[([^\]]+)\]|([^:]*(?::[^:]*:.*)?))(?::([0-9]+))?$/.exec(entry) ?? []
  if (onlyPort !== undefined && onlyPort !== port) return false
  const name = bracketed ?? plain
  if (name === '') return false
  if (isIP(name) !== 0) return isWithin(host, name, isIP(name) === 6 ? 128 : 32)
  const domain = name.startsWith('*.') ? name.slice(1) : name
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain || host.endsWith(`.${domain}`)
}

function isWithin(host: string, address: string, bits: number): boolean {
  const [ofHost, ofAddress] = [isIP(host), isIP(address)]
  if (ofHost === 0 || ofAddress === 0 || bits > (ofAddress === 6 ? 128 : 32)) return false
  const list = new BlockList()
  list.addSubnet(address, bits, ofAddress === 6 ? 'ipv6' : 'ipv4')
  return list.check(host, ofHost === 6 ? 'ipv6' : 'ipv4')
}
