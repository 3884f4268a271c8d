#!/usr/bin/env node
import {randomUUID} from 'node:crypto'
import {writeFile} from 'node:fs/promises'
import {homedir, tmpdir} from 'node:os'
import {isAbsolute, join} from 'node:path'
import {runCli} from '../cli.ts'
import {escapeLog} from '../report/index.ts'
import {imageOpener} from '../source/open.ts'
import {readDockerfiles} from '../workspace/read-dockerfiles.ts'
import {readWorkspaceFile} from '../workspace/workspace-file.ts'
import {collectAtOnce} from './collect-at-once.ts'
import {abortOnSignals} from './signals.ts'
import {version} from './version.ts'

/** As the XDG base directory specification has it. */
function cacheFolder({XDG_CACHE_HOME: named}: NodeJS.ProcessEnv): string {
  const base = named === undefined || !isAbsolute(named) ? join(homedir(), '.cache') : named
  return join(base, 'verify-image-arch')
}

collectAtOnce()
const run = randomUUID()
const signals = abortOnSignals()

void runCli(process.argv.slice(2), {
  version,
  open: imageOpener({
    env: process.env,
    signal: signals.signal,
    run,
    announceDaemon: () => {},
    announcePull: () => {},
    mask: () => {},
    warn: message => process.stderr.write(`verify-image-arch: ${escapeLog(message)}\n`),
    progress: message => process.stderr.write(`verify-image-arch: ${escapeLog(message)}\n`),
    temporary: tmpdir(),
    version,
    cache: {folder: cacheFolder(process.env)},
  }),
  readDockerfiles: globs => readDockerfiles(globs, process.cwd()),
  hints: {readWorkspaceFile: path => readWorkspaceFile(path, process.cwd())},
  stdout: text => process.stdout.write(text),
  stderr: text => process.stderr.write(text),
  writeFile: (path, text) => writeFile(path, text),
  color: process.stdout.isTTY === true && process.env.NO_COLOR === undefined,
}).then(exitCode => {
  process.exitCode = signals.exitCode() ?? exitCode
})
