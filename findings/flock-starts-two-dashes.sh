#!/usr/bin/env bash
# util-linux 2.38.1 (Debian 12). `flock FILE -- COMMAND` looks like `timeout 5s -- COMMAND` or any other use of `--`, and
# one expects COMMAND to run under the lock. flock ends its options at FILE, and starts a program of the name `--`: exit
# status 69, and COMMAND is never run. Behind its options (`flock -n -- FILE COMMAND`) `--` is what it is elsewhere.
# A start script `flock /run/lock -- /app` never starts /app, and a check that takes what stands behind `--` for the
# program finds nothing wrong with it.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download util-linux=2.38.1-5+deb12u3
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
flock=root/usr/bin/flock

wrong=0
see() { # EXPECTED COMMAND...
  local expected=$1 status=0
  shift
  "$@" >out 2>err || status=$?
  printf '%-48s exit status %s: %s\n' "$*" "$status" "$(cat out err)"
  [ "$status: $(cat out)" = "$expected" ] || wrong=1
}
see '0: started' $flock lock echo started
see '0: started' $flock -n -- lock echo started
see '69: ' $flock lock -- echo started
see '69: ' $flock -n lock -- echo started
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
