// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import type {Node} from './start-script.ts'
import {argumentsOf, bareName, callee, changedPath, directoryPath, type Names, programPath} from './words.ts'

type Body = (count: number) => readonly Node[]

/** What shells do in their own ways, and few scripts ask for: each stands in a script of any shell. */
export function dialectIdioms(names: Names, body: Body): readonly (() => readonly Node[])[] {
  return [...nameIdioms(names, body), ...inputIdioms(names, body), ...grammarIdioms(names, body)]
}

/** Aliases, constants, and places that a shell remembers. */
function nameIdioms(names: Names, body: Body): readonly (() => readonly Node[])[] {
  const {random} = names
  const call = () => `${callee(names)}${argumentsOf(names)}`
  const path = () => random.pick(['/app/server', '/tmp/app', '/usr/local/bin/tool', '/opt/bin/worker'])
  return [
    () => [`alias go='${random.pick(['exec', 'env', 'command', path(), 'echo go'])}'`, `go ${call()}`],
    () => [
      `alias go=${path()}; ${random.pick(['go || true', 'go x && echo gone', ':'])}`,
      random.pick(['go', 'go || :']),
    ],
    () => [
      {parts: ['late() {', ['go x'], '}']},
      `alias go='${random.pick(['true', 'exit 0', path()])}'`,
      'late || true',
    ],
    () => [
      `alias go='${random.pick(['true', 'cp /app/server', 'BIN=x env'])}'`,
      random.pick([
        '"go" a || true',
        '\\go a || true',
        '(go /tmp/app)',
        'command -v go',
        'unalias go',
        'X=go; $X || :',
      ]),
    ],
    () => [`if ${bareName(names)} --version; then alias go=${path()}; fi`, 'go || true'],
    () => [
      `readonly BIN=${path()}`,
      random.pick([`BIN=${path()}; echo same`, `export BIN=${path()}`, 'unset BIN', ':']),
    ],
    () => [
      'readonly NAME=tool',
      random.pick(['NAME=x || true', 'NAME=x env', 'read -r NAME < /etc/app.conf', '(NAME=x)']),
    ],
    () => ['readonly N=1', random.pick([': $((N = 2))', 'for N in 1 2; do echo x; done', 'local N=2', 'readonly N=1'])],
    // It is found, and then there is another one of its name.
    () => {
      const name = bareName(names)
      const find = random.pick([
        `type ${name}`,
        `hash ${name}`,
        `command -v ${name}`,
        name,
        `(${name})`,
        `${name} | cat`,
      ])
      const to = random.pick(['/usr/local/bin', '/opt/bin', '/app', '/data/bin'])
      const change = random.pick([
        `ln -f ${programPath(names)} ${to}/${name}`,
        `cp ${programPath(names)} ${to}/${name}`,
        `rm -f ${to}/${name}`,
        `mv ${to}/${name} /tmp/moved`,
        `chmod -x ${to}/${name}`,
      ])
      return [
        `${find} >/dev/null 2>&1 || true`,
        change,
        random.pick([':', ':', ':', 'hash -r', 'PATH=$PATH', 'cd /app']),
        random.pick([name, `exec ${name}`, `command -v ${name} || exit 3`, `${name} & wait $!`, `${name} || true`]),
      ]
    },
    () => [
      `cd ${directoryPath(names)}`,
      random.pick(['exec ./server', 'exec ./worker x', './tool', 'exec ../app/server']),
    ],
    () => [random.pick(['return', 'return 1', 'return 0']) + random.pick(['', ` || ${call()}`, ` && ${call()}`])],
    () => [`mv ${path()} ${path()} &`, ...body(1), `${call()} & pid=$!`, 'wait "$pid"'],
  ]
}

/** What is read, and by whom. */
function inputIdioms(names: Names, body: Body): readonly (() => readonly Node[])[] {
  const {random} = names
  const some = () => body(1)
  return [
    () => [
      {
        parts: [
          'while read -r l; do',
          [random.pick(['exec $l', '$l || true', 'BIN=$l']), ...some()],
          'done < /etc/app.conf',
        ],
      },
    ],
    () => [
      {
        parts: [
          'while read -r a b; do',
          [random.pick(['exec "$a" $b', 'BIN=$a; break', 'cp "$a" "$b"']), ...some()],
          `done <<EOF\n/app/server /tmp/app\n/opt/bin/worker /tmp/b\nEOF`,
        ],
      },
    ],
    () => [
      `printf '%s\\n' /app/server /tmp/app > /tmp/b`,
      `{ read -r D; ${random.pick([':', 'read -r BIN', 'cat'])}; } < /tmp/b`,
    ],
    () => [
      {
        parts: [
          random.pick(['cat /etc/app.conf | while read -r BIN; do', 'echo /tmp/app | while read -r BIN; do']),
          some(),
          'done',
        ],
      },
    ],
    () => [
      `set -C`,
      random.pick([': > /etc/app.conf', 'echo x > /tmp/app', `echo x >| ${changedPath(names)}`, ': >> /tmp/b']),
    ],
    () => [`BIN=${programPath(names)} > /missing/file`],
  ]
}

/** Words and options that only some of them know. */
function grammarIdioms(names: Names, body: Body): readonly (() => readonly Node[])[] {
  const {random} = names
  const call = () => `${callee(names)}${argumentsOf(names)}`
  const some = () => body(1)
  return [
    () => [`${random.pick(['time', 'time -p', '! time', 'time !'])} ${call()}`],
    () => [random.pick([`time { ${call()}; }`, `time (${call()})`, `time ${call()} | cat`])],
    () => [{parts: ['function early {', some(), '}']}, random.pick(['early', 'early || true', ':'])],
    () => [{parts: ['function early() {', some(), '}']}, 'early || true'],
    () => [`function early { ${call()}; }`, 'early'],
    () => [{parts: ['function early\n{', some(), '}']}, 'early || true'],
    () => [`${call()} |& cat`],
    () => [
      random.pick(['set -h', 'set -Z', 'set -Z || true', 'command set -Z', 'set -o posix', 'set -o nolog', 'set -eZ']),
    ],
    () => [
      random.pick(['set -a', 'set -f', 'set -k', 'set -t', 'set -b', 'set -E', 'set -o nosuch || true', 'set +B']),
    ],
    () => ['set -a', `PATH=/opt/bin:$PATH`, `env ${bareName(names)}`],
    () => [`set -- {Y..b}`, random.pick(['[ $# -gt 3 ] && BIN=/app/server', ': "$2"'])],
    () => [
      `ln -sfn ${random.pick(['/app', '/opt/bin', '/opt'])} /tmp/l`,
      random.pick([
        'rm -r /tmp/l/',
        'rm -rf /tmp/l/',
        'mv /tmp/l/ /tmp/m',
        'rm /tmp/l/',
        'rmdir /tmp/l/',
        'cp -r /tmp/l/ /tmp/m',
      ]),
    ],
    () => [`stdbuf -oL ${call()}`],
  ]
}
