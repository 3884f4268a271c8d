#!/usr/bin/env bash
# dash 0.5.12 (Debian 12, where it is /bin/sh). A careful start script ends with `exec -- "$@"`, so that no argument is
# taken for an option. bash, busybox ash and mksh start the program. dash takes `--` in `command`, `trap` and `.`, but
# with `exec` it looks for a program named `--`, and the container ends with 127. A script that was tested on Alpine or
# with bash stops on Debian, though every program in the image is there and of the right architecture.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download dash=0.5.12-2 bash=5.2.15-2+b13 busybox=1:1.35.0-4+deb12u1+b1 \
  mksh=59c-28+deb12u1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done

printf '#!/bin/sh\nexec -- "$@"\n' >start-with-exec
printf '#!/bin/sh\ncommand -- "$@"\n' >start-with-command

wrong=0
try() { # EXPECTED SCRIPT SHELL...
  local expected=$1 script=$2 status=0
  shift 2
  PATH=/usr/bin:/bin "$@" "$script" /bin/echo started >out 2>&1 || status=$?
  printf '%-11s %-18s exit status %-3s %s\n' "${*##*/bin/}" "$script" "$status" "$(sed 's/^.*: exec/exec/' out)"
  [ "$status" = "$expected" ] || wrong=1
}
bin=root/bin
try 127 start-with-exec $bin/dash
try 0 start-with-command $bin/dash
try 0 start-with-exec $bin/bash
try 0 start-with-exec $bin/busybox ash
try 0 start-with-exec $bin/mksh
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
