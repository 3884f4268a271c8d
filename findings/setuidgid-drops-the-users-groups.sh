#!/usr/bin/env bash
# daemontools 0.76, runit 2.1.2 and gosu 1.14 (Debian 12). `setuidgid USER`, `chpst -u USER` and `gosu USER` stand in the
# same place of start scripts and are exchanged for each other. One expects the program to run with all groups of USER in
# /etc/group, as it does by gosu. setuidgid and chpst give it the primary group alone. A program or a directory that only
# a supplementary group may use (`docker`, `ssl-cert`, `video`) works by the one and is refused by the others, on the
# same image. Needs root.
set -eu
[ "$(id -u)" = 0 ] || { echo 'this needs root' >&2; exit 2; }
dir=$(mktemp -d)
trap 'umount "$dir/root/proc" 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download daemontools=1:0.76-8.1 runit=2.1.2-54 gosu=1.14-1+b10 \
  busybox-static=1:1.35.0-4+deb12u1+b1 libc6=2.36-9+deb12u14
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
mkdir -p root/etc root/proc
echo 'app:x:1000:1000::/:/bin/sh' >root/etc/passwd
printf '%s\n' 'app:x:1000:' 'video:x:44:app' >root/etc/group
printf '%s\n' 'passwd: files' 'group: files' >root/etc/nsswitch.conf
mount -t proc proc root/proc

wrong=0
see() { # EXPECTED COMMAND...
  local expected=$1
  shift
  local seen
  seen=$(chroot root "$@" /bin/busybox id -G)
  printf '%-24s groups: %s\n' "$*" "$seen"
  [ "$seen" = "$expected" ] || wrong=1
}
see '1000 44' /usr/sbin/gosu app
see '1000' /usr/bin/setuidgid app
see '1000' /usr/bin/chpst -u app
see '44' /usr/bin/chpst -u app:video
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
