import {BlockList, isIP} from 'node:net'

/** A URL as messages may show it: presigned ones carry their secret in the query. */
export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

/**
 * Whether a host is this machine itself by its very name: where plain HTTP stays
 * unheard. RFC 6761 §6.3 for `localhost`.
 */
export function isLoopback(hostname: string): boolean {
  const bare = bareHost(hostname)
  return bare === 'localhost' || bare.endsWith('.localhost') || contains(LOOPBACK, bare)
}

/**
 * Whether a host is an address that only this machine's own network knows:
 * loopback, private, link-local or unspecified.
 */
export function isInternalAddress(hostname: string): boolean {
  const bare = bareHost(hostname)
  return contains(LOOPBACK, bare) || contains(PRIVATE, bare) || contains(LINK_LOCAL, bare)
}

/** 169.254.169.254 and its kin, where clouds give credentials to any process. */
export function isLinkLocal(hostname: string): boolean {
  return contains(LINK_LOCAL, bareHost(hostname))
}

/** A host without its port and without the brackets of IPv6. */
function bareHost(hostname: string): string {
  const bare = hostname.startsWith('[') ? hostname.slice(1, hostname.indexOf(']')) : hostname
  return bare.toLowerCase().replace(/\.$/, '')
}

const LOOPBACK = blockList([
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
])
const PRIVATE = blockList([
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
])
const LINK_LOCAL = blockList([
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['fe80::', 10, 'ipv6'],
  ['::', 128, 'ipv6'],
])

function blockList(subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList {
  const list = new BlockList()
  for (const [net, prefix, family] of subnets) list.addSubnet(net, prefix, family)
  return list
}

/** `::ffff:169.254.169.254` is an IPv4 address to the kernel; BlockList knows that. */
function contains(list: BlockList, host: string): boolean {
  const version = isIP(host)
  return version !== 0 && list.check(host, version === 6 ? 'ipv6' : 'ipv4')
}
