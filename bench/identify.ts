/**
 * `npm run bench -- identify`: what a first look costs, in µs per file, against `file -b -f -` over the
 * same 300 programs and libraries, one process each. Once over (what a cold process needs), and ten times
 * over (what the files of an image need).
 *
 * `--rounds N`: 7; `--files N`: 300.
 */
import {spawnSync} from 'node:child_process'
import {join} from 'node:path'
import {parseArgs} from 'node:util'
import {identify} from '../src/binary/index.ts'
import {type Figure, type Figures, figure} from './report/figures.ts'
import {withFile} from './support/identify-file.ts'

const CHILD = join(import.meta.dirname, 'support/identify-files.ts')

export async function bench(args: readonly string[]): Promise<Figures> {
  const {values} = parseArgs({
    args: [...args],
    options: {rounds: {type: 'string', default: '7'}, files: {type: 'string', default: '300'}},
  })
  const rounds = Number(values.rounds)
  const paths = await pickFiles(Number(values.files))
  const figures: Figure[] = []
  const lines = []
  for (const passes of [1, 10]) {
    const list = Array.from({length: passes}, () => paths).flat()
    const input = `${list.join('\n')}\n`
    const runs = Array.from({length: rounds}, () => {
      const theirs = time('file', ['-b', '-f', '-'], input).ms
      const {ms, stdout} = time(process.execPath, ['--no-warnings', CHILD], input)
      return {theirs, ours: ms, inner: Number(stdout)}
    })
    const theirs = fastest(runs.map(run => run.theirs))
    const inner = fastest(runs.map(run => run.inner))
    const each = (ms: number): string => ((1000 * ms) / list.length).toFixed(1)
    lines.push({
      'each file': passes === 1 ? 'once' : `${passes} times`,
      'file -b -f -': each(theirs),
      'identify, the whole process with node’s start': each(fastest(runs.map(run => run.ours))),
      'identify, from open to answer': each(inner),
      'times as fast as file': (theirs / inner).toFixed(1),
    })
    const detail = `${each(inner)} µs a file against ${each(theirs)} µs`
    if (passes === 1) figures.push(figure('identify-cold', theirs / inner, rounds, detail))
  }
  const title = `µs a file, ${paths.length} ELF files in the page cache; the fastest of ${rounds} rounds`
  return {figures, tables: [{title, lines}]}
}

/**
 * An even pick of the corpus's ELF files, without the two thousand character set plugins of
 * glibc, which are one file over and over.
 */
async function pickFiles(count: number): Promise<readonly string[]> {
  const {readCorpus} = await import('../scripts/binaries/corpus.ts')
  const elf: string[] = []
  for (const {path} of await readCorpus(
    text => console.error(text),
    () => true,
  )) {
    if (!path.includes('/gconv/') && (await withFile(path, identify)).kind === 'elf') elf.push(path)
  }
  return Array.from({length: count}, (_, index) => elf[Math.floor((index * elf.length) / count)] ?? '')
}

function time(command: string, args: readonly string[], input: string) {
  const start = performance.now()
  const {status, stdout} = spawnSync(command, args, {input, encoding: 'utf8'})
  if (status !== 0) throw new Error(`${command} ended with ${status}`)
  return {ms: performance.now() - start, stdout}
}

/** Whatever else the machine does only makes a round slower. */
function fastest(milliseconds: readonly number[]): number {
  return Math.min(...milliseconds)
}
