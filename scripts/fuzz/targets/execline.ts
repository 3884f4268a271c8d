// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are scripts of execline
import {imageConfig} from '../../../__tests__/support/image-config.ts'
import {executable, memoryRootfs} from '../../../__tests__/support/memory-rootfs.ts'
import {nativeProgram} from '../../../__tests__/support/script-start.ts'
import {OverBudget} from '../../../src/exec/budget.ts'
import {parseScript} from '../../../src/exec/execline/parse.ts'
import {EXECLINE_PROGRAMS} from '../../../src/exec/execline/programs.ts'
import {readStartup} from '../../../src/exec/index.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''} as const
const native = executable(nativeProgram(PLATFORM))
const NAMES = EXECLINE_PROGRAMS.flatMap(({names}) => names)
const FILES = Object.fromEntries(
  [...NAMES, 'app', 'one', 'echo', 'true', 'false'].map(name => [`/bin/${name}`, native]),
)

/** Scripts of execline: what their one command line is, and what it starts. */
export const target: FuzzTarget = {
  name: 'execline',
  seeds: () =>
    texts(
      'foreground { echo "a\\x41 b" } if -n { false } importas -D d x FOO app $x ${x}z # end\n',
      'define -s -d : x "a:b" multisubstitute { importas -u y LIST define z c } forx -E v { $x } app $v$y\n',
      'backtick -E x { pipeline { echo a } cat } case -N $x { "a(.)" { elgetpositionals app $1 } b { one } } app\n',
      'cd /etc umask 022 redirfd -r 0 passwd forstdin -d "\\n:" l importas i l app $i\n',
      'trap { SIGTERM { one } } ifthenelse { true } { app a } { app b } loopwhilex -x 1 app\n',
      'shift -n 1 elgetopt ab: runblock -r 1 exec -c -a zero tryexec { none } emptyenv -p wait { } exit 3\n',
      'heredoc 0 "2:ab," withstdinas -n x multidefine -r -d "" $x { a b } app \\{ { { } } \\065 "\\0x42\\n"\n',
    ),
  limit: 1500,
  // What is followed has limits of its own (src/exec/budget.ts), and no length says how much of them a script uses.
  millisecondsPerKiB: 5000,
  words: [...NAMES.map(name => `${name} `), '{ ', ' } ', '$x', '${x}', '"', '\\', ' -n ', ' -E ', ' -s '],
  run: async input => {
    const words = parsed(input)
    const rootfs = memoryRootfs({
      ...FILES,
      '/e': {content: Buffer.concat([Buffer.from('#!/bin/execlineb\n'), input]), mode: 0o755},
      '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    })
    const config = imageConfig({env: ['PATH=/bin', 'FOO=foo', 'LIST=a b'], entrypoint: ['/e', 'x', 'y']})
    const startup = await readStartup({config, rootfs, platform: PLATFORM})
    holds(startup.steps[0]?.path === '/e', 'the script itself is started')
    return [words, startup]
  },
}

function parsed(input: Uint8Array): unknown {
  try {
    const script = parseScript(input)
    holds(!script.ok || script.words.every(word => !word.includes('\0')), 'no word has a NUL')
    return script
  } catch (thrown) {
    if (thrown instanceof OverBudget) return thrown.message
    throw thrown
  }
}
