import type {EngineFault} from './engine-stand-in.ts'
import type {Outcome} from './registry-kinds.ts'

/** One way for a docker command to fail. */
export interface EngineFaultKind {
  readonly name: string
  /** Of the commands of the same kind and words: this one, or this one and all later ones. */
  readonly times: 'once' | 'always'
  readonly fault: EngineFault
  /** The commands for which it makes sense; all where nothing is said. */
  readonly only?: RegExp
  /** Whether the run goes on as if nothing had happened. */
  readonly mends?: true
}

const NOT_RUNNING = 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'
const fails = (stderr: string, exitCode = 1): EngineFault => ({kind: 'fail', stderr, exitCode})
/** What a tar is read from while it is written. */
const STREAMS = /^(?:cp|export|save) /

export const ENGINE_FAULTS: readonly EngineFaultKind[] = [
  {name: 'no daemon', times: 'always', fault: fails(NOT_RUNNING)},
  {name: 'no daemon for once', times: 'once', fault: fails(NOT_RUNNING)},
  {name: 'engine restarted', times: 'once', fault: {kind: 'gone'}},
  {name: 'failure without a word', times: 'always', fault: fails('')},
  {name: 'failure of the client itself', times: 'always', fault: fails('panic: runtime error', 125)},
  {name: 'registry that does not answer', times: 'always', fault: fails('net/http: TLS handshake timeout')},
  {
    name: 'registry that is started anew',
    times: 'once',
    fault: fails(
      'Error response from daemon: Get "http://127.0.0.1:5000/v2/": dial tcp 127.0.0.1:5000: connect: connection refused',
    ),
    only: /^(?:pull|buildx imagetools) /,
    mends: true,
  },
  {name: 'no right to the socket', times: 'always', fault: fails('permission denied while trying to connect')},
  {
    name: 'pull without a login',
    times: 'always',
    fault: fails('unauthorized: authentication required'),
    only: /^pull /,
  },
  {
    name: 'limit of pulls',
    times: 'always',
    fault: fails('toomanyrequests: You have reached your pull rate limit.'),
    only: /^(?:pull|buildx imagetools) /,
  },
  {
    name: 'full disk',
    times: 'always',
    fault: fails('failed to register layer: write /usr/data: no space left on device'),
    only: /^(?:pull|create|save|cp|export) /,
  },
  {name: 'nothing printed', times: 'always', fault: {kind: 'print', stdout: ''}},
  {name: 'garbage printed', times: 'always', fault: {kind: 'print', stdout: '\0\x07garbage\n::error::garbage\n'}},
  {name: 'garbage in place of a tar', times: 'always', fault: {kind: 'print', stdout: 'x'.repeat(4096)}, only: STREAMS},
  {
    name: 'stream that ends early',
    times: 'always',
    fault: {kind: 'cut', after: 300, stderr: '', exitCode: 0},
    only: STREAMS,
  },
  {
    name: 'stream that breaks off',
    times: 'always',
    fault: {kind: 'cut', after: 300, stderr: 'unexpected EOF\n', exitCode: 1},
    only: STREAMS,
  },
  {
    name: 'answer that breaks off',
    times: 'always',
    fault: {kind: 'cut', after: 20, stderr: 'unexpected EOF\n', exitCode: 1},
    only: /^(?:buildx|image inspect) /,
  },
  {
    name: 'output without end',
    times: 'always',
    fault: {kind: 'endless', chunk: Buffer.alloc(65536, 'x')},
    // What is saved is written to disk before it is read, up to 8 GiB of it.
    only: /^(?!save )/,
  },
  {
    name: 'zeros without end',
    times: 'always',
    fault: {kind: 'endless', chunk: Buffer.alloc(65536)},
    only: /^(?:cp|export) /,
  },
]

/** Docker commands that take away what others made. */
const CLEANING = /^(?:rm|image rm) /
/** Docker commands that are run only to say where a wrong file comes from. */
const EXPLAINING = /^(?:save |buildx imagetools inspect --raw .*@sha256)/

/** Docker commands in whose place the engine's socket is asked first, where there is one. */
const BY_SOCKET = /^(?:cp|export|image inspect) /

/**
 * How a run may end in which a command fails so; `done` is how it ends without a fault. Where the engine's socket is
 * asked first, the client is asked after it.
 */
export function outcomesOf(
  command: string,
  {fault, mends, times}: EngineFaultKind,
  done: Outcome,
  hasSocket: boolean,
): readonly Outcome[] {
  if (mends) return [done]
  // It is asked only whether there is a socket.
  if (command.startsWith('context inspect ')) return [done]
  if (hasSocket && times === 'once' && BY_SOCKET.test(command)) return [done]
  if (done === 'findings' && EXPLAINING.test(command)) return [done]
  // What these print is not looked at.
  if (fault.kind === 'print' && (CLEANING.test(command) || /^pull /.test(command))) return [done]
  // That something stays behind is no success either.
  return ['could-not-check']
}

/** Whether what such a run leaves in the engine is not its fault: it was not let. */
export function mayLeave(command: string): boolean {
  return CLEANING.test(command)
}
