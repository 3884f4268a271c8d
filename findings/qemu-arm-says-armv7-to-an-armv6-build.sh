#!/usr/bin/env bash
# qemu-arm 7.2 (Debian 12), the emulator under a build for linux/arm/v6 on another machine. One expects `uname -m` in
# that build to be armv6l. qemu-arm is not told of the platform: without -cpu or QEMU_CPU it is its newest processor and
# says armv7l, also to a program that was built for ARMv6. A `RUN curl .../app-$(uname -m)` puts an ARMv7 program into
# the linux/arm/v6 image, which runs in the build and dies on a Raspberry Pi Zero.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download qemu-user=1:7.2+dfsg-7+deb12u18+b3 \
  libcapstone4=4.0.2-5 liburing2=2.3-3 binutils-arm-linux-gnueabi=2.40-2 \
  libbinutils=2.40-2 libjansson4=2.14-2
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu
bin=root/usr/bin

# A program for ARMv6 that prints the machine of uname(2).
cat >uname.s <<'ASM'
.global _start
_start:
  ldr r0, =names
  mov r7, #122            @ uname
  swi 0
  mov r0, #1
  ldr r1, =names + 4 * 65 @ the field machine
  mov r2, #8
  mov r7, #4              @ write
  swi 0
  mov r0, #0
  mov r7, #1              @ exit
  swi 0
.bss
names: .space 6 * 65
ASM
"$bin/arm-linux-gnueabi-as" -march=armv6 -o uname.o uname.s
"$bin/arm-linux-gnueabi-ld" -o uname-armv6 uname.o
"$bin/arm-linux-gnueabi-readelf" -A uname-armv6 | grep Tag_CPU_arch

wrong=0
try() { # EXPECTED OPTION...
  local expected=$1 seen
  shift
  seen=$("$bin/qemu-arm" "$@" ./uname-armv6 | tr -d '\0')
  echo "qemu-arm${*:+ $*}: uname -m is $seen"
  [ "$seen" = "$expected" ] || wrong=1
}
try armv7l
try armv6l -cpu arm1176
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
