import {SourceError} from '../errors.ts'

/** A run that ends when its time is up; given by the door, which has the clock and the signal. */
export interface RunningTime {
  /** Whether the time was up, and the run aborted. */
  isUp(): boolean
  /** What the run was waiting for when its time was up; undefined where it was at work itself. */
  waitedFor(): string | undefined
  stop(): void
}

/** Begins to count, in milliseconds, and aborts all reading at the end. */
export type LimitTime = (milliseconds: number) => RunningTime

/** Makes of a run that was aborted for its time an error that says so. `limit`: in milliseconds, 0 for none. */
export async function withinTime<T>(
  limit: number,
  limitTime: LimitTime | undefined,
  run: () => Promise<T>,
): Promise<T> {
  if (limit === 0 || limitTime === undefined) return run()
  const time = limitTime(limit)
  try {
    return await run()
  } catch (thrown) {
    if (!time.isUp()) throw thrown
    const waited = time.waitedFor()
    const waiting =
      waited === undefined
        ? 'it was not waiting for a registry or for docker, but reading what it has'
        : `it was waiting for ${waited}`
    throw new SourceError('unavailable', `the check was not over after ${formatTime(limit)}; ${waiting}`, {
      hint: 'Raise timeout (--timeout) where the images need longer; 0 sets no limit.',
      cause: thrown,
    })
  } finally {
    time.stop()
  }
}

const UNITS = {s: 1000, m: 60_000, h: 3_600_000} as const

/** `90s`, `30m`, `2h`, or `0`; in milliseconds. Undefined for anything else, and for more than a day. */
export function parseTime(text: string): number | undefined {
  if (text === '0') return 0
  const [, amount = '', unit = ''] = /^([1-9]\d{0,5})([smh])$/.exec(text) ?? []
  const milliseconds = Number(amount) * (UNITS[unit as keyof typeof UNITS] ?? 0)
  return milliseconds === 0 || milliseconds > 24 * UNITS.h ? undefined : milliseconds
}

function formatTime(milliseconds: number): string {
  if (milliseconds % UNITS.h === 0) return `${milliseconds / UNITS.h} h`
  if (milliseconds % UNITS.m === 0) return `${milliseconds / UNITS.m} min`
  return `${milliseconds / UNITS.s} s`
}
