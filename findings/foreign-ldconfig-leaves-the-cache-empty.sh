#!/usr/bin/env bash
# ldconfig of glibc 2.36 (Debian 12). `ldconfig -r DIR` is there for the root of another system, so one expects a cache
# of the libraries in the directories that DIR/etc/ld.so.conf names, or a failure. It takes only those that the machine
# of ldconfig itself could load. Of an arm64 or s390x root, ldconfig of amd64 makes an empty cache and no soname link,
# without a word and with exit status 0 (-v names the machine of arm64, and of s390x not even that). The image that is
# made so for another platform lacks the libraries of /usr/local/lib, although each file in it is right.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download libc-bin=2.36-9+deb12u14 patchelf=0.14.3-1+b1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
npm install --silent --no-audit --no-fund --ignore-scripts --force --prefix . @rollup/rollup-linux-x64-gnu@4.68.8 \
  @rollup/rollup-linux-arm64-gnu@4.68.8 @rollup/rollup-linux-s390x-gnu@4.68.8 2>/dev/null

wrong=0
try() { # ARCHITECTURE EXPECTED: exit status, entries in the cache, soname links, lines on standard error
  local image=$dir/image-$1 status=0 cached links lines
  mkdir -p "$image/etc" "$image/lib" "$image/usr/lib" "$image/usr/local/lib" "$image/var/cache/ldconfig"
  echo /usr/local/lib >"$image/etc/ld.so.conf"
  cp "node_modules/@rollup/rollup-linux-$1-gnu/rollup.linux-$1-gnu.node" "$image/usr/local/lib/libshared.so.1.0"
  root/usr/bin/patchelf --set-soname libshared.so.1 "$image/usr/local/lib/libshared.so.1.0"
  root/sbin/ldconfig -r "$image" 2>err || status=$?
  cached=$(root/sbin/ldconfig -p -C "$image/etc/ld.so.cache" | grep -c libshared || true)
  links=$(find "$image/usr/local/lib" -name libshared.so.1 | wc -l)
  lines=$(grep -vc "Can't stat" err || true)
  echo "$1: exit status $status, entries in the cache: $cached, soname links: $links, messages: $lines"
  [ "$status $cached $links $lines" = "$2" ] || wrong=1
}
try x64 '0 1 1 0'
try arm64 '0 0 0 0'
try s390x '0 0 0 0'
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
