// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of shells
import {texts} from '../target.ts'

/** Start scripts that between them have the grammar, the builtins and the commands that are followed. */
export const SCRIPTS: readonly Uint8Array[] = texts(
  'set -euo pipefail\nif [ "${1#-}" != "$1" ]; then set -- /app/server "$@"; fi\nexec "$@"',
  'case "$(uname -m)" in x86_64|amd64) a=amd64 ;; aarch64) a=arm64;; *) exit 1 ;; esac\nexec /app/server-$a',
  'f() { local x=$1; shift; echo "${x:-y}" "$*"; return 2; }\nf a b && exec /app/server || exec /app/arm',
  'for i in a b "c d"; do while read -r l; do [[ $l =~ ^a(b)*$ ]] && break 2; done < /etc/app.conf; done\n. /app/script',
  'x=$((1 + 2 * (3 << 4) % 5)); : "${A:=b}" "${A%%/*}" "${A##*/}" "${A/x/y}" "${#A}" "${A:1:2}"\nexec env A=1 B="$x" /app/server',
  'cat <<EOF >/tmp/x\n#!/bin/sh\nexec $0 ${B-c}\nEOF\nchmod +x /tmp/x; trap "echo x" EXIT INT; eval "exec /tmp/x"',
  "echo aaab | sed 's/\\(a*\\)*c/x/g' | cut -d: -f1 | tr a-z A-Z > /tmp/y; cp /app/server /tmp/z; mv /tmp/z /tmp/q; ln -s q /tmp/z; /tmp/z &\nwait",
  'select x in a; do :; done; until false; do exit; done; (cd /app && ./server) | tee /tmp/l; { /app/server; } 2>&1\n',
  "IFS=,; set -- a,b; for x; do printf '%s\\n' \"$x\"; done; a=(1 2 3); echo ${a[@]} ${!a} $'\\x41'; exec gosu app /app/server",
  'install -m 755 /app/server /usr/bin/x; rm -rf /app/*; mkdir -p /data/a/b; touch /data/c; getconf LONG_BIT; command -v foo >/dev/null && foo',
)

/** Words of the shell's grammar. */
export const SHELL_WORDS: readonly string[] = [
  ...['$(', '`', '${', '$((', '))', '"$@"', "$'", '<<EOF\n', '\nEOF\n', ';;', '&&', '||', '\n', '; ', ' | '],
  ...['if ', 'then ', 'else ', 'fi\n', 'while ', 'do ', 'done\n', 'case ', ' in ', 'esac\n', '{ ', '}\n', '[[ ', ' ]]'],
  ...['##*', '%%*', '//', ':-', ':=', '*', '?', '[a-z]', '[!', '\\(', '\\)*', '\\1', '$x', '=', '+=', 'x='],
]
