#!/usr/bin/env bash
# skopeo's choice of each platform, and what the config of the chosen one says of itself.
#
#   skopeo.sh IMAGE PLATFORM...
#
# Exit codes: 0 all there; 1 a platform cannot be chosen, or is another.
set -euo pipefail

image=$1
shift
status=0
for platform; do
  IFS=/ read -r os architecture variant <<< "$platform"
  os=${os%%(*}
  options=(--override-os "$os" --override-arch "$architecture")
  [ -z "${variant:-}" ] || options+=(--override-variant "$variant")
  if ! found=$(skopeo "${options[@]}" inspect --tls-verify=false --format '{{.Os}}/{{.Architecture}}' "docker://$image"); then
    echo "WRONG $platform cannot be chosen"
    status=1
  elif [ "$found" != "$os/$architecture" ]; then
    echo "WRONG $platform: the config says $found"
    status=1
  fi
done
exit "$status"
