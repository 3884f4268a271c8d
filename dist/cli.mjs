#!/usr/bin/env node
function r(s){let[e=0,o=0]=s.split(".").map(Number);return e>23||e===23&&o>=8||e===22&&o>=15}r(process.versions.node)?import("./command.mjs"):(process.stderr.write(`verify-image-arch: node 22.15, 23.8 or newer is needed, and this is node ${process.versions.node} (${process.execPath})
`),process.exitCode=2);
