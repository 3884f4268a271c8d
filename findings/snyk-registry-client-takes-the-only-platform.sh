#!/usr/bin/env bash
# @snyk/docker-registry-v2-client 4.0.5 (npm). `getManifest` takes a platform, and one expects an error where the image
# index does not have it, as its comments say and as happens for an index of two platforms. Where the index has one
# platform (attestations do not count), that image is returned for every platform, without a word: linux/arm64 of an
# index of linux/amd64 alone. A platform that the release forgot to push then looks like a good image.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . @snyk/docker-registry-v2-client@4.0.5
openssl req -x509 -newkey rsa:2048 -nodes -days 1 -keyout key.pem -out cert.pem -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2>/dev/null

cat >ask.cjs <<'JS'
const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const https = require('node:https');
const { getManifest } = require('@snyk/docker-registry-v2-client');

const OCI = 'application/vnd.oci.image';
const answers = new Map();
function serve(type, value, tag) {
  const body = JSON.stringify({ schemaVersion: 2, mediaType: type, ...value });
  const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
  for (const name of [digest, tag]) answers.set(`/v2/app/manifests/${name}`, { type, body });
  return { mediaType: type, digest, size: body.length };
}
function image(architecture) {
  const config = { mediaType: `${OCI}.config.v1+json`, digest: `sha256:${'0'.repeat(64)}`, size: 2 };
  const annotations = { 'org.example.architecture': architecture };
  const descriptor = serve(`${OCI}.manifest.v1+json`, { config, layers: [], annotations });
  return { ...descriptor, platform: { os: 'linux', architecture } };
}
serve(`${OCI}.index.v1+json`, { manifests: [image('amd64')] }, 'one');
serve(`${OCI}.index.v1+json`, { manifests: [image('amd64'), image('s390x')] }, 'two');

const tls = { key: readFileSync('key.pem'), cert: readFileSync('cert.pem') };
const server = https.createServer(tls, (request, response) => {
  const found = answers.get(decodeURIComponent(request.url));
  response.writeHead(found ? 200 : 404, { 'content-type': found?.type ?? 'text/plain' }).end(found?.body);
});
server.listen(0, 'localhost', async () => {
  const host = `localhost:${server.address().port}`;
  const accept = { acceptManifest: `${OCI}.index.v1+json, ${OCI}.manifest.v1+json` };
  const ask = (tag) =>
    getManifest(host, 'app', tag, undefined, undefined, accept, { os: 'linux', architecture: 'arm64' }).then(
      (manifest) => manifest.annotations['org.example.architecture'],
      (error) => error.message,
    );
  const one = await ask('one');
  const two = await ask('two');
  console.log(`linux/arm64 of an index of amd64:            ${one}`);
  console.log(`linux/arm64 of an index of amd64 and s390x:  ${two}`);
  if (one !== 'amd64' || !two.startsWith('no supported manifest found')) {
    console.error('the behaviour has changed');
    process.exitCode = 1;
  }
  server.close();
});
JS
echo "@snyk/docker-registry-v2-client $(node -p 'require("@snyk/docker-registry-v2-client/package.json").version')"
NODE_EXTRA_CA_CERTS=cert.pem node ask.cjs
