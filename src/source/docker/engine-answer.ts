import type {IncomingMessage} from 'node:http'
import {concatBytes} from '../../lib/bytes.ts'
import {object, parseJson, required, string} from '../../lib/json.ts'
import {askEngine, type EngineSocket} from './engine-socket.ts'

/** What an engine answers: what was asked for, or why it is not there. All else is left to the docker client. */
export type EngineAnswer = {readonly body: IncomingMessage} | {readonly message: string} | 'ask the client'

/** In bytes: what an engine says in an answer that is an error. */
const MESSAGE_LIMIT = 64 * 1024

const refusal = object({message: required(string)})

/** Asks the engine, unless there is none to ask; what is not there it says with 404 and a reason. */
export async function answerOf(
  engine: EngineSocket | undefined,
  path: string,
  signal: AbortSignal,
): Promise<EngineAnswer> {
  if (engine === undefined) return 'ask the client'
  try {
    const answer = await askEngine(engine.socketPath, `/v${engine.version}${path}`, signal)
    if (answer.statusCode === 200) return {body: answer}
    const said = await readBody(answer, MESSAGE_LIMIT)
    const parsed = answer.statusCode === 404 && said ? parseJson(said, refusal) : undefined
    return parsed?.ok ? parsed.value : 'ask the client'
  } catch (thrown) {
    if (signal.aborted) throw thrown
    return 'ask the client'
  }
}

/** All of an answer; undefined where it has more bytes than the limit. */
export async function readBody(answer: IncomingMessage, limit: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer) {
    size += chunk.length
    if (size > limit) return undefined
    chunks.push(chunk)
  }
  return concatBytes(chunks)
}

/** What the docker client prints of a refusal: cli/command and client/errors.go. */
export function refusalText(message: string): string {
  return `Error response from daemon: ${message}`
}
