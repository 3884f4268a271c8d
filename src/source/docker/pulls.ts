import type {DockerCli} from './cli.ts'

/** The images that a run brought into the daemon, and how it takes them away again. */
export interface Pulls {
  /** Pulls an image by digest unless the daemon holds it already. */
  ensure(reference: string): Promise<void>
  /** Removes an image that `ensure` brought in; one that was there before stays. */
  release(reference: string): Promise<void>
}

/** `announce` is told of a reference before it is pulled, so that a later step can remove what a killed run left. */
export function trackPulls(cli: DockerCli, cleaner: DockerCli, announce: (reference: string) => void): Pulls {
  const users = new Map<string, {count: number; pulled: Promise<boolean>}>()
  return {
    ensure: async reference => {
      const held = users.get(reference)
      if (held) held.count += 1
      const use = held ?? {count: 1, pulled: pullIfAbsent(cli, reference, announce)}
      users.set(reference, use)
      await use.pulled
    },
    release: async reference => {
      const use = users.get(reference)
      if (!use) return
      use.count -= 1
      if (use.count > 0) return
      users.delete(reference)
      // A pull that failed or was cancelled may have left the image all the same.
      if (await use.pulled.catch(() => true)) await removeImage(cleaner, reference)
    },
  }
}

async function pullIfAbsent(
  cli: DockerCli,
  reference: string,
  announce: (reference: string) => void,
): Promise<boolean> {
  if (await hasImage(cli, reference)) return false
  announce(reference)
  await cli.bytes(['pull', '--quiet', reference])
  return true
}

/** Whether the daemon knows this very reference. A daemon that does not answer is an error, not an absence. */
export async function hasImage(cli: DockerCli, reference: string): Promise<boolean> {
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
