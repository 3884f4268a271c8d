#!/usr/bin/env node
var e=Number(process.versions.node.split(".")[0]);e<24?(process.stderr.write(`verify-image-arch: node 24 or newer is needed, and this is node ${process.versions.node} (${process.execPath})
`),process.exitCode=2):import("./command.mjs");
