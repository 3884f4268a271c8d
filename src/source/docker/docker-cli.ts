import {SourceError, type SourceErrorCode} from '../../errors.ts'
import {type Clock, SYSTEM_CLOCK} from '../../net/clock.ts'
import {proxySecrets} from '../../net/proxy.ts'
import {pauseAfter} from '../../net/retry.ts'
import {knownSecrets} from '../known-secrets.ts'
import {type ProcessOptions, type RunningProcess, runProcess, startProcess} from '../process.ts'
import {mayPass} from './passing-failures.ts'

/** The docker command line client: it brings the user's contexts, credentials, TLS and ssh. */
export interface DockerCli {
  /** Standard output of a command that has to succeed. */
  bytes(args: readonly string[]): Promise<Uint8Array>
  /** The same as text, without the white space at its ends. */
  text(args: readonly string[]): Promise<string>
  /** For commands whose failure is an answer. */
  attempt(args: readonly string[]): Promise<Attempt>
  /** For output that is read while it arrives. */
  stream(args: readonly string[]): RunningProcess
}

export type Attempt =
  | {readonly ok: true; readonly stdout: Uint8Array}
  | {readonly ok: false; readonly error: SourceError; readonly stderr: string}

export interface DockerCliOptions extends ProcessOptions {
  readonly clock?: Clock
}

/** The docker client under these surroundings. What only reads from a registry is tried again where that may help. */
export function dockerCli(options: DockerCliOptions, mask: (secret: string) => void = () => {}): DockerCli {
  const {clock = SYSTEM_CLOCK, signal} = options
  // docker may quote the proxy that it cannot understand.
  const secrets = knownSecrets(mask)
  for (const secret of proxySecrets(options.env)) secrets.add(secret)
  const once = async (args: readonly string[]): Promise<Attempt> => {
    const {exitCode, stdout, ...printed} = await runProcess('docker', args, options)
    const stderr = secrets.hide(printed.stderr)
    return exitCode === 0 ? {ok: true, stdout} : {ok: false, error: dockerError(args, stderr, exitCode), stderr}
  }
  const attempt = async (args: readonly string[]): Promise<Attempt> => {
    for (let count = 1; ; count += 1) {
      const tried = await once(args)
      const pause = !tried.ok && mayPass(args, tried.stderr) ? pauseAfter(count, clock) : undefined
      if (pause === undefined || signal === undefined) return tried
      await clock.sleep(pause, signal)
    }
  }
  const stream = (args: readonly string[]): RunningProcess => {
    const child = startProcess('docker', args, options)
    return {
      ...child,
      finished: async () => {
        const {exitCode, stderr} = await child.finished()
        return {exitCode, stderr: secrets.hide(stderr)}
      },
    }
  }
  return cliOf({attempt, stream})
}

/** A client of what it asks, and how. */
export function cliOf({attempt, stream}: Pick<DockerCli, 'attempt' | 'stream'>): DockerCli {
  const bytes = async (args: readonly string[]): Promise<Uint8Array> => {
    const result = await attempt(args)
    if (!result.ok) throw result.error
    return result.stdout
  }
  return {
    attempt,
    bytes,
    text: async args => new TextDecoder().decode(await bytes(args)).trim(),
    stream,
  }
}

/**
 * The client has no error codes, only texts. They choose the hint and whether an image may be looked for in the daemon
 * instead; whatever they say, a failed command stays an error.
 */
const TEXTS: readonly (readonly [RegExp, SourceErrorCode, string])[] = [
  [
    /no space left on device|disk quota exceeded|input\/output error|read-only file system|too many open files/i,
    'unavailable',
    'Make room on the disk of the Docker daemon, or read the image without it.',
  ],
  [
    // What moby and containerd say of an image that they do not take: its config, then its layers, then its settings.
    // A web page in place of a document (`<`) is not the image's.
    /cannot unmarshal|invalid character '(?!<)|unexpected end of JSON input|mediaType in manifest should be|media-type: expected|which reports content size of zero|could not deserialize image config|exceeded max depth|parsing time|invalid rootfs in image|too many non-empty layers|layers from manifest don't match|wrong diff id|number of layers and diffIDs|mismatched image rootfs|failed to register layer|failed to extract layer|failed to commit snapshot|cannot mount volume over existing file|Cannot mkdir|is not a directory|: not a directory$|evalSymlinksInScope: too many links|lstat .*: (?:file name too long|invalid argument)$/im,
    'malformed',
    'The engine refuses the image itself: build it again.',
  ],
  [
    /cannot connect to the docker daemon|error during connect|is the docker daemon running|permission denied while trying to connect/i,
    'unavailable',
    'Start the Docker daemon (or set DOCKER_HOST), or read images in their registry without it: source: registry (--source registry).',
  ],
  [
    /unauthorized|authentication required|access denied|access to the resource is denied|insufficient_scope|no basic auth|403 forbidden/i,
    'denied',
    'Log in to the registry first (docker/login-action, docker login); the token needs the right to pull.',
  ],
  [
    // A config or layer that a manifest names; containerd says of each "could not fetch content descriptor".
    /unknown blob|blob unknown|could not fetch content descriptor .* not found/i,
    'blob-missing',
    'Push the image again: the registry does not have all of it.',
  ],
  [
    /manifest.unknown|name.unknown|no such manifest|no such image|not found/i,
    'not-found',
    'Check the name and the tag or digest; a digest must have been pushed before it is verified.',
  ],
  [/toomanyrequests|rate limit/i, 'unavailable', 'Log in to the registry: anonymous pulls are limited.'],
]

/** An image without a command needs one for a container to be created; it is never started. */
export const DUMMY_ARGUMENT = '/never-started'

/** A failed docker command as an error: what was run, and what docker said. */
export function dockerError(args: readonly string[], stderr: string, exitCode: number): SourceError {
  const [, code, hint] = TEXTS.find(([text]) => text.test(stderr)) ?? [undefined, 'unavailable' as const, undefined]
  const said = lastLines(stderr)
  // `docker cp CONTAINER:PATH -`: the last word that names something.
  const named = args.findLast(word => word !== '-' && word !== DUMMY_ARGUMENT)
  const subject = `docker ${commandName(args)} of ${named} failed`
  return new SourceError(
    code,
    `${subject} (exit code ${exitCode})${said === '' ? '' : `: ${said}`}`,
    hint === undefined ? {} : {hint},
  )
}

function commandName(args: readonly string[]): string {
  const words = args.findIndex((word, at) => word.startsWith('-') || word.includes(':') || at === args.length - 1)
  return args.slice(0, Math.min(words, 3)).join(' ')
}

/** What docker said last; its progress and the advice to read `--help` are not part of the reason. */
function lastLines(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^(see '|run 'docker|usage:|warning: )/i.test(line))
  return lines.slice(-3).join('; ')
}
