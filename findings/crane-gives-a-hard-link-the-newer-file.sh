#!/usr/bin/env bash
# crane 0.20.7 (Debian testing) against umoci 0.4.7 (Debian 12). A lower layer holds `a` and its hard link `b`; the layer
# above replaces `a`, or takes it away. A container of that image still has the old bytes at `b`, as every unpacking of
# layer after layer gives it. One expects `crane export` to print those files. It goes from the top layer down and
# prints what it sees first, so `b` is a hard link to the *new* `a`, and where `a` was taken away, a hard link to
# nothing, which tar refuses. A check of programs by `crane export IMAGE | tar -x` looks at another /b than the one that
# runs.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
mirror=$(apt-get indextargets --format '$(REPO_URI)' | head -n 1)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
mkdir -p apt/lists/partial apt/cache/archives/partial
echo "deb [signed-by=$keyring] $mirror testing main" >apt/sources.list
: >apt/status
testing() {
  apt-get -qq -o APT::Sandbox::User=root -o Dir::State="$dir/apt" -o Dir::State::status="$dir/apt/status" \
    -o Dir::Cache="$dir/apt/cache" -o Dir::Etc::SourceList="$dir/apt/sources.list" -o Dir::Etc::SourceParts=- "$@"
}
testing update
testing download crane=0.20.7+ds1-5
apt-get -qq -o APT::Sandbox::User=root download umoci=0.4.7+ds-3+b7 skopeo=1.9.3+ds1-1+b10
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
PATH="$dir/root/usr/bin:$PATH"

mkdir lower replaces removes
echo old >lower/a
ln lower/a lower/b
echo new >replaces/a
: >removes/.wh.a
for layer in lower replaces removes; do
  tar --sort=name --numeric-owner --owner=0 --group=0 -C "$layer" -cf "$layer.tar" .
done

wrong=0
see() { # EXPECTED WHAT SEEN
  printf '%-52s %s\n' "$2" "$3"
  [ "$3" = "$1" ] || wrong=1
}
try() { # UPPER B-OF-CRANE STATUS-OF-TAR
  crane append --oci-empty-base -f lower.tar -f "$1.tar" -t example/image:tag -o "$1.image" 2>/dev/null
  skopeo --insecure-policy copy -q "docker-archive:$1.image" "oci:$1.layout:tag"
  umoci raw unpack --rootless --image "$1.layout:tag" "$1.umoci" >/dev/null 2>&1
  crane export - "$1.flat" <"$1.image"
  mkdir "$1.crane"
  local status=0
  tar -xf "$1.flat" -C "$1.crane" 2>/dev/null || status=$?
  see old "upper layer $1 a: b, layer after layer (umoci)" "$(cat "$1.umoci/b")"
  see "$2" "upper layer $1 a: b, by crane export" "$(cat "$1.crane/b" 2>/dev/null || echo 'not there')"
  see "$3" "upper layer $1 a: exit status of tar" "$status"
}
try replaces new 0
try removes 'not there' 2
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
