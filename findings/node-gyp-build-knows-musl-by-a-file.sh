#!/usr/bin/env bash
# node-gyp-build 4.8.4 and detect-libc 2.1.2 on node 24.19.0 and glibc 2.36 (Debian 12). Both say which C library an
# add-on must be built for; node-gyp-build chooses a file of `prebuilds/` by it, detect-libc a package. One expects the
# one answer, that of the node that asks. node-gyp-build asks whether /etc/alpine-release is there: with that file,
# which an Alpine image with a glibc beside musl has, glibc's node is given musl's add-on, and a musl node without it
# (another distribution, an image FROM scratch) is given glibc's. Needs root.
set -eu
[ "$(id -u)" = 0 ] || { echo 'this needs root' >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get -qq -o APT::Sandbox::User=root download libc6=2.36-9+deb12u14 libstdc++6=12.2.0-14+deb12u1 \
  libgcc-s1=12.2.0-14+deb12u1
for package in *.deb; do dpkg-deb -W "$package"; dpkg-deb -x "$package" root; done
mkdir app && cd app
echo '{"name": "app", "version": "1.0.0", "private": true}' >package.json
npm install --silent --no-audit --no-fund node@24.19.0 node-gyp-build@4.8.4 detect-libc@2.1.2
cd ..
mkdir -p root/etc root/app/addon/prebuilds/linux-x64
install -D "$(find app/node_modules -path '*/bin/node' -type f | head -n 1)" root/bin/node
cp -r app/node_modules/node-gyp-build app/node_modules/detect-libc root/app/
: >root/app/addon/prebuilds/linux-x64/addon.glibc.node
: >root/app/addon/prebuilds/linux-x64/addon.musl.node
cat >root/app/ask.js <<'JS'
const {basename} = require('node:path')
console.log('node itself:', process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl')
console.log('detect-libc:', require('/app/detect-libc').familySync())
console.log('node-gyp-build:', basename(require('/app/node-gyp-build').path('/app/addon')))
JS
{
  echo 'without /etc/alpine-release'
  chroot root /bin/node /app/ask.js
  echo 3.20.0 >root/etc/alpine-release
  echo 'with /etc/alpine-release'
  chroot root /bin/node /app/ask.js
} | tee seen
cat >expected <<'SEEN'
without /etc/alpine-release
node itself: glibc
detect-libc: glibc
node-gyp-build: addon.glibc.node
with /etc/alpine-release
node itself: glibc
detect-libc: glibc
node-gyp-build: addon.musl.node
SEEN
diff seen expected || { echo 'the behaviour has changed' >&2; exit 1; }
