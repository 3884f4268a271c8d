#!/usr/bin/env bash
# elfy 1.0.0 (npm), the ELF reader that snyk-docker-plugin 9.20.2 depends on. `osabi` ought to be EI_OSABI, byte 7 of
# the file: it is what tells a program of FreeBSD or NetBSD, which the kernel starts and which dies, from one of Linux.
# elfy reads byte 6, the version of ELF, and that is 1 in each file: all programs are of HP-UX, without an error. The
# machine of riscv64 and loong64 is undefined, so a comparison of two such programs with each other finds them equal.
set -eu
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm install --silent --no-audit --no-fund --ignore-scripts --force --prefix . elfy@1.0.0 \
  @esbuild/linux-x64@0.28.2 @esbuild/freebsd-x64@0.28.2 @esbuild/netbsd-x64@0.28.2 \
  @esbuild/linux-riscv64@0.28.2 @esbuild/linux-loong64@0.28.2 2>warnings

cat >read.cjs <<'JS'
const { readFileSync } = require('node:fs');
const elfy = require('elfy');
console.log(`elfy ${require('elfy/package.json').version}`);
const programs = [
  ['linux-x64', 0, 'amd64'],
  ['freebsd-x64', 9, 'amd64'],
  ['netbsd-x64', 2, 'amd64'],
  ['linux-riscv64', 0, undefined],
  ['linux-loong64', 0, undefined],
];
for (const [name, expectedByte, expectedMachine] of programs) {
  const bytes = readFileSync(`node_modules/@esbuild/${name}/bin/esbuild`);
  const { osabi, machine } = elfy.parse(bytes);
  console.log(`${name}: EI_OSABI is ${bytes[7]}, elfy says osabi ${osabi}, machine ${machine}`);
  if (bytes[7] !== expectedByte || osabi !== 'hpux' || machine !== expectedMachine) {
    console.error('the behaviour has changed');
    process.exitCode = 1;
  }
}
JS
node read.cjs
