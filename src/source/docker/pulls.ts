import type {DockerCli} from './cli.ts'

/** The images that a run brought into the daemon, and how it takes them away again. */
export interface Pulls {
  /** Pulls an image by digest unless the daemon holds it already. */
  ensure(reference: string): Promise<void>
  /** Removes an image that `ensure` brought in, once for each `ensure`; one that was there before stays. */
  release(reference: string): Promise<void>
}

interface Use {
  count: number
  readonly wasAbsent: Promise<boolean>
  readonly ready: Promise<void>
}

/** `announce` is told of a reference before it is pulled, so that a later step can remove what a killed run left. */
export function trackPulls(cli: DockerCli, cleaner: DockerCli, announce: (reference: string) => void): Pulls {
  const uses = new Map<string, Use>()
  const begin = (reference: string): Use => {
    const wasAbsent = hasImage(cli, reference).then(present => !present)
    const ready = wasAbsent.then(async absent => {
      if (!absent) return
      announce(reference)
      await cli.bytes(['pull', '--quiet', reference])
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
      // A pull that was cut off may have left the image all the same. Where it is not known whether it was there before, it stays.
      if (await use.wasAbsent.catch(() => false)) await removeImage(cleaner, reference)
    },
  }
}

/** Whether the daemon knows this very reference. A daemon that does not answer is an error, not an absence. */
async function hasImage(cli: DockerCli, reference: string): Promise<boolean> {
  const result = await cli.attempt(['image', 'inspect', '--format', '{{.Id}}', reference])
  if (result.ok) return true
  if (/no such image|not found/i.test(result.stderr)) return false
  throw result.error
}

/** Removes one reference; layers that other images use stay. One that is gone already is no failure. */
export async function removeImage(cli: DockerCli, reference: string): Promise<void> {
  const result = await cli.attempt(['image', 'rm', reference])
  // In use by somebody else's container: then it is theirs now.
  if (!result.ok && !/no such image|not found|is being used|is using its referenced image/i.test(result.stderr)) {
    throw result.error
  }
}
