import type {Call} from '../call.ts'
import {textOf} from '../text.ts'

/**
 * From which number to which the group of a new user gets that of the user: login.defs(5), shadow 4.13
 * libmisc/find_new_gid.c get_ranges(). Of another user the next free number is taken.
 */
export async function groupRange({view}: Call, isSystem: boolean): Promise<readonly [number, number]> {
  const text = (await textOf(view, await view.place('/etc/login.defs'))) ?? ''
  const least = setting(text, 'GID_MIN') ?? 1000
  return isSystem
    ? [setting(text, 'SYS_GID_MIN') ?? 101, setting(text, 'SYS_GID_MAX') ?? least - 1]
    : [least, setting(text, 'GID_MAX') ?? 60_000]
}

function setting(text: string, name: string): number | undefined {
  const last = [...text.matchAll(new RegExp(`^[ \\t]*${name}[ \\t]+(\\d+)`, 'gm'))].at(-1)
  return last && Number(last[1])
}
