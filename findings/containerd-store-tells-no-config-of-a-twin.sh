#!/usr/bin/env bash
# Docker 28.5.2 with containerd 2.1.9 (Debian testing), containerd image store. Two images have the same layer, one of
# them compressed: the diff_ids and the config are the same, the manifests are not. Both are pulled. One expects
# `docker image inspect` to say the same of both, as with the classic store. Of the second one pulled it says nothing:
# no architecture, no entrypoint, no layers, without an error, and pulling it again changes nothing. A container of it
# has the entrypoint. The layer was unpacked for the first image, so that of the second is not fetched, and an image
# with a layer that is not there counts as one of no platform. Who reads the config by `docker image inspect` takes a
# good image for one without a command. Needs root.
set -eu
dir=$(mktemp -d)
pids=
stop() {
  for pid in $pids; do kill "$pid" 2>/dev/null || true; done
  for pid in $pids; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$dir"
}
trap stop EXIT
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
testing download docker.io=28.5.2+dfsg4-5 docker-cli=28.5.2+dfsg4-5 containerd=2.1.9+ds1-5 \
  docker-registry=2.8.3+ds1-3 runc=1.3.6+ds1-1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
PATH="$dir/root/usr/bin:$dir/root/usr/sbin:$PATH"
export DOCKER_HOST="unix://$dir/docker.sock" DOCKER_CONFIG="$dir/client" OTEL_TRACES_EXPORTER=none

until_there() { # COMMAND...
  local tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 300 ] || { tail -n 3 ./*.log >&2; exit 2; }
    sleep 0.2
  done
}
cat >registry.yml <<END
version: 0.1
storage: {filesystem: {rootdirectory: $dir/registry}}
http: {addr: '127.0.0.1:0', secret: none}
END
docker-registry serve registry.yml >registry.log 2>&1 &
pids="$!"
until_there grep -q 'listening on 127' registry.log
registry=$(grep -o 'listening on 127[0-9.:]*' registry.log | grep -o '127.*')

# Mounts, and /run, of their own: an engine that is here already is left alone.
own() { exec unshare --mount --propagation slave sh -c 'mount -t tmpfs tmpfs /run && exec "$0" "$@"' "$@"; }
cat >containerd.toml <<END
version = 2
root = "$dir/c"
state = "$dir/s"
disabled_plugins = ["io.containerd.grpc.v1.cri"]
[grpc]
address = "$dir/c.sock"
END
own containerd --config containerd.toml >containerd.log 2>&1 &
pids="$! $pids"
cat >daemon.json <<END
{"hosts": ["$DOCKER_HOST"], "containerd": "$dir/c.sock", "features": {"containerd-snapshotter": true},
 "storage-driver": "native", "data-root": "$dir/d", "exec-root": "$dir/e", "pidfile": "$dir/d.pid",
 "bridge": "none", "iptables": false, "ip6tables": false}
END
own dockerd --config-file daemon.json >dockerd.log 2>&1 &
pids="$! $pids"
until_there docker version

mkdir layer
echo 'not a program' >layer/app
tar --sort=name --numeric-owner --owner=0 --group=0 --mtime=@0 -C layer -cf plain .
gzip -n <plain >gzip
digest() { sha256sum "$1" | cut -d' ' -f1; }
size() { stat -c %s "$1"; }
diff_ids="\"sha256:$(digest plain)\""
printf '{"os":"linux","architecture":"amd64","config":{"Entrypoint":["/app"]},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
  "$diff_ids" >config
push_blob() { # NAME FILE
  local at
  at=$(curl -fsS -o /dev/null -D - -X POST "http://$registry/v2/$1/blobs/uploads/" | tr -d '\r' |
    sed -n 's/^Location: //Ip')
  curl -fsS -o /dev/null -X PUT -H 'Content-Type: application/octet-stream' --data-binary "@$2" \
    "$at&digest=sha256:$(digest "$2")"
}
oci=application/vnd.oci.image
descriptor() { # FILE TYPE
  printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$2" "$(digest "$1")" "$(size "$1")"
}
push() { # NAME LAYER TYPE
  push_blob "$1" config
  push_blob "$1" "$2"
  printf '{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}' "$oci.manifest.v1+json" \
    "$(descriptor config "$oci.config.v1+json")" "$(descriptor "$2" "$3")" >manifest
  curl -fsS -o /dev/null -X PUT -H "Content-Type: $oci.manifest.v1+json" --data-binary @manifest \
    "http://$registry/v2/$1/manifests/1"
}
push plain plain "$oci.layer.v1.tar"
push gzip gzip "$oci.layer.v1.tar+gzip"

wrong=0
see() { # EXPECTED WHAT SEEN
  printf '%-44s %s\n' "$2" "$3"
  [ "$3" = "$1" ] || wrong=1
}
format='{{.Os}}/{{.Architecture}} {{.Config.Entrypoint}} {{len .RootFS.Layers}} layers'
inspect() { docker image inspect --format "$format" "$registry/$1:1"; }
docker pull -q "$registry/plain:1" >/dev/null
docker pull -q "$registry/gzip:1" >/dev/null
see 'linux/amd64 [/app] 1 layers' 'the first one pulled' "$(inspect plain)"
see '/ [] 0 layers' 'the second one, with the same layer' "$(inspect gzip)"
docker pull -q "$registry/gzip:1" >/dev/null
see '/ [] 0 layers' 'the second one, pulled again' "$(inspect gzip)"
container=$(docker create --pull never "$registry/gzip:1" 2>/dev/null)
see '[/app]' 'a container of the second one' "$(docker inspect --format '{{.Config.Entrypoint}}' "$container")"
docker rm "$container" >/dev/null
docker image rm "$registry/plain:1" "$registry/gzip:1" >/dev/null
docker pull -q "$registry/gzip:1" >/dev/null
see 'linux/amd64 [/app] 1 layers' 'the second one, pulled alone' "$(inspect gzip)"
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
