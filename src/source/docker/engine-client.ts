import {object, parseJson, required, string} from '../../lib/json.ts'
import {type Attempt, cliOf, type DockerCli, dockerError} from './docker-cli.ts'
import {answerOf, readBody, refusalText} from './engine-answer.ts'
import {type InspectRequest, inspectRequest, streamRequest} from './engine-request.ts'
import type {EngineAccess} from './engine-socket.ts'
import {engineStream} from './engine-streams.ts'

/** In bytes: what is said of an image. */
const INSPECTED_LIMIT = 16 * 1024 * 1024

/**
 * The same client, which asks the engine itself what is in a container and what it says of an image: without a docker
 * process for each path, and without one that copies all of a filesystem through a pipe. These are the requests that
 * the client makes. What the engine does not answer, or answers with anything but what was asked for or "not there",
 * the client is asked for.
 */
export function withEngineSocket(cli: DockerCli, options: EngineAccess): DockerCli {
  return cliOf({
    attempt: async args => {
      const request = inspectRequest(args)
      return (request && (await inspect(args, request, options))) ?? cli.attempt(args)
    },
    stream: args => {
      const path = streamRequest(args)
      return path === undefined
        ? cli.stream(args)
        : engineStream(path, () => cli.stream(args), commandLine(args), options)
    },
  })
}

/** Undefined where the client is to be asked. */
async function inspect(
  args: readonly string[],
  {path, printed}: InspectRequest,
  {signal, waits, socket}: EngineAccess,
): Promise<Attempt | undefined> {
  const over = waits?.begin(commandLine(args))
  try {
    const answer = await answerOf(await socket(), path, signal)
    if (answer === 'ask the client') return undefined
    if ('message' in answer) {
      const stderr = refusalText(answer.message)
      return {ok: false, stderr, error: dockerError(args, stderr, 1)}
    }
    const json = await readBody(answer.body, INSPECTED_LIMIT)
    const stdout = json && (printed === 'json' ? json : idOf(json))
    return stdout && {ok: true, stdout}
  } catch {
    // What broke off in the middle. Of a run that is cancelled the client says so.
    return undefined
  } finally {
    over?.()
  }
}

const inspected = object({Id: required(string)})

function idOf(json: Uint8Array): Uint8Array | undefined {
  const parsed = parseJson(json, inspected)
  return parsed.ok ? new TextEncoder().encode(parsed.value.Id) : undefined
}

function commandLine(args: readonly string[]): string {
  return `docker ${args.join(' ')}`
}
