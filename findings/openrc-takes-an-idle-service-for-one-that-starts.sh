#!/usr/bin/env bash
# OpenRC 0.45.2 (Debian 12). `rc-service server start` in an image, where OpenRC has not booted anything, says `WARNING:
# server is already starting`, starts nothing, and has exit code 1. One looks for whatever else starts the server. Nothing
# does: the file that locks a service is made in /run/openrc/exclusive, which is not there, and that it cannot be made is
# taken for another process that holds it. What OpenRC itself advises for a system that it has not booted, `touch
# /run/openrc/softlevel`, changes nothing. With both the file and the directory the service starts. Needs root.
set -eu
[ "$(id -u)" = 0 ] || { echo 'this needs root' >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download openrc=0.45.2-2+deb12u1 librc1=0.45.2-2+deb12u1 \
  libeinfo1=0.45.2-2+deb12u1
for package in *.deb; do dpkg-deb -W "$package"; done
wrong=0
see() { # EXPECTED WHAT-IS-MADE
  local seen='not started' status=0
  rm -rf root
  mkdir -p root/bin root/run
  for package in *.deb; do dpkg-deb -x "$package" root; done
  # The shell and the tools of this machine, with their libraries, and those of OpenRC.
  for name in sh mkdir touch sed grep; do cp -L "$(command -v "$name")" root/bin/; done
  for file in root/bin/* root/sbin/* root/lib/rc/bin/*; do
    { ldd "$file" 2>/dev/null || true; } | { grep -o '/[^ ]*' || true; } | while read -r library; do
      [ ! -f "$library" ] || cp -Ln --parents "$library" root
    done
  done
  mkdir -p root/etc/init.d root/etc/runlevels/default
  printf '#!/sbin/openrc-run\nstart() {\n  : >/started\n}\n' >root/etc/init.d/server
  chmod +x root/etc/init.d/server
  status=0
  chroot root sh -c "$2
    exec rc-service server start" >out 2>&1 || status=$?
  [ ! -e root/started ] || seen=started
  printf '%-62s %-12s exit code %s\n' "${2:-nothing}" "$seen" "$status"
  grep -hE 'already|touch' out | head -n 1 || true
  [ "$seen" = "$1" ] || wrong=1
}
see 'not started' ''
see 'not started' 'mkdir -p /run/openrc; touch /run/openrc/softlevel'
see started 'mkdir -p /run/openrc/exclusive; touch /run/openrc/softlevel'
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
