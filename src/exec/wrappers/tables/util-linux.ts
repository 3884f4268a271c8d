import {takesOnly, type Wrapper} from '../wrapper.ts'

/**
 * util-linux, and busybox' programs of these names. setpriv, setarch, flock, su and runuser have files of their own.
 */
export const UTIL_LINUX: readonly Wrapper[] = [
  {
    names: ['setsid'],
    short: 'cfhVw',
    long: ['ctty', 'fork', 'help', 'version', 'wait'],
    ends: ['h', 'V', 'help', 'version'],
  },
  {
    names: ['ionice'],
    short: 'c:n:tp:P:u:hV',
    long: ['class=', 'classdata=', 'ignore', 'pid=', 'pgid=', 'uid=', 'help', 'version'],
    ends: ['p', 'P', 'u', 'pid', 'pgid', 'uid', 'h', 'V', 'help', 'version'],
    refuses: takesOnly(['c', 'class'], /^([0-3]|none|realtime|best-effort|idle)$/i),
  },
  {
    names: ['taskset'],
    short: 'acphV',
    long: ['all-tasks', 'cpu-list', 'pid', 'help', 'version'],
    operands: 1,
    startsDashes: true,
    ends: ['p', 'pid', 'h', 'V', 'help', 'version'],
    refuses: (options, [mask]) =>
      mask === undefined ||
      /^[\da-fx,:-]+$/i.test(mask) ||
      options.some(([name]) => name === 'c' || name === 'cpu-list')
        ? undefined
        : `it takes ${JSON.stringify(mask)} for its mask`,
  },
  {
    names: ['chrt'],
    short: 'abdefiormpRvT:P:D:hV',
    long: ['all-tasks', 'batch', 'deadline', 'fifo', 'idle', 'max', 'other', 'pid', 'rr', 'reset-on-fork', 'verbose'],
    operands: 1,
    startsDashes: true,
    ends: ['p', 'm', 'pid', 'max', 'h', 'V'],
    refuses: (options, [priority]) =>
      priority !== undefined &&
      /^0+$/.test(priority) &&
      !options.some(([name]) => /^([obide]|other|batch|idle|deadline|ext)$/.test(name))
        ? 'without -o, -b or -i it takes priorities from 1'
        : undefined,
  },
  {
    names: ['prlimit'],
    short: 'c::d::e::f::i::l::m::n::q::r::s::t::u::v::x::y::p:o:hV',
    long: [
      ...['core', 'data', 'nice', 'fsize', 'sigpending', 'memlock', 'rss', 'nofile', 'msgqueue', 'rtprio', 'stack'],
      ...[
        'cpu',
        'nproc',
        'as',
        'locks',
        'rttime',
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
  },
  {
    names: ['choom'],
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
