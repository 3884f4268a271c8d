#!/usr/bin/env bash
# The same assertion with the command that every docker has: `docker manifest inspect`, which reads each platform's manifest too.
#
#   docker-manifest.sh IMAGE PLATFORM...
#
# Exit codes: 0 all there; 1 a platform is absent, or the image cannot be inspected.
set -euo pipefail

image=$1
shift
found=$(docker manifest inspect --insecure --verbose "$image") || { echo "WRONG $image: cannot be inspected"; exit 1; }

platforms=$(jq -r '
  def text: . // "" | select(. != "");
  (if type == "array" then .[] else . end) | .Descriptor | select(.annotations["vnd.docker.reference.type"] == null) | .platform
  | [.os + ((.["os.version"] | text | "(" + . + ")") // ""), .architecture, (.variant | text)] | join("/")
  | if . == "linux/arm64/v8" then "linux/arm64" elif . == "linux/arm" then "linux/arm/v7" else . end' <<< "$found")

status=0
for platform; do
  case $platform in linux/arm64/v8) platform=linux/arm64 ;; linux/arm) platform=linux/arm/v7 ;; esac
  grep -qxF "$platform" <<< "$platforms" || { echo "WRONG $platform is not in the index"; status=1; }
done
exit "$status"
