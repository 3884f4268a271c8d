#!/usr/bin/env bash
# crane's own validation: digests, sizes and media types of all that the index names, and config against descriptor. It takes no list of
# platforms. `--fast`, since without it BuildKit's attestations are read as gzip, and every index that has some is "invalid".
#
#   crane.sh IMAGE PLATFORM...
#
# Exit codes: 0 valid; 1 not.
set -euo pipefail

problem=$(crane validate --fast --remote "$1" 2>&1) || { echo "WRONG ${problem//$'\n'/; }"; exit 1; }
