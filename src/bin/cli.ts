#!/usr/bin/env node
// The first file of the command. It is built for any node that has modules: what it loads needs a newer one, and
// would end with a SyntaxError or a TypeError that says nothing.
import {isNewEnough} from './node-version.ts'

if (isNewEnough(process.versions.node)) {
  void import('./command.ts')
} else {
  process.stderr.write(
    `verify-image-arch: node 22.15, 23.8 or newer is needed, and this is node ${process.versions.node} (${process.execPath})\n`,
  )
  process.exitCode = 2
}
