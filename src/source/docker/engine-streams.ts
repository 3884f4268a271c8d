import {once} from 'node:events'
import {PassThrough, type Readable} from 'node:stream'
import {cancelled} from '../../errors.ts'
import type {RunningProcess} from '../process.ts'
import {answerOf, refusalText} from './engine-answer.ts'
import type {EngineAccess} from './engine-socket.ts'

type End = Awaited<ReturnType<RunningProcess['finished']>>

/**
 * What the engine answers to a request, as the standard output of the command that would make the same request; where
 * the engine does not answer it, of that command itself, which `start` starts.
 */
export function engineStream(
  path: string,
  start: () => RunningProcess,
  command: string,
  {signal, waits, socket}: EngineAccess,
): RunningProcess {
  if (signal.aborted) throw cancelled()
  const stdout = new PassThrough()
  const unread = new AbortController()
  // A reader learns it by what is thrown there; where nobody reads, by the end.
  stdout.on('error', () => undefined)
  stdout.once('close', () => unread.abort())
  let client: RunningProcess | undefined

  const copy = async (): Promise<End> => {
    const answer = await answerOf(await socket(), path, AbortSignal.any([signal, unread.signal]))
    unread.signal.throwIfAborted()
    if (answer === 'ask the client') {
      client = start()
      await pour(client.stdout, stdout, unread.signal).catch((thrown: unknown) => {
        // How the client ends counts, also where its output is not read to the end.
        if (!unread.signal.aborted) throw thrown
      })
      return client.finished()
    }
    if ('message' in answer) return {exitCode: 1, stderr: refusalText(answer.message)}
    await pour(answer.body, stdout, unread.signal)
    return {exitCode: 0, stderr: ''}
  }
  const over = waits?.begin(command)
  const ended = copy()
    .catch((thrown: unknown): End => {
      if (signal.aborted) stdout.destroy(cancelled(thrown))
      const said = thrown instanceof Error ? thrown.message : String(thrown)
      // Of what nobody reads to its end, nothing more is known.
      return unread.signal.aborted ? {exitCode: 0, stderr: ''} : {exitCode: 1, stderr: `error during connect: ${said}`}
    })
    .finally(() => {
      stdout.end()
      over?.()
    })
  return {
    stdout,
    finished: async () => {
      const end = await ended
      if (signal.aborted) throw cancelled()
      return end
    },
    stop: async () => {
      stdout.destroy()
      await client?.stop()
      await ended
    },
  }
}

/** Passes on what is read, as fast as it is taken; throws where the source breaks off or nobody takes more. */
async function pour(source: Readable, sink: PassThrough, unread: AbortSignal): Promise<void> {
  const leave = (): void => {
    source.destroy()
  }
  unread.addEventListener('abort', leave, {once: true})
  for await (const chunk of source) {
    unread.throwIfAborted()
    if (!sink.write(chunk)) await once(sink, 'drain', {signal: unread})
  }
  unread.removeEventListener('abort', leave)
}
