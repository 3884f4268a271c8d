#!/usr/bin/env bash
# skopeo 1.9.3 (Debian 12) and crane 0.20.7 (Debian testing). `docker buildx build --platform linux/amd64/v2 --push`
# writes an index with the variant v2, and Docker takes that image on every processor that is v2 or better. One expects
# the other clients to look at the processor too, or at least to take the only amd64 image that there is. skopeo, and with
# it what stands on the same library, asks for amd64 without a variant whatever the processor: `no image found`. crane
# takes the first entry of amd64, so where amd64/v2 stands before amd64, the two of them look at different images.
set -eu
dir=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$dir"' EXIT
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
apt-get -qq -o APT::Sandbox::User=root download skopeo=1.9.3+ds1-1+b10
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
PATH="$dir/root/usr/bin:$PATH"

crane registry serve --address 127.0.0.1:0 >served 2>&1 &
server=$!
until grep -q 'serving on port' served; do sleep 0.1; done
image=127.0.0.1:$(grep -oE '[0-9]+$' served | head -n 1)/example:tag

blob() { # the descriptor's digest and size of what stands in the file
  local digest
  digest=$(sha256sum <"$1" | cut -d' ' -f1)
  cp "$1" "layout/blobs/sha256/$digest"
  printf '"digest":"sha256:%s","size":%s' "$digest" "$(wc -c <"$1")"
}

push() { # VARIANT...: an index with one image of amd64 for each; `-` is none
  rm -rf layout
  mkdir -p layout/blobs/sha256
  echo '{"imageLayoutVersion":"1.0.0"}' >layout/oci-layout
  local variant platform entries='' oci=application/vnd.oci.image
  for variant; do
    platform='"architecture":"amd64","os":"linux"'
    [ "$variant" = - ] || platform="$platform,\"variant\":\"$variant\""
    echo "{$platform,\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}" >config
    printf '{"schemaVersion":2,"mediaType":"%s.manifest.v1+json","config":{"mediaType":"%s.config.v1+json",%s},"layers":[]}' \
      "$oci" "$oci" "$(blob config)" >manifest
    entries="$entries,{\"mediaType\":\"$oci.manifest.v1+json\",$(blob manifest),\"platform\":{$platform}}"
  done
  echo "{\"schemaVersion\":2,\"mediaType\":\"$oci.index.v1+json\",\"manifests\":[${entries#,}]}" >layout/index.json
  crane push --index layout "$image" >/dev/null 2>&1
}

variant() { # the variant in the config that was printed
  grep -q '"architecture"' config.seen || { grep -oE 'no (image found|child)' config.seen; return; }
  grep -oE '"variant": *"[^"]*' config.seen | grep -oE '[^"]*$' || echo 'no variant'
}

wrong=0
see() { # EXPECTED INDEX...
  local expected=$1 seen
  shift
  push "$@"
  crane config --platform linux/amd64 "$image" >config.seen 2>&1 || true
  seen="crane: $(variant)"
  skopeo --override-os linux --override-arch amd64 inspect --tls-verify=false --config "docker://$image" >config.seen 2>&1 || true
  seen="$seen, skopeo: $(variant)"
  printf 'amd64 of an index with variants %-6s %s\n' "$*" "$seen"
  [ "$seen" = "$expected" ] || wrong=1
}
see 'crane: no variant, skopeo: no variant' -
see 'crane: v2, skopeo: no image found' v2
see 'crane: v2, skopeo: no variant' v2 -
see 'crane: no variant, skopeo: no variant' - v2
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
