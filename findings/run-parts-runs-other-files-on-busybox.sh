#!/usr/bin/env bash
# run-parts of debianutils 5.7 and of busybox 1.35.0 (Debian 12). Start scripts run with it what is in a directory such
# as /docker-entrypoint.d, and one expects the same files of both. That of Debian passes over each name with a dot,
# without a word and with exit status 0; that of busybox runs 10-migrate.sh as well. A step of an Alpine image is left
# out of the Debian one, so what a start script runs depends on whose run-parts it finds.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download debianutils=5.7-0.5~deb12u1 busybox=1:1.35.0-4+deb12u1+b1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done

mkdir entrypoint.d
for name in 10-migrate.sh 20-warm.up 30-listen 40_report; do
  printf '#!/bin/sh\nbasename "$0"\n' >"entrypoint.d/$name"
  chmod +x "entrypoint.d/$name"
done

wrong=0
try() { # NAME EXPECTED COMMAND...
  local name=$1 expected=$2 status=0
  shift 2
  "$@" entrypoint.d >out 2>&1 || status=$?
  local seen
  seen="$status $(paste -sd' ' out)"
  echo "$name: exit status $seen"
  [ "$seen" = "$expected" ] || wrong=1
}
try debianutils '0 30-listen 40_report' root/bin/run-parts
try busybox '0 10-migrate.sh 20-warm.up 30-listen 40_report' root/bin/busybox run-parts
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
