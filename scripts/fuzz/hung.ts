import type {Worker} from 'node:worker_threads'

/** In milliseconds. */
const LOOK = 500

/**
 * Calls back where a thread is at one input for longer than `most` milliseconds of its own time on a processor: on a
 * machine that does much else a good input takes minutes to be read. `begun` says how many inputs were. Returns what
 * ends the watch.
 */
export function watchThread(
  worker: Worker,
  {begun, most, onHung}: {readonly begun: () => number; readonly most: number; readonly onHung: () => void},
): () => void {
  let seen = {begun: 0, since: 0}
  const look = async (): Promise<void> => {
    const {user, system} = await worker.cpuUsage()
    const now = {begun: begun(), since: (user + system) / 1000}
    if (now.begun !== seen.begun) seen = now
    else if (now.begun > 0 && now.since - seen.since > most) onHung()
  }
  // One that has ended cannot be asked, and tells of its end itself.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK)
  return () => clearInterval(timer)
}
