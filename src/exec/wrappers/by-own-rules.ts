import {changeUser, noSuchUser} from './change-user.ts'
import {becomes, type Caller, type Handover, lacksProgram, passOn, refuse} from './handover.ts'
import {isFrom} from './versions.ts'
import {parse} from './wrap.ts'
import {lastValue} from './wrapper.ts'

const FLOCK = {
  short: 'sexnoFuw:E:hV',
  long: [
    ...['shared', 'exclusive', 'unlock', 'nonblock', 'nb', 'close', 'timeout=', 'wait=', 'conflict-exit-code='],
    ...['no-fork', 'verbose', 'help', 'version'],
  ],
} as const

/** flock(1), util-linux sys-utils/flock.c: `flock FILE PROGRAM …`, or `flock FILE -c TEXT`. */
export async function flock(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(FLOCK, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  if (options.some(([name]) => /^([hV]|help|version)$/.test(name))) return []
  const has = (...names: string[]) => options.some(([name]) => names.includes(name))
  if (has('o', 'close') && has('F', 'no-fork')) return refuse(caller, '--no-fork does not go with --close')
  const rest = words.slice(1)
  // A number is a descriptor that is open.
  if (rest.length === 0) return /^\d+$/.test(words[0] ?? '') ? [] : (lacksProgram(caller, rest) ?? [])
  const [first, text, ...more] = rest
  if (first !== '-c' && first !== '--command') return passOn(caller, rest)
  if (text === undefined || more.length > 0) return refuse(caller, 'its option -c takes one text')
  return passOn(caller, [caller.process.env.get('SHELL') ?? '/bin/sh', '-c', text])
}

const ARCHES =
  /^(uname26|linux32|linux64|i386|i486|i586|i686|athlon|x86_64|aarch64|arm|armv7l|armv8l|ppc|ppc32|ppc64|ppc64le|s390|s390x|mips|mips64|riscv64|loongarch64)$/

const SETARCH = {
  short: 'BFILRSTXZv3hVp:',
  long: [
    ...['32bit', 'fdpic-funcptrs', 'short-inode', 'addr-compat-layout', 'addr-no-randomize', 'whole-seconds'],
    ...['sticky-timeouts', 'read-implies-exec', 'mmap-page-zero', '3gb', '4gb', 'uname-2.6', 'verbose', 'list'],
    ...['show', 'pid=', 'help', 'version'],
  ],
} as const

/** setarch(8), util-linux sys-utils/setarch.c, and its other names: an architecture, options, a program or a shell. */
export function setarch(caller: Caller): readonly Handover[] {
  const {argv} = caller.process
  const named = caller.name === 'setarch'
  const [, first = ''] = argv
  const isArch = named && first !== '' && !first.startsWith('-')
  if (isArch && !ARCHES.test(first)) {
    return [{kind: 'unknown', reason: `the architecture ${first} of setarch is not known`}]
  }
  const parsed = parse(SETARCH, {...caller, process: {...caller.process, argv: isArch ? argv.slice(1) : argv}})
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  if (options.some(([name]) => /^([hVp]|help|version|list|show|pid)$/.test(name))) return []
  if (named && !isArch && options.every(([name]) => /^(v|verbose)$/.test(name)))
    return refuse(caller, 'it wants an architecture or an option')
  return becomes(caller, words.length === 0 ? ['/bin/sh'] : words)
}

/** capsh(1), libcap progs/capsh.c: options, then `--` and the words of a shell. */
export async function capsh(caller: Caller): Promise<readonly Handover[]> {
  const {argv} = caller.process
  const dashes = argv.findIndex(word => word === '--' || word === '==' || word === '+' || word === '=+')
  const own = argv.slice(1, dashes < 0 ? undefined : dashes)
  const odd = own.find(
    word =>
      !/^--(print|decode=|drop=|caps=|inh=|secbits=|keep=|uid=|cap-uid=|gid=|groups=|user=|shell=|addamb=|delamb=|noamb|mode|modes|forkfor=|killit=|strict|suggest=|supports=|is-uid=|is-gid=|iab=|has-|license|quiet|explain=|noenv|secbits)/.test(
        word,
      ),
  )
  if (odd !== undefined) return [{kind: 'unknown', reason: `the option ${odd} of capsh is not understood`}]
  if (dashes < 0) return []
  if (argv[dashes] !== '--') return [{kind: 'unknown', reason: `what capsh starts by ${argv[dashes]} is not followed`}]
  const valueOfWord = (name: string) => own.findLast(word => word.startsWith(`--${name}=`))?.slice(name.length + 3)
  if (own.some(word => /^--(chroot|has-|is-|supports|forkfor|iab|mode=)/.test(word))) {
    return [{kind: 'unknown', reason: 'the options of capsh are not followed'}]
  }
  const name = valueOfWord('user')
  let changed: Caller | undefined = caller
  if (name !== undefined) changed = await changeUser(caller, name, 'name', true)
  if (!changed) return noSuchUser(caller, name ?? '')
  const uid = valueOfWord('uid')
  const gid = valueOfWord('gid')
  const user = {
    ...changed.process.user,
    ...(uid === undefined ? {} : {uid: Number(uid)}),
    ...(gid === undefined ? {} : {gid: Number(gid)}),
  }
  const shell = valueOfWord('shell') ?? '/bin/bash'
  return becomes({...changed, process: {...changed.process, user}}, [shell, ...argv.slice(dashes + 1)], {
    search: 'path',
    runsText: false,
  })
}

const SCRIPT = {
  permutes: 'getopt_long',
  short: 'aB:c:eE:fI:m:O:o:qT:t::Vh',
  long: [
    ...['append', 'command=', 'echo=', 'return', 'flush', 'force', 'log-io=', 'log-in=', 'log-out=', 'log-timing='],
    ...['logging-format=', 'output-limit=', 'quiet', 'timing[=]', 'version', 'help'],
  ],
} as const

/**
 * script(1), util-linux term-utils/script.c: the text of `-c` by the shell of SHELL; without it that shell itself.
 * Since 2.42 the words behind `--` are the text.
 */
export async function script(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(SCRIPT, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  if (options.some(([name]) => /^([hV]|help|version)$/.test(name))) return []
  const shell = caller.process.env.get('SHELL') ?? '/bin/sh'
  const text = lastValue(options, ['c', 'command'])
  const dashes = caller.process.argv.indexOf('--')
  const behind = dashes < 0 ? [] : caller.process.argv.slice(dashes + 1)
  const start = (words: string | undefined) =>
    passOn(caller, words === undefined ? [shell, '-i'] : [shell, '-c', words], {search: 'path', runsText: false})
  if (behind.length === 0) return words.length > 1 ? refuse(caller, 'it takes one file') : start(text)
  const found = await caller.version()
  const takesProgram = found?.name === 'util-linux' ? isFrom(found.version, [2, 42]) : undefined
  if (takesProgram === undefined) {
    return [{kind: 'unknown', reason: 'whether script takes a program behind "--" depends on its version'}]
  }
  if (!takesProgram) return words.length > 1 ? refuse(caller, 'it takes one file') : start(text)
  if (text !== undefined) return refuse(caller, 'its option -c does not go with a program')
  return words.length - behind.length > 1 ? refuse(caller, 'it takes one file') : start(behind.join(' '))
}
