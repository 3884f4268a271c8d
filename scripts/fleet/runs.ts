import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {createLimiter} from '../../src/lib/concurrency.ts'
import {FORMATS} from '../../src/report/index.ts'

const CLI = resolve(import.meta.dirname, '../../dist/cli.mjs')

export interface Ended {
  /** Null where it was killed. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Starts the built command in a folder; `kill` ends it by SIGKILL. */
export function startCommand(folder: string, args: readonly string[]) {
  const child = spawn(process.execPath, ['--no-warnings', CLI, ...args], {
    cwd: folder,
    env: {PATH: process.env.PATH, HOME: folder},
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const printed = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text
    })
  }
  const ended = once(child, 'close').then((): Ended => ({code: child.exitCode, ...printed}))
  return {ended, kill: () => child.kill('SIGKILL')}
}

/** One process for each part, so many at once. */
export function runParts(folder: string, args: readonly string[], parts: number, atOnce: number): Promise<Ended[]> {
  const limiter = createLimiter(atOnce)
  return Promise.all(
    Array.from({length: parts}, (_, index) =>
      limiter(() => {
        const file = `parts-${parts}-${index + 1}.jsonl`
        return startCommand(folder, [...args, '--shard', `${index + 1}/${parts}`, '--stream', file]).ended
      }),
    ),
  )
}

/** Kills a run once its file has so many results; gives how many there were in the end. */
export async function runUntil(
  folder: string,
  args: readonly string[],
  file: string,
  results: number,
): Promise<number> {
  const {ended, kill} = startCommand(folder, [...args, '--stream', file])
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  const count = async (): Promise<number> => {
    const text = await readFile(join(folder, file), 'utf8').catch(() => '')
    return text.split('\n').length - 1
  }
  while (!isOver && (await count()) < results) await wait(50)
  kill()
  await ended
  return count()
}

/** A file for each format, beginning with a name; `-q`, because the text is one of them. */
export function reportArguments(name: string): readonly string[] {
  const rest = FORMATS.filter(format => format !== 'text').flatMap(format => [
    '--report',
    `${format}=${name}.${format}`,
  ])
  return ['--format', 'text', '--output', `${name}.text`, ...rest]
}

export async function reportsOf(folder: string, name: string): Promise<ReadonlyMap<string, string>> {
  const texts = FORMATS.map(
    async format => [format, await readFile(join(folder, `${name}.${format}`), 'utf8')] as const,
  )
  return new Map(await Promise.all(texts))
}
