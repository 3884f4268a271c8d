// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import type {Random} from '../kernel/random.ts'
import type {Node} from './start-script.ts'

/** What the makers of commands choose from. */
export interface Names {
  readonly random: Random
  readonly isBash: boolean
  readonly tools: readonly string[]
  /** Programs of the image that can be started. */
  readonly programs: string[]
  /** Paths that commands before have made something at, and variables that they have set. */
  readonly made: string[]
  readonly variables: Set<string>
}

/** A path of a program of the image, or of one that the script has made; now and then of nothing. */
export function programPath(names: Names): string {
  const {random, programs, made, variables} = names
  const roll = random.below(20)
  if (roll < 9 && programs.length > 0) return random.pick(programs)
  if (roll < 15 && made.length > 0) return random.pick(made)
  if (roll < 17 && variables.size > 0) return referTo(names)
  return random.pick([
    ...['/app/server', '/app/server', '/app/server-amd64', '/app/server-arm64', '/usr/local/bin/tool'],
    ...['/usr/local/bin/worker', '/opt/bin/worker', '/opt/lib/run.sh', '/data/app', '/tmp/app', './app', './server'],
  ])
}

/** A variable that was set, as a path of a program. */
function referTo({random, variables}: Names): string {
  const forms = {BIN: '"$BIN"', NAME: '"/app/$NAME"', T: '"$T"', ARCH: '"/app/server-$ARCH"', D: '"$D/server"'}
  const known = Object.entries(forms).filter(([name]) => variables.has(name))
  return known.length === 0 ? '"$BIN"' : (random.pick(known)[1] ?? '')
}

/** Where a script puts something that was not there. */
export function targetPath(names: Names): string {
  const {random, made, variables} = names
  const target = random.pick([
    ...[
      '/tmp/app',
      '/tmp/app',
      '/tmp/app',
      '/tmp/run.sh',
      '/tmp/run.sh',
      '/usr/local/bin/new',
      '/usr/local/bin/server',
    ],
    ...['/app/server', '/usr/local/bin/tool', '/opt/bin/worker', '/data/app', '/tmp/b', './app', '/tmp/d/app'],
    ...(variables.has('T') ? ['"$T"', '"$T"'] : []),
    ...(variables.has('BIN') ? ['"$BIN"'] : []),
  ])
  made.push(target)
  return target
}

/** What a script changes: mostly something that it made or that is in the image. */
export function changedPath(names: Names): string {
  const {random, programs, made} = names
  const roll = random.below(10)
  if (roll < 5 && made.length > 0) return random.pick(made)
  return roll < 9 && programs.length > 0 ? random.pick(programs) : targetPath(names)
}

export function directoryPath({random, variables}: Names): string {
  return random.pick([
    ...[
      '/tmp',
      '/tmp',
      '/tmp/d',
      '/tmp/d/e',
      '/usr/local/bin',
      '/opt/bin',
      '/data',
      '/data/bin',
      '/app',
      '/run/app',
      '.',
    ],
    ...(variables.has('D') ? ['"$D"'] : []),
  ])
}

/** A name that is looked for in PATH. */
export function bareName({random, programs, made, variables}: Names): string {
  const there = [...programs, ...made]
    .filter(path => !path.includes('$'))
    .map(path => path.slice(path.lastIndexOf('/') + 1))
  if (there.length > 0 && !random.oneIn(5)) return random.pick(there)
  return random.pick([
    'tool',
    'worker',
    'server',
    'new',
    'app',
    'missing-tool',
    ...(variables.has('NAME') ? ['"$NAME"'] : []),
  ])
}

/** A program as a command names it. */
export function callee(names: Names): string {
  return names.random.oneIn(3) ? bareName(names) : programPath(names)
}

export function argumentsOf({random}: Names): string {
  return random.pick(['', '', '', ' "$@"', ' --flag', " 'a b'", ' $MODE', ' "$1"', ' ""', ' "${PORT:-80}"'])
}

/** How a start script ends. */
export function makeFinal(names: Names): readonly Node[] {
  const {random} = names
  const program = () => `${callee(names)}${argumentsOf(names)}`
  return random.pick<() => readonly Node[]>([
    () => [`exec ${program()}`],
    () => [`exec ${program()}`],
    () => [`exec ${program()}`],
    () => [`exec ${program()}`],
    () => ['exec "$@"'],
    () => ['exec "$@"'],
    () => [`exec ${random.pick(['"${@:-/app/server}"', '"${@-/app/server}"', '${@:-tool x}', '${@+"$@"}'])}`],
    () => [`set -- ${random.pick(['"${@:-server}"', '"${@:-/app/server}"', '${*:-/app/server x}'])}`, 'exec "$@"'],
    () => [program()],
    () => [program()],
    () => [`exec ${random.pick(['env', 'env A=b', 'nice', 'nohup', 'timeout 5', 'env -i'])} ${program()}`],
    () => [`exec sh ${programPath(names)}`],
    () => ['if [ $# -eq 0 ]; then set -- /app/server; fi', 'exec "$@"'],
    () => ['[ "$1" = server ] && set -- /app/server "$@"', 'exec "$@"'],
    () => ['[ "${1#-}" != "$1" ] && set -- tool "$@"', 'exec "$@"'],
    () => [`${program()} &`, 'wait'],
    () => [`${program()} & pid=$!`, `trap 'kill "$pid"' TERM INT`, 'wait "$pid"'],
    () => [
      {parts: [`if ${programPath(names)} version >/dev/null 2>&1; then`, [`set -- ${programPath(names)} "$@"`], 'fi']},
      'exec "$@"',
    ],
    () => [`${program()} || exec ${program()}`],
    () => [`[ -x ${programPath(names)} ] && exec ${program()}`, `exec ${program()}`],
    () => [
      {parts: [`if [ -x ${programPath(names)} ]; then`, [`exec ${program()}`], 'else', [`exec ${program()}`], 'fi']},
    ],
    () => [
      {parts: [`if command -v ${bareName(names)} >/dev/null 2>&1; then`, [`exec ${program()}`], 'fi']},
      `exec ${program()}`,
    ],
    () => [`eval "exec ${random.pick(['/tmp/app', '/app/server', 'tool'])} x"`],
    () => ['main() { exec "$@"; }', `main ${program()}`],
    () => [],
  ])()
}
