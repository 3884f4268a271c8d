#!/usr/bin/env bash
# musl 1.2.3 and glibc 2.36 (Debian 12). Two directories of LD_LIBRARY_PATH hold a library of one name, the first that of
# arm64, the second that of amd64, as an image has them after a wrong COPY. glibc's loader passes the first over, and takes
# the second. One expects musl's to do the same, or to refuse the file. It does not look at e_machine at all: it maps
# the library of arm64 into the program of amd64, names it in its list as if it were right, and goes on with what that
# one needs (`ld-linux-aarch64.so.1`). What becomes of it is only seen later, in relocation or at the first call.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mirror=$(apt-get indextargets --format '$(REPO_URI)' | head -n 1)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p apt/lists/partial apt/cache/archives/partial
echo "deb [arch=arm64 signed-by=$keyring] $mirror bookworm main" >apt/sources.list
: >apt/status
arm64=(-qq -o APT::Sandbox::User=root -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o "Dir::State=$dir/apt"
  -o "Dir::State::status=$dir/apt/status" -o "Dir::Cache=$dir/apt/cache" -o "Dir::Etc::SourceList=$dir/apt/sources.list"
  -o Dir::Etc::SourceParts=-)
apt-get "${arm64[@]}" update
apt-get "${arm64[@]}" download zlib1g=1:1.2.13.dfsg-1
apt-get -qq -o APT::Sandbox::User=root download musl=1.2.3-1 libc6=2.36-9+deb12u14 zlib1g=1:1.2.13.dfsg-1 \
  libpng16-16=1.6.39-2+deb12u6
for package in *.deb; do
  dpkg-deb -W "$package"
  dpkg-deb -x "$package" "$(dpkg-deb -f "$package" Architecture)"
done
mkdir first second
cp arm64/lib/aarch64-linux-gnu/libz.so.1.2.13 first/libz.so.1
cp amd64/lib/x86_64-linux-gnu/libz.so.1.2.13 second/libz.so.1
png=amd64/usr/lib/x86_64-linux-gnu/libpng16.so.16

wrong=0
see() { # EXPECTED LOADER
  local seen
  seen=$(LD_LIBRARY_PATH="$dir/first:$dir/second" "$2" --list "$png" 2>/dev/null | grep -o "=> $dir/.*/libz.so.1" | sed "s|.*$dir/||")
  printf '%-22s takes %s\n' "${2##*/}" "$seen"
  [ "$seen" = "$1" ] || wrong=1
}
see second/libz.so.1 amd64/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2
see first/libz.so.1 amd64/lib/ld-musl-x86_64.so.1
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
