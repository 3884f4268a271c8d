#!/usr/bin/env bash
# binutils 2.40, elfutils 0.188 and pax-utils 1.3.7 (Debian 12). The kernel and the loader go by the program headers: a
# program without section headers (`eu-strip --strip-sections`, some linkers) starts and loads its libraries as before.
# One expects the ELF tools to list these libraries, or to fail. `readelf -d` lists them; `objdump -p`, `eu-readelf -d`
# and `scanelf -n` print none, with exit status 0. A check that is built on one of these takes the program for one that
# needs nothing, and misses each library that is not in the image.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download dash=0.5.12-2 binutils-x86-64-linux-gnu=2.40-2 libbinutils=2.40-2 \
  elfutils=0.188-2.1 libelf1=0.188-2.1 libdw1=0.188-2.1 libasm1=0.188-2.1 pax-utils=1.3.7-1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu
bin=root/usr/bin

cp root/bin/dash with-sections
cp root/bin/dash without-sections
"$bin/eu-strip" --strip-sections without-sections

wrong=0
see() { # EXPECTED COMMAND...: the exit status, and whether the library is named
  local expected=$1 status=0
  shift
  "$@" >out 2>/dev/null || status=$?
  local seen="exit status $status, $(grep -q 'libc\.so\.6' out && echo libc.so.6 || echo nothing)"
  printf '%-48s %s\n' "${*#"$bin"/}" "$seen"
  [ "$seen" = "$expected" ] || wrong=1
}
for program in with-sections without-sections; do
  ./$program -c "echo '$program starts'"
  see 'exit status 0, libc.so.6' "$bin/x86_64-linux-gnu-readelf" -d $program
done
for tool in 'x86_64-linux-gnu-objdump -p' 'eu-readelf -d' 'scanelf -n'; do
  see 'exit status 0, libc.so.6' "$bin/"$tool with-sections
  see 'exit status 0, nothing' "$bin/"$tool without-sections
done
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
