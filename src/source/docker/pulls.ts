import {SourceError} from '../../errors.ts'
import type {Clock} from '../../net/clock.ts'
import {untilThere} from '../just-pushed.ts'
import type {DockerCli} from './docker-cli.ts'

/** The images that a run brought into the daemon, and how it takes them away again. */
export interface Pulls {
  /** Pulls an image by digest unless the daemon holds it already. */
  ensure(reference: string): Promise<void>
  /** Removes an image that `ensure` brought in, once for each `ensure`; one that was there before stays. */
  release(reference: string): Promise<void>
}

export interface PullTools {
  readonly cli: DockerCli
  /** Outlives a cancelled run. */
  readonly cleaner: DockerCli
  readonly clock: Clock
  readonly signal: AbortSignal
}

interface Use {
  count: number
  readonly wasAbsent: Promise<boolean>
  readonly ready: Promise<void>
}

/**
 * `announce` is called with a reference before it is pulled, so that a later step can remove what a killed run left.
 */
export function trackPulls(tools: PullTools, announce: (reference: string) => void): Pulls {
  const {cli, cleaner} = tools
  const uses = new Map<string, Use>()
  const removals = new Map<string, Promise<void>>()
  const begin = (reference: string): Use => {
    // One that is just being removed is no longer there.
    const removed = removals.get(reference)?.catch(() => undefined) ?? Promise.resolve()
    const wasAbsent = removed.then(() => hasImage(cli, reference)).then(present => !present)
    const ready = wasAbsent.then(async absent => {
      if (!absent) return
      announce(reference)
      await untilThere(tools)(() => cli.bytes(['pull', '--quiet', reference]))
    })
    return {count: 0, wasAbsent, ready}
  }
  return {
    ensure: async reference => {
      const use = uses.get(reference) ?? begin(reference)
      uses.set(reference, use)
      use.count += 1
      await use.ready
    },
    release: async reference => {
      const use = uses.get(reference)
      if (!use) return
      use.count -= 1
      if (use.count > 0) return
      uses.delete(reference)
      // A pull that was cut off may have left the image all the same. Where it is not known
      // whether it was there before, it stays.
      const removal = use.wasAbsent
        .catch(() => false)
        .then(absent => (absent ? removeImage(cleaner, reference) : undefined))
      removals.set(reference, removal)
      await removal
    },
  }
}

/** Whether the daemon knows this very reference. A daemon that does not answer is an error, not an absence. */
async function hasImage(cli: DockerCli, reference: string): Promise<boolean> {
  const result = await cli.attempt(['image', 'inspect', '--format', '{{.Id}}', reference])
  if (result.ok) {
    if (/^(?:sha256:)?[0-9a-f]{64}\s*$/.test(new TextDecoder().decode(result.stdout))) return true
    throw new SourceError('unavailable', `docker image inspect of ${reference} printed something that is not an id`)
  }
  if (isGone(result.stderr)) return false
  throw result.error
}

/** Removes one reference; layers that other images use stay. One that is gone already is not a failure. */
export async function removeImage(cli: DockerCli, reference: string): Promise<void> {
  const remove = ['image', 'rm', reference]
  const first = await cli.attempt(remove)
  // Another name of the same image is removed at the same time, and the image with it: moby image/store.go, Delete.
  const isBeside = !first.ok && /unrecognized image ID/i.test(first.stderr)
  const result = isBeside ? await cli.attempt(remove) : first
  if (result.ok || isGone(result.stderr)) return
  if (!/is being used|is using its referenced image/i.test(result.stderr)) throw result.error
  // Somebody's container uses the image. Where that has another name, ours goes all the same, which the
  // classic store has to be named (a tag and digests of one repository count as one name there); where
  // it has none, the image is theirs now.
  if (!(await hasOtherNames(cli, reference))) return
  const forced = await cli.attempt(['image', 'rm', '--force', reference])
  if (!forced.ok && !isGone(forced.stderr)) throw forced.error
}

async function hasOtherNames(cli: DockerCli, reference: string): Promise<boolean> {
  const format = '{{range .RepoTags}}{{println .}}{{end}}{{range .RepoDigests}}{{println .}}{{end}}'
  const printed = await cli.attempt(['image', 'inspect', '--format', format, reference])
  const names = printed.ok ? new TextDecoder().decode(printed.stdout).split('\n') : []
  return names.some(name => name.trim() !== '' && name.trim() !== reference)
}

function isGone(stderr: string): boolean {
  return /no such image|not found/i.test(stderr)
}
