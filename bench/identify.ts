/**
 * `npm run bench -- identify`: what a first look costs, in µs per file, against `file -b -f -` over the
 * same 300 programs and libraries, one process each. Once over (what a cold process needs), and ten times
 * over (what the files of an image need).
 */
import {spawnSync} from 'node:child_process'
import {closeSync, fstatSync, openSync, readSync} from 'node:fs'
import {identify} from '../src/binary/index.ts'
import type {RandomAccess} from '../src/lib/bytes.ts'

const FILES = 300
const ROUNDS = 7

/** One buffer for the first read of every file, as file(1) has one: an identity keeps nothing of it. */
const BUFFER = Buffer.alloc(65536)

if (process.argv[2] === '--child') await identifyAll()
else await compare()

async function compare(): Promise<void> {
  const paths = await pickFiles()
  console.log(`${paths.length} ELF files, the fastest of ${ROUNDS} rounds, files in the page cache`)
  for (const passes of [1, 10]) {
    const list = Array.from({length: passes}, () => paths).flat()
    const input = `${list.join('\n')}\n`
    const runs = Array.from({length: ROUNDS}, () => {
      const theirs = time('file', ['-b', '-f', '-'], input).ms
      const {ms, stdout} = time(process.execPath, ['--no-warnings', import.meta.filename, '--child'], input)
      return {theirs, ours: ms, inner: Number(stdout)}
    })
    const theirs = fastest(runs.map(run => run.theirs))
    const inner = fastest(runs.map(run => run.inner))
    const row = (name: string, ms: number) =>
      console.log(`  ${name.padEnd(44)} ${((1000 * ms) / list.length).toFixed(1).padStart(8)} µs per file`)
    console.log(`each file ${passes === 1 ? 'once' : `${passes} times`}`)
    row('file -b -f -', theirs)
    row('identify, the whole process with node’s start', fastest(runs.map(run => run.ours)))
    row('identify, from open to answer', inner)
    console.log(`  identify is ${(theirs / inner).toFixed(1)} times as fast as file`)
  }
}

/**
 * An even pick of the corpus's ELF files, without the two thousand character set plugins of
 * glibc, which are one file over and over.
 */
async function pickFiles(): Promise<readonly string[]> {
  const {readCorpus} = await import('../scripts/binaries/corpus.ts')
  const elf: string[] = []
  for (const {path} of await readCorpus(
    text => console.log(text),
    () => true,
  )) {
    if (!path.includes('/gconv/') && (await withFile(path, identify)).kind === 'elf') elf.push(path)
  }
  return Array.from({length: FILES}, (_, index) => elf[Math.floor((index * elf.length) / FILES)] ?? '')
}

function time(command: string, args: readonly string[], input: string) {
  const start = performance.now()
  const {status, stdout} = spawnSync(command, args, {input, encoding: 'utf8'})
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
  return {ms: performance.now() - start, stdout}
}

/** Identifies the files named on standard input; prints how many milliseconds that took. */
async function identifyAll(): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk)
  const paths = Buffer.concat(chunks).toString().trim().split('\n')
  const start = performance.now()
  for (const path of paths) await withFile(path, identify)
  process.stdout.write(String(performance.now() - start))
}

async function withFile<T>(path: string, use: (file: RandomAccess) => Promise<T>): Promise<T> {
  const descriptor = openSync(path, 'r')
  try {
    return await use({
      size: fstatSync(descriptor).size,
      read: async (offset, length) => {
        const bytes = offset === 0 && length <= BUFFER.length ? BUFFER : Buffer.allocUnsafe(length)
        return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset))
      },
    })
  } finally {
    closeSync(descriptor)
  }
}

/** Whatever else the machine does only makes a round slower. */
function fastest(milliseconds: readonly number[]): number {
  return Math.min(...milliseconds)
}
