import {SourceError} from '../errors.ts'
import {dockerCli} from './docker/docker-cli.ts'
import {removeLeftovers as removeFromDaemon} from './docker/leftovers.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** In milliseconds. */
const LEFTOVERS_LIMIT = 60_000

/**
 * Removes what a run that was killed has left. Throws a SourceError where that fails, or takes longer than a minute.
 */
export async function removeLeftovers(left: {
  readonly env: Environment
  readonly run: string
  readonly pulls: readonly string[]
}): Promise<void> {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(), LEFTOVERS_LIMIT)
  try {
    await removeFromDaemon(dockerCli({env: left.env, signal: controller.signal}), left.run, left.pulls)
  } catch (thrown) {
    if (!controller.signal.aborted) throw thrown
    throw new SourceError('unavailable', `docker did not end within ${LEFTOVERS_LIMIT / 1000} s`, {cause: thrown})
  } finally {
    clearTimeout(timer)
  }
}
