#!/usr/bin/env bash
# init of busybox 1.35.0 (Debian 12). A line of /etc/inittab is `id::action:process`, and one would write, and read,
# `::respawn: /bin/server` as `::respawn:/bin/server`, since blanks in front of a command mean nothing to a shell. busybox
# splits the command at blanks without a shell, and the word before the first blank is an empty one: it executes a
# program without a name, once a second, for ever. The container runs, its log says `can't run '': No such file or
# directory`, and the server is never started. Where the line has a sign of a shell, such as a redirection, a shell reads
# it, and the blank does no harm: a line that worked breaks when its `2>/dev/null` is taken away. Needs root.
set -eu
[ "$(id -u)" = 0 ] || { echo 'this needs root' >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download busybox-static=1:1.35.0-4+deb12u1+b1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
mkdir -p root/etc root/sbin root/dev
ln -s /bin/busybox root/sbin/init
ln -s busybox root/bin/sh
printf '#!/bin/sh\n: >/started\nexec /bin/busybox sleep 60\n' >root/bin/server
chmod +x root/bin/server

wrong=0
see() { # EXPECTED LINE
  rm -f root/started
  printf '%s\n' "$2" >root/etc/inittab
  unshare --fork --pid --kill-child=KILL chroot root /sbin/init >out 2>&1 &
  local pid=$! seen='not started'
  sleep 2
  [ ! -e root/started ] || seen=started
  kill -KILL "$pid"
  wait "$pid" 2>/dev/null || true
  printf '%-34s %s\n' "$2" "$seen"
  [ "$seen" = "$1" ] || wrong=1
}
see started '::respawn:/bin/server'
see 'not started' '::respawn: /bin/server'
see started '::respawn: /bin/server 2>/dev/null'
see 'not started' '::once: /bin/server'
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
