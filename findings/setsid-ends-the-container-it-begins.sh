#!/usr/bin/env bash
# setsid of util-linux 2.38.1 (Debian 12). `setsid server` becomes the server in a shell, in a CI job, and behind tini:
# its process is asked for a session and then executes the program. As the first process of a container it does not.
# runc has made that process the leader of a session already, so setsid forks, leaves the program to its child, and ends:
# with it, being process 1, all others end, mostly before the child has executed anything. `docker run` says nothing and
# has exit code 0. `setsid --wait server` runs. Needs root.
set -eu
[ "$(id -u)" = 0 ] || { echo 'this needs root' >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download util-linux=2.38.1-5+deb12u3
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
setsid=$PWD/root/usr/bin/setsid
printf '#!/bin/sh\nsleep 0.2\n: >%s/done\n' "$PWD" >server
chmod +x server

wrong=0
see() { # EXPECTED WHERE COMMAND…
  local expected=$1 where=$2 seen='not run' status=0
  shift 2
  rm -f done
  "$@" || status=$?
  [ ! -e done ] || seen=run
  printf '%-30s %-8s exit code %s\n' "$where" "$seen" "$status"
  [ "$seen $status" = "$expected 0" ] || wrong=1
}
# As runc does before it executes the first process.
first=(unshare --fork --pid --kill-child=KILL perl -e 'use POSIX; POSIX::setsid(); exec @ARGV')
see run 'the first process' "${first[@]}" ./server
see 'not run' 'setsid as the first process' "${first[@]}" "$setsid" ./server
see run 'setsid --wait' "${first[@]}" "$setsid" --wait ./server
see run 'setsid behind a shell' "${first[@]}" sh -c "$setsid ./server; :"
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
