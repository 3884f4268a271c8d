#!/usr/bin/env bash
# s6-svscan of s6 2.13.1.0 (Debian 13) against 2.11.3.2 (Debian 12). Service directories are linked into the scan
# directory, and one of the links leads to a package that the image no longer has. One expects what 2.11 does: a warning,
# and the other services start. 2.13 prints the same warning, `unable to stat gone`, stays up, and starts **none** of the
# services: the container runs, with nothing in it. Rebuilding an image on Debian 13 is enough. Needs root.
set -eu
[ "$(id -u)" = 0 ] || { echo 'this needs root' >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mirror=$(apt-get indextargets --format '$(REPO_URI)' | head -n 1)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

unpack() { # SUITE PACKAGE=VERSION...: their files in SUITE/root
  local suite=$1 apt="$dir/$1/apt"
  shift
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$suite/root"
  echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/sources.list"
  : >"$apt/status"
  local options=(-qq -o APT::Sandbox::User=root -o "Dir::State=$apt" -o "Dir::State::status=$apt/status"
    -o "Dir::Cache=$apt/cache" -o "Dir::Etc::SourceList=$apt/sources.list" -o Dir::Etc::SourceParts=-)
  apt-get "${options[@]}" update
  (cd "$suite" && apt-get "${options[@]}" download "$@")
  mkdir -p "$suite/root/usr/bin" "$suite/root/usr/lib" "$suite/root/usr/lib64"
  (cd "$suite/root" && ln -s usr/bin bin && ln -s usr/lib lib && ln -s usr/lib64 lib64)
  for package in "$suite"/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar --keep-directory-symlink -x -C "$suite/root"
  done
}

started() { # SUITE: the services that ran within two seconds, with a dangling link and without
  local root=$1/root service
  mkdir -p "$root/scan" "$root/services" "$root/dev"
  : >"$root/dev/null"
  for service in first last; do
    mkdir "$root/services/$service"
    printf '#!/bin/busybox sh\n: >/ran-%s\nexec /bin/busybox sleep 60\n' "$service" >"$root/services/$service/run"
    chmod +x "$root/services/$service/run"
    ln -s "../services/$service" "$root/scan/$service"
  done
  scan "$root" 'all links lead to a service:    '
  ln -s ../services/gone "$root/scan/gone"
  scan "$root" 'one link leads nowhere:         '
}

scan() {
  rm -f "$1"/ran-* "$1"/services/*/supervise/lock
  chroot "$1" /usr/bin/s6-svscan /scan 2>"$dir/err" &
  local pid=$!
  sleep 2
  echo "$2 $(cd "$1" && echo ran-*), $(grep -o 'unable to stat .*' "$dir/err" || echo 'no warning')"
  kill -TERM "$pid"
  wait "$pid" || true
}

unpack bookworm s6=2.11.3.2-1 libs6-2.11=2.11.3.2-1 libskarnet2.13=2.13.1.1-1 execline=2.9.3.0-1 \
  libexecline2.9=2.9.3.0-1 libc6 busybox-static=1:1.35.0-4+deb12u1+b1
unpack trixie s6=2.13.1.0-1 libs6-2.13=2.13.1.0-1 libskarnet2.14t64=2.14.3.0-1 execline=2.9.6.1-1 \
  libexecline2.9=2.9.6.1-1 libc6 busybox-static
{
  for suite in bookworm trixie; do
    dpkg-deb -W "$suite"/s6_*.deb
    started "$suite"
  done
} | tee seen
cat >expected <<'SEEN'
s6	2.11.3.2-1
all links lead to a service:     ran-first ran-last, no warning
one link leads nowhere:          ran-first ran-last, unable to stat gone: No such file or directory
s6	2.13.1.0-1
all links lead to a service:     ran-first ran-last, no warning
one link leads nowhere:          ran-*, unable to stat gone: No such file or directory
SEEN
diff seen expected || { echo 'the behaviour has changed' >&2; exit 1; }
