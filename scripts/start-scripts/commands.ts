// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {makeCompound} from './compound.ts'
import {makeEffect} from './effects.ts'
import {makeIdiom} from './idioms.ts'
import type {Node} from './start-script.ts'
import {argumentsOf, bareName, callee, directoryPath, type Names, programPath} from './words.ts'

const MAX_DEPTH = 3

/** Commands of a script's body, in the proportions of real start scripts: files, variables, conditions, programs. */
export function makeCommands(names: Names, count: number, depth: number): readonly Node[] {
  return Array.from({length: count}, () => makeCommand(names, depth)).flat()
}

function makeCommand(names: Names, depth: number): readonly Node[] {
  const roll = names.random.below(24)
  if (roll < 8) return [guard(names, makeEffect(names))]
  if (roll < 11) return [makeVariable(names)]
  if (roll < 13) return [makeCall(names)]
  if (roll < 14) return [makeSetting(names)]
  if (roll < 18) return makeIdiom(names, count => makeCommands(names, count, Math.max(depth + 1, MAX_DEPTH - 1)))
  return depth >= MAX_DEPTH
    ? [makeVariable(names)]
    : [makeCompound(names, count => makeCommands(names, count, depth + 1))]
}

/** What stands around a command: nothing, mostly. A here-document ends its line, so that nothing can follow it. */
function guard({random}: Names, command: string): string {
  if (command.includes('\n')) return command
  return random.pick([
    command,
    command,
    command,
    command,
    `${command} || true`,
    `${command} || :`,
    `${command} 2>/dev/null`,
    `${command} >/dev/null 2>&1`,
    `${command} || exit 1`,
    `${command} && echo done`,
    `if ${command}; then echo ok; fi`,
    `! ${command}`,
    `{ ${command}; }`,
    `(${command})`,
    `${command} &`,
    `${command} & wait`,
    `${command} | cat`,
    `command ${command}`,
    `eval '${command.replaceAll("'", '"')}'`,
  ])
}

function makeVariable(names: Names): string {
  const text = setVariable(names)
  const name = /\b(BIN|NAME|T|D|ARCH)[:=]/.exec(text)?.[1]
  if (name !== undefined) names.variables.add(name)
  return text
}

function setVariable(names: Names): string {
  const {random} = names
  const path = () =>
    random.pick(['/app/server', '/usr/local/bin/tool', '/tmp/app', '/opt/bin/worker', '/app/server-arm64'])
  return random.pick<() => string>([
    () => `BIN=${path()}`,
    () => `BIN="\${BIN:-${path()}}"`,
    () => `: "\${BIN:=${path()}}"`,
    () => `export BIN=${path()}`,
    () => `NAME=$(basename "$BIN")`,
    () => `NAME=${random.pick(['server', 'tool', 'worker'])}`,
    () => 'NAME="${BIN##*/}"',
    () => 'D=$(dirname "$0")',
    () => 'D="$(dirname "${BIN:-/app/server}")"',
    () => 'D=${BIN%/*}',
    () => 'ARCH=$(uname -m)',
    () => `ARCH=$(uname -m | sed 's/x86_64/amd64/')`,
    () => 'ARCH=`uname -m`',
    () => 'ARCH=$(dpkg --print-architecture 2>/dev/null || echo amd64)',
    () => `T=$(mktemp)`,
    () => `T=$(mktemp -d)/app`,
    () => `D=$(mktemp -d)`,
    () => `BIN=$(command -v ${bareName(names)})`,
    () => `BIN=$(which ${bareName(names)} || echo ${path()})`,
    () => `BIN=$(cat /etc/app.conf 2>/dev/null || true)`,
    () => `BIN=$(readlink -f ${path()})`,
    () => `BIN=$(realpath ${path()})`,
    () => `T=$(ls -ld ${path()} 2>/dev/null); BIN=\${T##*-> }`,
    () => `T=\`ls -l ${path()}\`; BIN=$(expr "$T" : '.*-> \\(.*\\)$' || echo ${path()})`,
    () => `ln -sf ${path()} /tmp/l; BIN=$(ls -l /tmp/l | sed 's/.* -> //')`,
    () => `ln -s ${path()} /tmp/l; T=$(ls -ld -- /tmp/l); BIN=\${T#*-> }`,
    () => `if expr "$BIN" : '/.*' > /dev/null; then BIN=\${BIN%/}; else BIN=${path()}; fi`,
    () => 'N=$(expr ${N:-0} + 1)',
    () => `read -r BIN < /tmp/b || true`,
    () => `N=$((1 + ${random.below(3)}))`,
    () => 'N=$((${N:-0} + 1))',
    () => `MODE=\${MODE:-${random.pick(['serve', 'worker'])}}`,
    () => `HOST=$(id -un)`,
    () => `UID_=$(id -u)`,
    () =>
      `export PATH="${random.pick(['/opt/bin:$PATH', '$PATH:/app', '/tmp:$PATH', '/data/bin:/usr/bin:/bin', '/tmp/d:$PATH'])}"`,
    () => 'unset BIN',
    () => `set -- ${random.pick(['/app/server "$@"', 'tool x', '"$@" --more', '"$BIN"', 'server'])}`,
    () => 'shift || true',
    () => '[ $# -gt 0 ] && shift',
    ...(names.isBash
      ? [
          () => 'BIN=${BIN/server/server-amd64}',
          () => `ARGS=(${path()} --flag)`,
          () => 'ARCH=${HOSTTYPE}',
          () => '((N = 2)) || true',
          () => `read -r BIN <<< "${path()}"`,
          () => 'D="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"',
        ]
      : []),
  ])()
}

/** A program that is started and waited for. */
function makeCall(names: Names): string {
  const {random} = names
  const call = `${callee(names)}${argumentsOf(names)}`
  return random.pick([
    call,
    call,
    `${call} || true`,
    `A=b ${call}`,
    `${call} || exit 3`,
    `! ${call}`,
    `(${call})`,
    `(exec ${call})`,
    `${call} &`,
    `${call} | cat`,
    `sh ${programPath(names)} x`,
    `. ${random.pick(['/etc/default/app', '/opt/lib/run.sh', '/tmp/run.sh', './app'])}`,
    `[ -f /etc/default/app ] && . /etc/default/app`,
    random.pick([
      '. /etc/missing',
      '. /etc/missing || true',
      'command . /etc/missing',
      '(. /etc/missing)',
      '. ./missing',
    ]),
    `if ${call}; then echo ok; else echo no; fi`,
    `${call} > /tmp/b 2>&1`,
  ])
}

function makeSetting(names: Names): string {
  const {random} = names
  return random.pick([
    'set -e',
    'set +e',
    'set -u',
    `cd ${directoryPath(names)}`,
    `cd ${directoryPath(names)} || exit 1`,
    `trap 'echo bye' EXIT`,
    `trap 'rm -f /tmp/app' EXIT`,
    `trap 'exit 0' TERM INT`,
    'umask 077',
    'umask 027',
    'trap - EXIT',
    `trap 'cp /app/server /tmp/app' EXIT`,
    random.pick([
      'set -eu',
      'break',
      'continue',
      'return 2>/dev/null || true',
      'exec > /missing/log',
      ': > /missing/log',
    ]),
    'umask 022',
    'set -x',
    ':',
    'true',
    'false || true',
    'exec 2>&1',
    'exec > /tmp/log',
    'hash -r',
  ])
}
