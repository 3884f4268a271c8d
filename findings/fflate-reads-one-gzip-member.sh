#!/usr/bin/env bash
# fflate 0.8.3 (npm). A gzip file may have several members, one after the other (RFC 1952, 2.2), and an eStargz layer
# does: each file of the layer is a member of its own. One expects that every function of one library reads them all.
# `gunzipSync`, `gunzip` and `decompressSync` return the first member and no error; the streaming `Gunzip` reads on.
# A layer that is listed with them looks whole and ends after its first file, so the program that decides is not seen.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix . fflate@0.8.3

# A layer of two files: one gzip member a file, the last one with the end of the archive.
mkdir -p etc bin
echo first >etc/first
echo second >bin/second
tar --format=ustar -b 1 -cf layer.tar etc/first bin/second
{ head -c 1024 layer.tar | gzip -n; tail -c +1025 layer.tar | gzip -n; } >layer.tar.gz

cat >read.cjs <<'JS'
const fs = require('node:fs');
const fflate = require('fflate');
const layer = new Uint8Array(fs.readFileSync('layer.tar.gz'));
fs.writeFileSync('gunzipSync.tar', fflate.gunzipSync(layer));
fs.writeFileSync('decompressSync.tar', fflate.decompressSync(layer));
fs.writeFileSync('Gunzip.tar', '');
new fflate.Gunzip((chunk) => fs.appendFileSync('Gunzip.tar', chunk)).push(layer, true);
fflate.gunzip(layer, (error, bytes) => {
  if (error) throw error;
  fs.writeFileSync('gunzip.tar', bytes);
});
JS
node read.cjs

files_in() { tar -tf "$1" | paste -sd' '; }
echo "fflate $(node -p 'require("fflate/package.json").version')"
gzip -dc layer.tar.gz >gzip.tar
wrong=0
while read -r name expected; do
  seen=$(files_in "$name.tar")
  printf '%-15s %s\n' "$name" "$seen"
  [ "$seen" = "$expected" ] || wrong=1
done <<'SEEN'
gzip            etc/first bin/second
Gunzip          etc/first bin/second
gunzipSync      etc/first
gunzip          etc/first
decompressSync  etc/first
SEEN
[ "$wrong" = 0 ] || { echo 'the behaviour has changed' >&2; exit 1; }
