import {dashed, takesOnly, type Wrapper} from '../wrapper.ts'

/**
 * util-linux, and busybox' programs of these names. setpriv, setarch, flock, taskset, chrt,
 * script, newgrp, su and runuser have files of their own.
 */
export const UTIL_LINUX: readonly Wrapper[] = [
  {
    names: ['setsid'],
    short: 'cfhVw',
    long: ['ctty', 'fork', 'help', 'version', 'wait'],
    ends: ['h', 'V', 'help', 'version'],
    // It leads a group then, as setsid(2) may not.
    forksFirst: ['w', 'wait'],
  },
  {
    names: ['ionice'],
    becomes: true,
    short: 'c:n:tp:P:u:hV',
    long: ['class=', 'classdata=', 'ignore', 'pid=', 'pgid=', 'uid=', 'help', 'version'],
    ends: ['p', 'P', 'u', 'pid', 'pgid', 'uid', 'h', 'V', 'help', 'version'],
    alone: options => options.length === 0,
    refuses: takesOnly(['c', 'class'], /^([0-3]|none|realtime|best-effort|idle)$/i),
  },
  {
    names: ['prlimit'],
    becomes: true,
    short: 'c::d::e::f::i::l::m::n::q::r::s::t::u::v::x::y::p:o:hV',
    long: [
      ...[
        'core[=]',
        'data[=]',
        'nice[=]',
        'fsize[=]',
        'sigpending[=]',
        'memlock[=]',
        'rss[=]',
        'nofile[=]',
        'msgqueue[=]',
        'rtprio[=]',
        'stack[=]',
      ],
      ...[
        'cpu[=]',
        'nproc[=]',
        'as[=]',
        'locks[=]',
        'rttime[=]',
        'pid=',
        'output=',
        'noheadings',
        'raw',
        'verbose',
        'help',
        'version',
      ],
    ],
    ends: ['p', 'pid', 'h', 'V', 'help', 'version'],
    alone: true,
    refuses: options => options.map(wrongLimit).find(reason => reason !== undefined),
  },
  {
    names: ['choom'],
    becomes: true,
    short: 'hn:p:V',
    long: ['adjust=', 'pid=', 'help', 'version'],
    permutes: 'getopt_long',
    ends: ['p', 'pid', 'h', 'V', 'help', 'version'],
    refuses: options =>
      options.some(([name]) => /^(n|adjust|p|pid|h|help|V|version)$/.test(name))
        ? undefined
        : 'it wants -n and a value',
  },
  {names: ['chroot'], opaque: 'starts a program in another root directory'},
  {names: ['unshare', 'nsenter', 'bwrap'], opaque: 'starts a program in another namespace'},
]

const LIMIT = /^=?(?:(unlimited|\s*[+-]?\d+[^:]*)(?::(unlimited|\s*[+-]?\d+)?)?|:(?:unlimited|\s*[+-]?\d+))$/

/** util-linux sys-utils/prlimit.c get_range(): `SOFT:HARD`, `SOFT:`, `:HARD`, or one for both. */
function wrongLimit([name, value]: readonly [string, string | undefined]): string | undefined {
  const isWithout = value === undefined || (value === '' && name.length === 1)
  if (isWithout || /^(?:p|pid|o|output)$/.test(name)) return undefined
  const limits = LIMIT.exec(value)
  if (!limits) return `it does not take ${JSON.stringify(value)} as ${dashed(name)}`
  const [, soft, hard] = limits.map(limit => (limit === 'unlimited' ? Infinity : Number.parseInt(limit ?? '', 10)))
  if (soft === undefined || hard === undefined || !(soft > hard && hard >= 0)) return undefined
  return `the soft limit of ${dashed(name)} is larger than the hard one`
}
