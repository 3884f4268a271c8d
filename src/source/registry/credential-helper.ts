import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {errorCode} from '../../errors.ts'
import {object, optional, parseJson, string} from '../../lib/json.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import type {Credentials} from './credential-file.ts'

/** What a credential helper answered. `problem` never holds what it printed. */
export type HelperAnswer =
  | {readonly kind: 'found'; readonly credentials: Credentials}
  /** It has nothing for this registry. */
  | {readonly kind: 'none'}
  /** It is not installed. */
  | {readonly kind: 'absent'}
  | {readonly kind: 'failed'; readonly problem: string}

export interface HelperOptions {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

const NAME = /^[A-Za-z0-9._-]+$/
const TIMEOUT_MS = 30_000
/** In bytes: tokens of clouds have a few thousand. */
const ANSWER = fixedBound('credential-bytes')

const answer = object({Username: optional(string, ''), Secret: optional(string, '')})

/**
 * Asks `docker-credential-NAME get`: the server's name on standard input, JSON on standard output.
 * https://github.com/docker/docker-credential-helpers#development
 */
export async function askHelper(name: string, server: string, {env, signal}: HelperOptions): Promise<HelperAnswer> {
  if (!NAME.test(name))
    return {kind: 'failed', problem: `${JSON.stringify(name)} is not the name of a credential helper`}
  const program = `docker-credential-${name}`
  const child = spawn(program, ['get'], {
    env: {...env},
    stdio: ['pipe', 'pipe', 'ignore'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    killSignal: 'SIGKILL',
    windowsHide: true,
  })
  // It may end without reading.
  child.stdin.on('error', () => undefined)
  child.stdin.end(server)
  const chunks: Buffer[] = []
  let size = 0
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length
    if (size > ANSWER.most) child.kill('SIGKILL')
    else chunks.push(chunk)
  })
  try {
    await once(child, 'close')
  } catch (thrown) {
    return errorCode(thrown) === 'ENOENT'
      ? {kind: 'absent'}
      : {kind: 'failed', problem: `${program} could not be run to its end`}
  }
  if (size > ANSWER.most)
    return {kind: 'failed', problem: tellLimit(ANSWER, most => `${program} printed more than ${most}`)}
  const printed = Buffer.concat(chunks)
  if (child.exitCode !== 0) {
    return /credentials not found|no credentials/i.test(printed.toString('utf8'))
      ? {kind: 'none'}
      : {kind: 'failed', problem: `${program} failed (exit code ${child.exitCode ?? -1})`}
  }
  const parsed = parseJson(printed, answer)
  if (!parsed.ok) return {kind: 'failed', problem: `${program} printed something unexpected`}
  const {Username: username, Secret: secret} = parsed.value
  if (secret === '') return {kind: 'none'}
  return {
    kind: 'found',
    // Helpers' way to say that this is an identity token.
    credentials:
      username === '<token>' ? {kind: 'identity-token', token: secret} : {kind: 'password', username, password: secret},
  }
}
