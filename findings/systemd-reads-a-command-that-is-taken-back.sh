#!/usr/bin/env bash
# systemd 252 (Debian 12). `ExecStart=` with nothing behind it takes back all commands before it, so one would think that
# those do not matter. They do: each line is read where it stands, and `ExecStart=bin/server`, whose path does not begin
# at the root, keeps the service from being loaded although an empty `ExecStart=` and a right command follow. In a drop-in
# the same line is only logged, whatever follows it there is not read, and the service is loaded.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download systemd=252.39-1~deb12u2 libsystemd-shared=252.39-1~deb12u2
for package in *.deb; do
  dpkg-deb -W "$package"
  dpkg-deb -x "$package" root
done
libraries=$(dirname "$(find root -name 'libsystemd-shared-*.so')")
wrong=0
see() { # EXPECTED UNIT-FILE [DROP-IN]
  local seen=loaded
  rm -rf units
  mkdir -p units/server.service.d
  printf '%b' "$2" >units/server.service
  [ -z "${3-}" ] || printf '%b' "$3" >units/server.service.d/own.conf
  LD_LIBRARY_PATH=$libraries root/usr/bin/systemd-analyze verify units/server.service >out 2>&1 || seen='not loaded'
  printf '%-10s  unit %s  drop-in %s\n' "$seen" "${2//\[Service\]\\n/}" "${3:-none}"
  grep -hoE '(Neither|Unknown key|Unit (configuration|server.service) ).*' out || true
  [ "$seen" = "$1" ] || wrong=1
}
right='ExecStart=/bin/true\n'
see 'not loaded' "[Service]\nExecStart=bin/server\nExecStart=\n$right"
see loaded "[Service]\nExecStart=server\nExecStart=\n$right"
see loaded "[Service]\n$right" '[Service]\nNonsense=1\nExecStartPre=bin/server\n'
grep -q 'Unknown key' out || wrong=1
see loaded "[Service]\n$right" '[Service]\nExecStartPre=bin/server\nNonsense=1\n'
! grep -q 'Unknown key' out || wrong=1
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
