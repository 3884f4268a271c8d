#!/usr/bin/env bash
# The usual step after a push, well written: does the entrypoint of each platform's image have that platform's machine?
#
#   shell-step.sh IMAGE PLATFORM...
#
# For each platform: its child digest from the index, `docker create`, the architecture in the config, `docker cp -L` of the
# program that starts, and what `file` says of it. An image that cannot be judged is a failure, not a pass, as in
# https://github.com/projectcalico/calico/pull/13203, and each platform is taken by its own digest, since the classic image store keeps
# one image per digest (https://github.com/moby/moby/issues/43188).
#
# Exit codes: 0 all right; 1 a platform is absent or wrong; 2 nothing is wrong, but what starts is no ELF file, a script mostly;
# 3 the engine cannot look into images of this system.
set -euo pipefail

image=$1
shift
repository=${image%@*}
[[ ${repository##*/} != *:* ]] || repository=${repository%:*}
work=$(mktemp -d)
container=
trap 'rm -rf "$work"; [ -z "$container" ] || docker rm -f "$container" > /dev/null' EXIT

wrong=0 unclear=0
fail() { echo "WRONG $*"; wrong=1; }
doubt() { echo "UNCLEAR $*"; unclear=1; }

for platform; do
  if [[ $platform != linux/* ]]; then
    echo "CANNOT LOOK $platform: no images of this system here"
    exit 3
  fi
done

index=$(docker buildx imagetools inspect --raw "$image") || { fail "$image: cannot be inspected"; exit 1; }

# The digest of one platform's manifest; the image's own where it is no index. Attestations are no platforms.
child() {
  if jq -e 'has("manifests") | not' <<< "$index" > /dev/null; then
    docker buildx imagetools inspect --format '{{json .Manifest.Digest}}' "$image" | jq -r .
    return
  fi
  jq -r --arg platform "$1" '
    def name: [.os, .architecture, (.variant // empty)] | join("/")
      | if . == "linux/arm64/v8" then "linux/arm64" elif . == "linux/arm" then "linux/arm/v7" else . end;
    ($platform | split("/") | {os: .[0], architecture: .[1], variant: .[2]} | name) as $wanted
    | .manifests[] | select(.annotations["vnd.docker.reference.type"] == null)
    | select(.platform | name == $wanted) | .digest' <<< "$index"
}

# A program's path in the container, as the engine would look for it: an absolute one, one below the working directory, or one in PATH.
candidates() {
  local program=$1 directory=$2 path=$3 folder
  case $program in
    /*) echo "$program" ;;
    */*) echo "${directory%/}/$program" ;;
    *) IFS=: read -ra folders <<< "$path"; for folder in "${folders[@]}"; do echo "${folder%/}/$program"; done ;;
  esac
}

for platform in "$@"; do
  architecture=$(cut -d/ -f2 <<< "$platform")
  case $architecture in
    amd64) machine='ELF 64-bit LSB *, x86-64, *' ;;
    386) machine='ELF 32-bit LSB *, Intel ?(i)[38]*86, *' ;;
    arm64) machine='ELF 64-bit LSB *, ARM aarch64, *' ;;
    arm) machine='ELF 32-bit LSB *, ARM, EABI5 *' ;;
    ppc64le) machine='ELF 64-bit LSB *, 64-bit PowerPC *' ;;
    s390x) machine='ELF 64-bit MSB *, IBM S/390, *' ;;
    riscv64) machine='ELF 64-bit LSB *, UCB RISC-V, *' ;;
    *) doubt "$platform: no machine is known for it"; continue ;;
  esac

  digest=$(child "$platform")
  if [ "$(grep -c . <<< "$digest")" -ne 1 ]; then
    fail "$platform: not exactly one manifest in the index"
    continue
  fi
  # An image may have no command of its own: docker create wants one, which is never run.
  if ! container=$(docker create --quiet "$repository@$digest" none 2> "$work/problem"); then
    container=
    fail "$platform: $(tail -n 1 "$work/problem")"
    continue
  fi

  config=$(docker image inspect "$repository@$digest" | jq '.[0]')
  claimed=$(jq -r .Architecture <<< "$config")
  [ "$claimed" = "$architecture" ] || fail "$platform: the config says $claimed"

  program=$(jq -r '((.Config.Entrypoint // []) + (.Config.Cmd // []))[0] // empty' <<< "$config")
  directory=$(jq -r '.Config.WorkingDir // "" | if . == "" then "/" else . end' <<< "$config")
  path=$(jq -r '[(.Config.Env // [])[] | select(startswith("PATH="))][0] // "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" | ltrimstr("PATH=")' <<< "$config")
  rm -rf "$work/program"
  if [ -z "$program" ]; then
    doubt "$platform: the image starts nothing"
  else
    while read -r candidate; do
      if docker cp -L "$container:$candidate" "$work/program" > /dev/null 2>&1; then break; fi
    done < <(candidates "$program" "$directory" "$path")
    if [ ! -f "$work/program" ]; then
      fail "$platform: $program is not in the image"
    else
      kind=$(file -b "$work/program")
      shopt -s extglob
      # shellcheck disable=SC2053
      if [[ $kind != ELF* ]]; then
        doubt "$platform: $program is no ELF file: $kind"
      elif [[ $kind != $machine ]]; then
        fail "$platform: $program is $kind"
      fi
    fi
  fi
  docker rm "$container" > /dev/null
  container=
done

[ "$wrong" -eq 0 ] || exit 1
[ "$unclear" -eq 0 ] || exit 2
