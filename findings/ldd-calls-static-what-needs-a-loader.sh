#!/usr/bin/env bash
# ldd of glibc 2.36 (Debian 12). One expects that a program of which ldd says "statically linked" runs in an image made
# FROM scratch, and Dockerfiles test for these words. ldd says them, with exit status 0, of each program that needs no
# library, even if PT_INTERP names a loader without which the kernel does not start it (ENOENT, "no such file").
# `go build -buildmode=pie` without cgo makes such programs. file(1) calls the same program dynamically linked.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download libc-bin=2.36-9+deb12u14 file=1:5.44-3 libmagic1=1:5.44-3 \
  libmagic-mgc=1:5.44-3 patchelf=0.14.3-1+b1 tcc=0.9.27+git20200814.62c30a4a-1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu

# A program without any library, and the same with a loader that is not there, as in an image FROM scratch.
cat >program.c <<'C'
void _start(void) { __asm__ volatile("mov $60, %eax; xor %edi, %edi; syscall"); }
C
root/usr/bin/tcc -nostdlib -o with-loader program.c
cp with-loader without-loader
root/usr/bin/patchelf --set-interpreter /lib/ld-not-in-this-image.so.1 without-loader

wrong=0
see() { # EXPECTED WHAT COMMAND...
  local expected=$1 what=$2 status=0
  shift 2
  "$@" >out 2>&1 || status=$?
  echo "$what exit status $status $(grep -oE '(statically|dynamically) linked|required file not found' out || true)"
  case "$status $(cat out)" in $expected) ;; *) wrong=1 ;; esac
}
see '0 *' 'with the loader, run       ' ./with-loader
see '127 *' 'without the loader, run    ' ./without-loader
see '0 *statically linked*' 'without the loader, by ldd ' root/usr/bin/ldd ./without-loader
see '0 *dynamically linked*' 'without the loader, by file' \
  root/usr/bin/file -b -m root/usr/lib/file/magic.mgc without-loader
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
