#!/usr/bin/env bash
# timeout of coreutils 9.1 and of busybox 1.35.0 (Debian 12). One expects 124 of both where the time ran out. The
# busybox one executes the program in its own process and sends the signal from a process beside it, so the status is
# the program's own: 143, or 0 of a program that ends well on SIGTERM. `HEALTHCHECK CMD timeout 5 check` with such a
# check is unhealthy in a Debian image and healthy in a busybox one; and as an entrypoint, the program itself is PID 1
# only there.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download coreutils=9.1-1 busybox=1:1.35.0-4+deb12u1+b1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done

cat >polite <<'SH'
#!/bin/sh
trap 'exit 0' TERM
sleep 3 &
wait
SH
cat >who <<'SH'
#!/bin/sh
[ $$ = "$STARTED" ] && echo 'in the process of timeout' || echo 'in a child of timeout'
SH
chmod +x polite who

wrong=0
try() { # EXPECTED COMMAND...: with the status, the answer and where the program runs
  local expected=$1 status=0 place
  shift
  { "$@" 1 sleep 3 || status=$?; } >/dev/null 2>&1
  local seen=$status
  status=0
  { "$@" 1 ./polite || status=$?; } >/dev/null 2>&1
  place=$(sh -c 'STARTED=$$; export STARTED; exec "$@" 5 ./who' sh "$@")
  seen="$seen, $status, $place"
  echo "${*#root/}: $seen"
  [ "$seen" = "$expected" ] || wrong=1
}
echo 'status of sleep, status of a program that ends well on SIGTERM, where the program runs'
try '124, 124, in a child of timeout' root/usr/bin/timeout
try '143, 0, in the process of timeout' root/bin/busybox timeout
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
