#!/usr/bin/env bash
# busybox ash 1.35.0 and dash 0.5.12 (Debian 12). One expects `command -v NAME` to print the file that the shell would
# start. ash takes the first file of that name in PATH, executable or not, and then starts another one, further on.
# With a path in place of a name, ash and dash print any file that exists, with exit status 0, and fail with 126 to
# start it; bash prints nothing. A start script that asks `command -v` is so answered differently on Alpine and Debian,
# and a check that models it must ask for the execute bit when the shell starts the file, not when it looks for it.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download busybox=1:1.35.0-4+deb12u1+b1 dash=0.5.12-2 bash=5.2.15-2+b13
for package in *.deb; do dpkg-deb -x "$package" root; done
for package in *.deb; do dpkg-deb -W "$package"; done

mkdir first second
printf '#!/bin/sh\necho second\n' >second/tool
cp second/tool first/tool
chmod 0644 first/tool
chmod 0755 second/tool

wrong=0
try() { # SHELL EXPECTED SCRIPT
  local seen
  seen=$(PATH="$dir/first:$dir/second" $1 -c "$3" 2>/dev/null || echo "status $?")
  seen=$(echo "$seen" | sed "s|$dir/||" | paste -sd' ')
  printf '%-5s %-48s %s\n' "${1##*[/ ]}" "${3//$dir\//}" "$seen"
  [ "$seen" = "$2" ] || wrong=1
}
ash="$dir/root/bin/busybox ash" dash=$dir/root/bin/dash bash=$dir/root/bin/bash

try "$ash" 'first/tool second' 'command -v tool; tool'
try "$dash" 'second/tool second' 'command -v tool; tool'
try "$bash" 'second/tool second' 'command -v tool; tool'

for shell in "$ash" "$dash"; do
  try "$shell" 'first/tool status 126' "command -v $dir/first/tool && $dir/first/tool"
done
try "$bash" 'status 1' "command -v $dir/first/tool && $dir/first/tool"
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
