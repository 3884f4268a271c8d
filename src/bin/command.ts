import {randomUUID} from 'node:crypto'
import {access, constants, lstat, readFile, rm, stat, writeFile} from 'node:fs/promises'
import {homedir, tmpdir} from 'node:os'
import {dirname, isAbsolute, join} from 'node:path'
import {text as readAll} from 'node:stream/consumers'
import {EXIT, runCli} from '../cli.ts'
import {keepWaits} from '../net/waits.ts'
import {escapeLog} from '../report/index.ts'
import {imageOpener, type RunEnvironment, registryLister} from '../source/open.ts'
import {readDockerfiles} from '../workspace/read-dockerfiles.ts'
import {readWorkspaceFile} from '../workspace/workspace-file.ts'
import {collectAtOnce} from './collect-at-once.ts'
import {programDigest} from './program-digest.ts'
import {RESULT_FILES} from './result-files.ts'
import {abortOnSignals} from './signals.ts'
import {createProgress, wantsColor, widthOf} from './terminal.ts'
import {version} from './version.ts'

/** As the XDG base directory specification has it. */
function cacheFolder({XDG_CACHE_HOME: named}: NodeJS.ProcessEnv): string {
  const base = named === undefined || !isAbsolute(named) ? join(homedir(), '.cache') : named
  return join(base, 'verify-image-arch')
}

/** Half a report is none. What is not a file (a pipe, a device) stays. */
async function writeReport(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (thrown) {
    const isFile = await lstat(path).then(
      found => found.isFile(),
      () => false,
    )
    if (isFile) await rm(path, {force: true})
    throw thrown
  }
}

/** Whether a report can be written there, as far as that is known without writing. */
async function checkFile(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there?.isDirectory()) throw new Error('it is a directory')
  if (there === undefined) {
    const folder = await stat(dirname(path))
    if (!folder.isDirectory()) throw new Error(`${dirname(path)} is not a directory`)
  }
  await access(there === undefined ? dirname(path) : path, constants.W_OK)
}

/** A layout, by the file that marks one (image-layout.md), or an archive, by its name. */
async function findLocal(name: string): Promise<string | undefined> {
  const isFile = (path: string): Promise<boolean> =>
    stat(path).then(
      found => found.isFile(),
      () => false,
    )
  if (await isFile(join(name, 'oci-layout'))) return `oci:${name}`
  return /\.tar$/.test(name) && (await isFile(name)) ? `oci-archive:${name} or docker-archive:${name}` : undefined
}

collectAtOnce()
const run = randomUUID()
const progress = createProgress(text => process.stderr.write(text), process.stderr)
const tell = (message: string): void => {
  progress.end(false)
  process.stderr.write(`verify-image-arch: ${escapeLog(message)}\n`)
}
const waits = keepWaits(message => progress.show(escapeLog(message)))
const signals = abortOnSignals(waits)

let isPrinted = true
// A pipe whose reader is gone, a disk that is full: nobody has the report, whatever it says.
process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
  // Who reads no further, as head(1) does, knows it.
  if (isPrinted && thrown.code !== 'EPIPE') {
    process.stderr.write(
      `verify-image-arch: the report cannot be written to standard output: ${thrown.message}\n` +
        'Keep what reads it until the end, or write it to a file (--output).\n',
    )
  }
  isPrinted = false
  process.exitCode = EXIT.couldNotCheck
})
process.stderr.on('error', () => undefined)

const environment: RunEnvironment = {
  env: process.env,
  signal: signals.signal,
  waits,
  run,
  announceDaemon: () => {},
  announcePull: () => {},
  mask: () => {},
  warn: tell,
  progress: message => progress.show(escapeLog(message)),
  temporary: tmpdir(),
  version,
  cache: {folder: cacheFolder(process.env)},
}

void runCli(process.argv.slice(2), {
  version,
  digest: () => programDigest(import.meta.dirname),
  open: imageOpener(environment),
  listRegistry: registryLister(environment),
  readDockerfiles: globs => readDockerfiles(globs, process.cwd()),
  limitTime: signals.limitTime,
  hints: {readWorkspaceFile: path => readWorkspaceFile(path, process.cwd())},
  stdout: text => process.stdout.write(text),
  stderr: text => process.stderr.write(text),
  writeFile: writeReport,
  checkFile,
  readFile: path => (path === '-' ? readAll(process.stdin) : readFile(path, 'utf8')),
  results: RESULT_FILES,
  today: () => new Date().toISOString().slice(0, 10),
  findLocal,
  endProgress: progress.end,
  color: wantsColor(process.env, process.stdout),
  width: widthOf(process.stdout),
}).then(exitCode => {
  process.exitCode = signals.exitCode() ?? (isPrinted ? exitCode : EXIT.couldNotCheck)
})
