#!/usr/bin/env bash
# dash 0.5.12 (Debian 12, where it is /bin/sh). Start scripts ask whether the first argument is an option: `case "$1" in
# [^-]*) exec "$@" ;; esac; exec app "$@"`. One expects [^-] to be any other character, as in bash and in busybox ash.
# To dash and mksh it is a caret or a minus (only [!-] negates), without a warning: the same script and the same
# arguments start another program on Debian than on Alpine.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download dash=0.5.12-2 bash=5.2.15-2+b13 busybox=1:1.35.0-4+deb12u1+b1 \
  mksh=59c-28+deb12u1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done

for sign in ^ !; do
  cat >"start$sign" <<SH
case "\$1" in
  [$sign-]*) exec "\$@" ;;
esac
exec echo app "\$@"
SH
done

wrong=0
try() { # EXPECTED SCRIPT SHELL...
  local expected=$1 script=$2 seen
  shift 2
  seen=$(PATH=/usr/bin:/bin "$@" "$script" echo other)
  printf '%-11s [%s-]* starts %s\n' "${*##*/bin/}" "${script#start}" "$seen"
  [ "$seen" = "$expected" ] || wrong=1
}
bin=root/bin
try 'other' 'start^' $bin/bash
try 'other' 'start^' $bin/busybox ash
try 'app echo other' 'start^' $bin/dash
try 'app echo other' 'start^' $bin/mksh
for shell in bash 'busybox ash' dash mksh; do try 'other' 'start!' $bin/$shell; done
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
