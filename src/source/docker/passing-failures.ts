/** The commands that ask a registry, and change nothing that asking again would change once more. */
const ASKS_REGISTRY = /^(?:pull|buildx imagetools inspect|manifest inspect) /

/**
 * What the engine and buildx say of a registry that may be back in a moment, in the words of Go's net, net/http and
 * crypto/tls, or with its status. The registry reader waits for the same: net/network-error.ts, net/retry.ts.
 */
const PASSING: readonly RegExp[] = [
  /dial tcp .*: (?:connect: (?:connection refused|connection timed out|no route to host|network is unreachable|host is down)|i\/o timeout)/,
  /(?:read|write) tcp .*: (?:connection reset by peer|broken pipe|i\/o timeout)/,
  /lookup .*: (?:Temporary failure in name resolution|server misbehaving|i\/o timeout)/i,
  /TLS handshake timeout|Client\.Timeout exceeded|request canceled while waiting for connection/,
  /\b(?:Get|Head|Post) "?https?:[^ ]*: (?:unexpected )?EOF/i,
  /unexpected (?:HTTP )?status\b.*: (?:408|429|500|502|503|504)\b/,
  /toomanyrequests/,
]

/** The engine itself is gone, or a limit is spent that only a login lifts. */
const LASTING = /error during connect|docker daemon|dial unix|rate limit/i

/** Whether a docker command failed by what may be over in a moment: only its registry, and never the engine. */
export function mayPass(args: readonly string[], stderr: string): boolean {
  if (!ASKS_REGISTRY.test(`${args.join(' ')} `) || LASTING.test(stderr)) return false
  return PASSING.some(text => text.test(stderr))
}
