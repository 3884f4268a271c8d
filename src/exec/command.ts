import type {ImageConfig} from '../image/config.ts'
import {type DeviceRuntime, requestedRuntimes} from './injected.ts'

/** Environment variables by name. */
export type Environment = ReadonlyMap<string, string>

/** What a container of the image starts when nothing is said at run time. */
export interface Command {
  /** Entrypoint ++ Cmd; empty where the image has neither. */
  readonly argv: readonly string[]
  /** How many elements of `argv` come from the Entrypoint. */
  readonly fromEntrypoint: number
  /** An image with an Entrypoint alone leaves it to whoever starts the container to put words behind it. */
  readonly ending: 'closed' | 'open'
  /** Absolute. The engine makes the directory where it is missing. */
  readonly cwd: string
  /** With PATH as the engine would set it. */
  readonly env: Environment
  /** As in the config: `name`, `uid`, `name:group`, …; empty means root. */
  readonly user: string
  /** Whom the image asks for devices. */
  readonly runtimes: readonly DeviceRuntime[]
}

/** moby/moby daemon/pkg/oci/defaults.go DefaultPathEnv; an image without PATH gets it. */
export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** The command of an image as moby's daemon/container.go (getEntrypointAndArgs) and runc put it together. */
export function readCommand(config: ImageConfig): Command {
  const env = readEnvironment(config.env)
  // daemon/create.go mergeAndVerifyConfig: an entrypoint of one empty string was "reset", and is none.
  const entrypoint = config.entrypoint.length === 1 && config.entrypoint[0] === '' ? [] : config.entrypoint
  return {
    argv: [...entrypoint, ...config.cmd],
    fromEntrypoint: entrypoint.length,
    ending: entrypoint.length > 0 && config.cmd.length === 0 ? 'open' : 'closed',
    cwd: absoluteDirectory(config.workingDir),
    env,
    user: config.user,
    runtimes: requestedRuntimes({env, labels: config.labels}),
  }
}

/**
 * `NAME=value` lines as variables; of two with one name the last wins (runc env.go). A line without `=` or without a
 * name sets nothing. PATH is the engine's default where no line sets it; `PATH=` does set it, to nothing.
 */
export function readEnvironment(lines: readonly string[]): Environment {
  const env = new Map<string, string>([['PATH', DEFAULT_PATH]])
  for (const line of lines) {
    const equals = line.indexOf('=')
    if (equals > 0) env.set(line.slice(0, equals), line.slice(equals + 1))
  }
  return env
}

/** moby joins WorkingDir to the root, so a relative one counts from `/`. */
function absoluteDirectory(workingDir: string): string {
  return workingDir.startsWith('/') ? workingDir : `/${workingDir}`
}
