#!/usr/bin/env bash
# musl 1.2.3 and glibc 2.36 (Debian 12). A library that is loaded already satisfies a later DT_NEEDED of its DT_SONAME:
# that is how glibc works, and one expects it of every loader. musl never reads DT_SONAME. It goes by the name that was
# asked for and by the file that it finds under it, so a library that came by its path, as LD_PRELOAD gives it, is not
# the library that another one needs, and the program does not start. The same files are good in a glibc image.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download \
  musl=1.2.3-1 libc6=2.36-9+deb12u14 tcc=0.9.27+git20200814.62c30a4a-1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done

# The program needs libuser.so, which needs libplugin.so.1: the soname of plugins/plugin.so. No libc is needed.
mkdir plugins
echo 'int plugin(void) { return 0; }' >plugin.c
echo 'int plugin(void); int use(void) { return plugin(); }' >user.c
cat >program.c <<'C'
int use(void);
void _start(void) {
  use();
  __asm__ volatile("mov $60, %eax; xor %edi, %edi; syscall");
}
C
tcc() { root/usr/bin/tcc -nostdlib "$@"; }
tcc -shared -Wl,-soname=libplugin.so.1 -o plugins/plugin.so plugin.c
tcc -shared -o libuser.so user.c plugins/plugin.so
cp plugins/plugin.so libplugin.so.1 # for the linker alone
tcc -L. -o program program.c libuser.so
rm libplugin.so.1

wrong=0
try() { # NAME EXPECTED LOADER
  local status=0
  LD_LIBRARY_PATH=$dir LD_PRELOAD=$dir/plugins/plugin.so "$dir/root/lib/$3" ./program >out 2>&1 || status=$?
  echo "$1: exit status $status $(head -n 1 out)"
  [ "$status" = "$2" ] || wrong=1
}
try glibc 0 x86_64-linux-gnu/ld-linux-x86-64.so.2
try musl 127 x86_64-linux-musl/libc.so
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
