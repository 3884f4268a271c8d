#!/bin/sh
# For any other CI: verifies an image of a registry, an archive or a layout, and prints what may be signed.
# usage: verify.sh IMAGE [PLATFORMS]
set -eu
image=${1:?usage: verify.sh IMAGE [PLATFORMS]}
platforms=${2:-linux/amd64,linux/arm64}

status=0
npx --yes verify-image-arch@1 "$image" --source registry --platforms "$platforms" --report images=verified.txt >&2 || status=$?
case $status in
  0) cat verified.txt ;;
  1) echo "$image is wrong: do not sign it" >&2 ;;
  *) echo "$image could not be checked: do not sign it" >&2 ;;
esac
exit "$status"
