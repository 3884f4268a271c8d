#!/usr/bin/env bash
# libtree 3.1.1 (Debian 12) exits with 28 where a needed library is missing. For brevity it hides libc, libgcc_s and
# libstdc++, and one expects that it only hides them: with -v the same file gives more lines and the same exit status.
# They are not looked for at all. An add-on made for musl has no libc on a glibc system: without -v that is exit status
# 0, with -v 28. Where `libtree app` guards an image, the library that is missing most often is the one that passes.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download libtree=3.1.1-2
dpkg-deb -x libtree_*.deb root
npm install --silent --no-audit --no-fund --ignore-scripts --force --prefix . \
  @rollup/rollup-linux-x64-musl@4.68.8 @rollup/rollup-linux-arm64-gnu@4.68.8 2>/dev/null
libtree=root/usr/bin/libtree

wrong=0
try() { # EXPECTED ARGUMENT...
  local expected=$1 status=0
  shift
  "$libtree" "$@" >out 2>&1 || status=$?
  printf '%-6s exit status %-3s %s\n' "$1" "$status" "$(grep -o '[^ ]* not found' out | paste -sd, || true)"
  [ "$status" = "$expected" ] || wrong=1
}
dpkg-deb -W libtree_*.deb
musl=node_modules/@rollup/rollup-linux-x64-musl/rollup.linux-x64-musl.node
arm64=node_modules/@rollup/rollup-linux-arm64-gnu/rollup.linux-arm64-gnu.node
export LD_LIBRARY_PATH= # nothing but the system's own directories
echo 'an add-on for musl:'
try 0 -p "$musl"
try 28 -v "$musl"
echo 'an add-on for arm64:'
try 28 -p "$arm64"
try 28 -v "$arm64"
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
