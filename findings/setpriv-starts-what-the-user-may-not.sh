#!/usr/bin/env bash
# util-linux 2.38.1 (Debian 12). Start scripts give up root by `setpriv --reuid=USER … PROGRAM`, and one expects what
# gosu, su-exec, chpst and setuidgid do: a program that USER may not execute is refused with "Permission denied". setpriv
# changes the ids and keeps root's capabilities until execve, so that the program's permissions are those of root: a file
# of mode 0700 that belongs to root starts, as USER and without capabilities. What the program then starts itself is
# refused. A check of execute permissions that treats all of them alike stops a good image, or passes a broken one.
# Needs root.
set -eu
[ "$(id -u)" = 0 ] || { echo 'this needs root' >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download util-linux=2.38.1-5+deb12u3 libcap-ng0=0.8.3-1+b3 \
  daemontools=1:0.76-8.1 runit=2.1.2-54 coreutils=9.1-1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH=$dir/root/usr/lib/x86_64-linux-gnu
chmod 755 "$dir"
install -m 700 root/usr/bin/id only-root
ls -l only-root

wrong=0
see() { # EXPECTED COMMAND...
  local expected=$1 status=0
  shift
  "$@" >out 2>err || status=$?
  printf '%-70s exit status %s: %s\n' "${*//$dir\//}" "$status" "$(cat out err)"
  [ "$status $(cat out)" = "$expected" ] || wrong=1
}
user=$(id -u nobody)
see "0 $user" root/usr/bin/setpriv --reuid=nobody --clear-groups ./only-root -u
see '126 ' root/usr/bin/setpriv --reuid=nobody --clear-groups sh -c './only-root -u'
see '111 ' root/usr/bin/setuidgid nobody ./only-root -u
see '111 ' root/usr/bin/chpst -u nobody ./only-root -u
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
