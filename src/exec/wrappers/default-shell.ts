import type {Caller} from './handover.ts'
import {isFrom} from './versions.ts'

/** Without SHELL: that of the user since util-linux 2.42 (lib/shells.c, ul_default_shell), /bin/sh before. */
export async function defaultShell(caller: Caller): Promise<string> {
  const own = caller.process.user.shell
  if (own === undefined || own === '') return '/bin/sh'
  return (await asksForShell(caller)) ? own : '/bin/sh'
}

/** Whether a program of util-linux asks ul_default_shell(). */
export async function asksForShell(caller: Caller): Promise<boolean> {
  const found = await caller.version()
  return found?.name === 'util-linux' && isFrom(found.version, [2, 42]) === true
}
