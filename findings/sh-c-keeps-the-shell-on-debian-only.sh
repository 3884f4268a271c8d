#!/usr/bin/env bash
# dash 0.5.12, bash 5.2.15 and busybox ash 1.35.0 (Debian 12). `CMD app` becomes `sh -c app`, and one expects every
# modern shell to become the last program of -c, or none. bash and ash do. Debian's dash starts a child even for a
# single command, so PID 1 is a shell that passes no signal on: the same CMD ends at once on `docker stop` on Alpine,
# and is killed after ten seconds on Debian. A newline after the command (`command: |` in YAML) is enough to keep ash as
# PID 1 too, and a redirection to keep bash.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download dash=0.5.12-2 bash=5.2.15-2+b13 busybox=1:1.35.0-4+deb12u1+b1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done

cat >app <<'SH'
#!/bin/sh
[ $$ = "$SHELL_PID" ] && echo app || echo shell
SH
chmod +x app

# Who is left in the process that was started as `SHELL -c COMMAND`: the shell, or the app in its place.
who() { # COMMAND SHELL...
  sh -c 'SHELL_PID=$$ && export SHELL_PID && command=$1 && shift && exec "$@" -c "$command"' sh "$@"
}
newline='./app
'
wrong=0
printf '%-24s %-6s %-6s %s\n' 'sh -c' dash bash ash
try() { # COMMAND, who is left of dash, of bash and of busybox ash
  local seen
  seen=$(who "$1" root/bin/dash; who "$1" root/bin/bash; who "$1" root/bin/busybox ash)
  printf '%-24s %-6s %-6s %s\n' "'$(echo "$1" | sed ':a; N; $!ba; s/\n/\\n/g')'" $seen
  [ "$(echo $seen)" = "$2 $3 $4" ] || wrong=1
}
try './app' shell app app
try 'cd . && ./app' shell app app
try 'set -e; ./app' shell app app
try "$newline" shell app shell
try './app >&1' shell shell app
try 'trap : TERM; ./app' shell shell shell
try 'exec ./app' app app app
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
