#!/usr/bin/env bash
# node-gyp-build 4.8.4 with npm 11. It looks for the add-on when the program starts, so one expects that of the machine
# that node runs on. But the environment variable npm_config_arch wins over the machine, then too, and npm sets it in
# `npm start` from a line `arch=` in .npmrc. With the line that a cross build needed, `node app.js` works, and `npm
# start` in the same image dies of an add-on of another machine: which file is loaded depends on the entrypoint and the
# environment, not on the platform alone.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >init
npm install --silent --no-audit --no-fund --ignore-scripts classic-level@2.0.0 node-gyp-build@4.8.4 npm@11.19.1
npm=node_modules/.bin/npm
cat >app.cjs <<'JS'
const found = require('node-gyp-build').path('node_modules/classic-level');
console.log(found.replace(/^.*prebuilds/, 'prebuilds'));
require('classic-level');
JS
"$npm" pkg set scripts.start='node app.cjs' 2>warnings
other=arm64
[ "$(node -p process.arch)" != arm64 ] || other=x64
echo "node-gyp-build $(node -p 'require("node-gyp-build/package.json").version'), npm $("$npm" --version 2>warnings)"

wrong=0
try() { # EXPECTED COMMAND...: whether it starts, and the directory of the add-on that it takes
  local expected=$1 seen=started
  shift
  "$@" >out 2>err || seen=failed
  seen="$seen $(grep -o '^prebuilds/[^/]*' out)"
  echo "$* ($(cat .npmrc 2>/dev/null)): $seen"
  [ "$seen" = "$expected" ] || wrong=1
}
try "started prebuilds/linux-$(node -p process.arch)" "$npm" start
echo "arch=$other" >.npmrc
try "started prebuilds/linux-$(node -p process.arch)" node app.cjs
try "failed prebuilds/linux-$other" "$npm" start
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
