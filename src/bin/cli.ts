#!/usr/bin/env node
// The first file of the command. It is built for any node that has modules: what it loads needs a newer one, and
// would end with a SyntaxError or a TypeError that says nothing.

const NEEDED = 24
const major = Number(process.versions.node.split('.')[0])

if (major < NEEDED) {
  process.stderr.write(
    `verify-image-arch: node ${NEEDED} or newer is needed, and this is node ${process.versions.node} (${process.execPath})\n`,
  )
  process.exitCode = 2
} else {
  void import('./command.ts')
}
