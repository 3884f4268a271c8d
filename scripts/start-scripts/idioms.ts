// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {dialectIdioms} from './dialect-idioms.ts'
import type {Node} from './start-script.ts'
import {argumentsOf, bareName, callee, changedPath, directoryPath, type Names, programPath} from './words.ts'

type Body = (count: number) => readonly Node[]

/** Idioms of entry scripts: jobs that are waited for, traps, words that only one way sets, what is read from files. */
export function makeIdiom(names: Names, body: Body): readonly Node[] {
  const {random} = names
  const call = () => `${callee(names)}${argumentsOf(names)}`
  const some = () => body(1)
  const forAll: readonly (() => readonly Node[])[] = [
    // What the program itself says decides which words are started, as in traefik's and vault's entry scripts.
    () => [{parts: [`if ${asks(names)}; then`, [`set -- ${programPath(names)} "$@"`], 'fi']}],
    () => [{parts: [`if ${asks(names)}; then`, [`BIN=${programPath(names)}`], 'else', some(), 'fi']}],
    () => [{parts: [`if ${asks(names)}; then`, some(), 'fi']}],
    () => [`${asks(names)} && set -- ${bareName(names)} "$@"`],
    () => [{parts: ['case "${1:-}" in', `-*|"")`, [`set -- ${programPath(names)} "$@"`], ';;', 'esac']}],
    () => [`${call()} & pid=$!`, random.pick(['wait "$pid"', 'wait $pid || true', 'wait "$pid" || exit 3', 'wait'])],
    () => [`${call()} &`, random.pick(['wait $!', 'wait $! || exit 1', 'wait; echo done'])],
    () => [
      `command -v ${bareName(names)} || ${random.pick(['exit 3', 'true', call(), `touch ${changedPath(names)}`])}`,
    ],
    () => [`command -v ${bareName(names)} >/dev/null && ${call()}`],
    () => [random.pick(['exec 3>/tmp/log', 'exec < /etc/app.conf', 'exec 2>/dev/null', 'exec 3>&1 4>&2', 'exec 3<&-'])],
    () => [
      random.pick(['cd /nope', 'cd /nope || cd /app', 'cd /nope 2>/dev/null || true', '(cd /nope)', 'cd /app/server']),
    ],
    () => [`cd ${directoryPath(names)} && ${call()}`],
    () => ['set -u', random.pick([': "${BIN:-}"', 'echo "${NOTHING:-none}"', '[ -n "${NOTHING-}" ] || echo none'])],
    () => [
      random.pick([
        'read -r BIN < /etc/app.conf',
        'read -r BIN NAME < /etc/app.conf || true',
        'read -r BIN < /missing',
      ]),
    ],
    () => [
      {
        parts: [
          'while read -r BIN; do',
          [random.pick([':', '[ -x "$BIN" ] && break', 'echo "$BIN"'])],
          'done < /etc/app.conf',
        ],
      },
    ],
    () => [random.pick(['shift 3', 'shift 2 || true', 'shift "$#"', '[ $# -gt 1 ] && shift 2'])],
    () => [random.pick(["trap '' TERM", "trap '' INT HUP", "trap 'echo bye' TERM", 'trap - TERM'])],
    () => [
      `trap '${random.pick([`rm -f ${plain(names)}`, 'exit 0', 'echo out', `cp /app/server ${plain(names)}`])}' EXIT`,
    ],
    () => [random.pick(['N=$((N + 1))', 'N=$((N > 0 ? N : 2))', 'N=$((N * 2 + 1))', ': $((N += 1))'])],
    () => ['N=$(( $# ))', {parts: ['if [ "$N" -gt 0 ]; then', some(), 'fi']}],
    () => [
      {parts: ['outer() {', [{parts: ['inner() {', some(), '}']}, ...some()], '}']},
      random.pick(['outer; inner', 'outer', 'outer && inner x']),
    ],
    () => [
      {parts: [`if ${asks(names)}; then`, [`start() { exec ${call()}; }`], 'else', [`start() { ${call()}; }`], 'fi']},
      random.pick(['start', 'start || true', '(start)']),
    ],
    () => [
      {parts: ['scoped() {', [`local N=${random.below(3)} BIN=${plain(names)}`, ...some(), 'return $N'], '}']},
      random.pick(['scoped', 'scoped || true', 'if scoped; then echo yes; fi']),
    ],
    () => [`${call()} | ${random.pick(['cat', 'grep -q .', 'head -n 1', 'cat | cat'])}`],
    // What special built-ins keep, how a value is split, and what only some shells expand.
    () => [`BIN=${plain(names)} ${random.pick([':', 'eval true', 'true', 'export MODE', 'set -- "$@"', 'exec 3>&1'])}`],
    () => [
      'IFS=:',
      {parts: ['for d in $PATH; do', [`[ -x "$d/${bareName(names)}" ] && BIN=$d/tool`], 'done']},
      random.pick(['unset IFS', "IFS=' '", 'IFS=$OLD']),
    ],
    () => [`IFS=' ,'`, `set -- ${random.pick(['$MODE', '$BIN', '"$@"', '$(echo "/app/server , x")'])}`, 'unset IFS'],
    () => [random.pick(['N=$((N++))', 'N=$((++N))', ': $((N--))', 'let N=2', 'N=$((2**3))', 'N=$((N - -1))'])],
    () => [`cp ${plain(names)}{,.bak}`, `mkdir -p /tmp/{d,z}/bin`],
    () => [`cp ${programPath(names)} /tmp/{a,b}`, random.pick(['/tmp/{a,b}', 'ls /tmp/a', call()])],
    () => ['HOME=/app', random.pick(['BIN=~/server', 'export BIN=~/server', 'cd ~', 'PATH=$PATH:~', 'D=~'])],
    () => [`BIN=$'${plain(names)}'`],
    () => [
      random.pick([
        `BIN=\${BIN:+${plain(names)}}`,
        `BIN=\${BIN-${plain(names)}}`,
        `: "\${BIN=${plain(names)}}"`,
        '[ -n "${BIN+x}" ]',
        'echo "${BIN:?none}"',
        'NAME=${NAME:-${MODE:-server}}',
        `type ${bareName(names)} >/dev/null 2>&1 || echo none`,
        `hash ${bareName(names)} 2>/dev/null && MODE=found`,
      ]),
    ],
    () => [
      `sh ${random.pick(['$NAME', '"$NAME"', '$BIN x', programPath(names), `-c ${bareName(names)}`, '/missing'])}`,
    ],
    () => [
      random.pick(['ARGS=(a b)', 'read -r BIN <<< /app/server', '[[ -n $BIN ]]', '[ "$MODE" == serve ]', 'BIN+=x']),
    ],
    () => [
      `IFS= read -r BIN < /etc/app.conf`,
      random.pick(['cd /app/..', 'cd /tmp/d && cd -', 'D=$(cd /app && pwd -P)']),
    ],
    () => [`{ ${call()}; } & pid=$!`, random.pick([':', `trap 'kill $pid' INT`, 'sleep 0']), 'wait $pid'],
  ]
  if (random.oneIn(6)) return random.pick(dialectIdioms(names, body))()
  return random.pick([...forAll, ...(names.isBash ? ofBash(names, call, some) : [])])()
}

function ofBash(names: Names, call: () => string, some: () => readonly Node[]): readonly (() => readonly Node[])[] {
  const {random} = names
  return [
    () => ['set -o pipefail', `${call()} | cat`],
    () => ['set -o pipefail'],
    () => [`trap '${random.pick(['exit 1', 'echo failed', `rm -f ${plain(names)}`, 'exit 0'])}' ERR`],
    () => [{parts: ['ends() {', [`trap 'rm -f ${plain(names)}' RETURN`, ...some()], '}']}, 'ends'],
    () => [`cat <<< "exec ${plain(names)}" > ${changedPath(names)}`],
    () => [`read -r BIN NAME <<< "${plain(names)} server"`],
    () => [
      {parts: ['case "${1:-}" in', 'server)', some(), random.pick([';&', ';;&', ';;']), '*)', some(), ';;', 'esac']},
    ],
    () => ['set -E', "trap 'exit 3' ERR", ...some()],
  ]
}

/** A question that only the run answers: what a program ends with. */
function asks(names: Names): string {
  const {random} = names
  return random.pick([
    `${programPath(names)} version >/dev/null 2>&1`,
    `${bareName(names)} "$1" --help >/dev/null 2>&1`,
    `${programPath(names)} check`,
    `! ${programPath(names)} check`,
    `grep -q server ${changedPath(names)} 2>/dev/null`,
    `[ "$(${programPath(names)} -v 2>/dev/null)" = 1 ]`,
  ])
}

function plain({random}: Names): string {
  return random.pick(['/app/server', '/tmp/app', '/usr/local/bin/tool', '/tmp/run.sh'])
}
