import {once} from 'node:events'
import {type IncomingMessage, request} from 'node:http'
import {buffer} from 'node:stream/consumers'
import type {Engine} from './engine.ts'

/** What an engine answered. */
export interface EngineAnswer {
  readonly status: number
  readonly body: Buffer
}

/**
 * One request to an engine's API, a body as JSON: much cheaper than a docker client.
 * https://docs.docker.com/reference/api/engine/
 */
export async function callEngine(
  {socket}: Pick<Engine, 'socket'>,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<EngineAnswer> {
  const headers = body === undefined ? {} : {'content-type': 'application/json'}
  const asked = request({socketPath: socket, method, path, agent: false, headers})
  asked.end(body === undefined ? undefined : JSON.stringify(body))
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return {status: answer.statusCode ?? 0, body: await buffer(answer)}
}

/** The same where the engine has to do it. */
export async function mustCallEngine(...call: Parameters<typeof callEngine>): Promise<Buffer> {
  const {status, body} = await callEngine(...call)
  if (status >= 300) throw new Error(`${call[1]} ${call[2]} was answered with ${status}: ${body}`)
  return body
}

/**
 * Pulls an image; gives what the engine has against it, if anything: that comes in the stream, behind a status of 200.
 */
export async function pullImage(
  engine: Pick<Engine, 'socket'>,
  image: string,
  platform?: string,
): Promise<string | undefined> {
  const query = new URLSearchParams({fromImage: image, ...(platform === undefined ? {} : {platform})})
  const {status, body} = await callEngine(engine, 'POST', `/images/create?${query}`)
  if (status !== 200) return body.toString()
  const lines = body.toString().trim().split('\n')
  return lines.map((line): unknown => Object(JSON.parse(line)).error).find(error => typeof error === 'string')
}
