#!/usr/bin/env bash
# The usual assertion on an index: `docker buildx imagetools inspect`, and jq for each platform that must be there.
#
#   imagetools.sh IMAGE PLATFORM...
#
# Exit codes: 0 all there; 1 a platform is absent, or the image cannot be inspected.
set -euo pipefail

image=$1
shift
found=$(docker buildx imagetools inspect --format '{{json .}}' "$image") || { echo "WRONG $image: cannot be inspected"; exit 1; }

# What is one platform's manifest has no index to say so, and is what its config says. Attestations are no platforms.
platforms=$(jq -r '
  def text: . // "" | select(. != "");
  (if (.manifest | has("manifests"))
    then .manifest.manifests[] | select(.annotations["vnd.docker.reference.type"] == null) | .platform
    else .image end)
  | [.os + ((.["os.version"] | text | "(" + . + ")") // ""), .architecture, (.variant | text)] | join("/")
  | if . == "linux/arm64/v8" then "linux/arm64" elif . == "linux/arm" then "linux/arm/v7" else . end' <<< "$found")

status=0
for platform; do
  case $platform in linux/arm64/v8) platform=linux/arm64 ;; linux/arm) platform=linux/arm/v7 ;; esac
  grep -qxF "$platform" <<< "$platforms" || { echo "WRONG $platform is not in the index"; status=1; }
done
exit "$status"
