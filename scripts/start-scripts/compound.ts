// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import type {Node} from './start-script.ts'
import {bareName, changedPath, directoryPath, type Names, programPath} from './words.ts'

type Body = (count: number) => readonly Node[]

/** A compound command: an `if`, a `case`, a loop, a function with its call, a subshell, a group, a pipeline. */
export function makeCompound(names: Names, body: Body): Node {
  const {random} = names
  const some = () => body(1 + random.below(2))
  return random.pick<() => Node>([
    () => ({parts: [`if ${condition(names)}; then`, some(), 'fi']}),
    () => ({parts: [`if ${condition(names)}; then`, some(), 'fi']}),
    () => ({parts: [`if ${condition(names)}; then`, some(), 'else', some(), 'fi']}),
    () => ({
      parts: [`if ${condition(names)}; then`, some(), `elif ${condition(names)}; then`, some(), 'else', some(), 'fi'],
    }),
    () => ({parts: [`${condition(names)} && {`, some(), '}']}),
    () => ({parts: [`${condition(names)} || {`, some(), '}']}),
    () => ({
      parts: [
        `case "$(uname -m)" in`,
        'x86_64|amd64)',
        some(),
        ';;',
        'aarch64|arm64)',
        some(),
        ';;',
        '*)',
        some(),
        ';;',
        'esac',
      ],
    }),
    () => ({
      parts: [
        `case "${random.pick(['$1', '$MODE', '$BIN', '$ARCH', '$#'])}" in`,
        `${random.pick(['serve', '/app/*', 'x86*', 'server', '-*', '1|2', '""'])})`,
        some(),
        ';;',
        '*)',
        some(),
        ';;',
        'esac',
      ],
    }),
    () => ({
      parts: [
        `for f in ${random.pick(['a b', '/app/server /usr/local/bin/tool', '/entrypoint.d/*.sh', '"$@"', '/app/*', '$BIN'])}; do`,
        loopBody(names, body),
        'done',
      ],
    }),
    () => ({
      parts: [
        `for f in /entrypoint.d/*.sh; do`,
        [random.pick(['[ -x "$f" ] && "$f"', '. "$f"', '[ -r "$f" ] && . "$f"', 'sh "$f"'])],
        'done',
      ],
    }),
    () => ({parts: ['I=0', 'while [ "$I" -lt 2 ]; do', [...some(), 'I=$((I + 1))'], 'done']}),
    () => ({
      parts: [
        `until [ -e ${changedPath(names)} ]; do`,
        [...some(), random.pick(['break', `touch ${changedPath(names)}; break`])],
        'done',
      ],
    }),
    () => ({parts: ['while read -r line; do', some(), 'done < /etc/app.conf']}),
    () => ({
      parts: [
        names.isBash && random.oneIn(2) ? 'function prepare {' : 'prepare() {',
        [...some(), ...(random.oneIn(4) ? [random.pick(['return 0', 'return 1', 'return'])] : [])],
        '}',
        random.pick(['prepare', 'prepare "$@"', 'prepare x || true', 'if prepare; then echo ok; fi', '(prepare)', ':']),
      ],
    }),
    () => ({
      parts: [
        'choose() {',
        [
          {
            parts: [
              `for f in ${random.pick(['/app/server /opt/bin/worker', '"$@"', 'a b'])}; do`,
              leavingBody(names, body),
              'done',
            ],
          },
          ...some(),
        ],
        '}',
        random.pick(['choose', 'choose "$@"', 'choose x y || true', '(choose)', 'choose && echo chosen']),
      ],
    }),
    () => ({
      parts: [
        'own() {',
        [`local ${random.pick(['BIN=/app/server', 'NAME', 'BIN', 'MODE=worker'])}`, ...some()],
        '}',
        random.pick(['own', 'own "$@"', 'own; BIN="${BIN:-/app/server}"']),
      ],
    }),
    () => ({
      parts: [
        'for a in 1 2; do',
        [
          {
            parts: [
              `for b in ${random.pick(['x y', '/app/server', '"$@"'])}; do`,
              [...body(1), `${condition(names)} && ${random.pick(['break', 'break 2', 'continue', 'continue 2'])}`],
              'done',
            ],
          },
          ...body(1),
        ],
        'done',
      ],
    }),
    () => ({
      parts: [
        '(',
        [
          random.pick(['set -e', 'set -eu', `trap '${plainEffect(names)}' EXIT`, 'exec > /tmp/log', ':']),
          ...some(),
          ...(random.oneIn(3) ? [`${condition(names)} && ${random.pick(['exit', 'exit 0', 'exit 1'])}`] : []),
          ...body(1),
        ],
        random.pick([')', ') || true', ') & wait', ') &']),
      ],
    }),
    () => ({parts: ['(', some(), random.pick([')', ')', ') || true', ') &', ') > /tmp/log'])]}),
    // What the shell itself says of a failure is to be seen: standard error stays.
    () => ({parts: ['{', some(), random.pick(['}', '}', '} || true', '} > /tmp/log', '} | cat'])]}),
    // A shell of its own that a failure may end, where that of the whole is tested and where it is not.
    () => ({parts: ['{', [...some(), failing(names), ...body(1)], random.pick(FORKED_GROUPS)]}),
    () => ({parts: ['if {', [...some(), failing(names), ...body(1)], random.pick(FORKED_CONDITIONS)]}),
    () => ({
      parts: [
        `${random.pick(['BIN=', 'local_=', 'export BIN='])}$(`,
        [...some(), failing(names)],
        `echo ${programPath(names)})`,
      ],
    }),
  ])()
}

const FORKED_GROUPS = ['} | cat', '} | cat && echo piped', '} &', '} & wait $!', '} | cat || true']
const FORKED_CONDITIONS = ['} | cat; then echo piped; fi', '} & wait $!; then echo ended; fi', '} & then wait; fi']

/** Something that fails, or may. */
function failing(names: Names): Node {
  return names.random.pick(['false', 'cd /none', '[ -e /none ]', 'none', condition(names)])
}

/** Something that a trap does. */
function plainEffect({random}: Names): string {
  const path = random.pick(['/tmp/app', '/tmp/run.sh', '/data/app'])
  return random.pick([`rm -f ${path}`, `cp /app/server ${path}`, `chmod -x ${path}`, 'exit 0', 'exit 3'])
}

/** The body of a loop in a function, which may leave either. */
function leavingBody(names: Names, body: Body): readonly Node[] {
  const leave = names.random.pick(['return', 'return 0', 'return 1', 'break', 'continue', 'exit 0'])
  return [
    ...body(1),
    names.random.pick<() => Node>([
      () => `${condition(names)} && ${leave}`,
      () => `[ -x "$f" ] && ${leave}`,
      () => ({parts: [`if ${condition(names)}; then`, [...body(1), leave], 'fi']}),
      () => `"$f" && ${leave}`,
    ])(),
  ]
}

function loopBody({random}: Names, body: Body): readonly Node[] {
  return [
    ...body(1),
    random.pick([
      'cp "$f" /tmp/app || true',
      '[ -x "$f" ] && BIN=$f',
      'ln -sf "$f" /tmp/run.sh',
      'echo "$f"',
      '[ -x "$f" ] && break',
      '[ -e "$f" ] || continue',
      '"$f" || true',
    ]),
  ]
}

function condition(names: Names): string {
  const {random} = names
  const path = () => random.pick([programPath(names), changedPath(names), directoryPath(names)])
  const test = () =>
    random.pick<() => string>([
      () => `-x ${path()}`,
      () => `-f ${path()}`,
      () => `-e ${path()}`,
      () => `-d ${path()}`,
      () => `-L ${path()}`,
      () => `-s ${path()}`,
      () => `-r ${path()}`,
      () => `-w ${path()}`,
      () => `! -e ${path()}`,
      () => `! -x ${path()}`,
      () => '-n "$BIN"',
      () => '-z "$BIN"',
      () => '"$1" = server',
      () => '"$MODE" != serve',
      () => '$# -eq 0',
      () => '"${1:-}" = "/app/server"',
      () => '"$(id -u)" = 0',
      () => '"$(uname -m)" = x86_64',
      () => `-x "$(command -v ${bareName(names)})"`,
      () => `${path()} -nt ${path()}`,
      () => `-f ${path()} -a -x ${path()}`,
      () => '"$N" -gt 1',
      () => '-z "${NOTHING:-}"',
    ])()
  return random.pick<() => string>([
    () => `[ ${test()} ]`,
    () => `[ ${test()} ]`,
    () => `[ ${test()} ]`,
    () => `test ${test()}`,
    () => `! [ ${test()} ]`,
    () => `[ ${test()} ] && [ ${test()} ]`,
    () => `[ ${test()} ] || [ ${test()} ]`,
    () => `command -v ${bareName(names)} >/dev/null 2>&1`,
    () => `which ${bareName(names)} > /dev/null`,
    () => `type ${bareName(names)} >/dev/null 2>&1`,
    () => `grep -q app /etc/passwd`,
    () => `grep -q server ${path()}`,
    () => `id app >/dev/null 2>&1`,
    () => `getconf LONG_BIT >/dev/null`,
    () => random.pick(['true', 'false', ':']),
    ...(names.isBash
      ? [
          () =>
            `[[ ${random.pick([`-x ${path()}`, '$BIN == /app/*', '-n $BIN', '$MODE =~ ^serve', '$# -gt 0 && -n $1', '-z ${NOTHING-}'])} ]]`,
          () => '((N > 0))',
          () => '[[ -v BIN ]]',
        ]
      : []),
  ])()
}
