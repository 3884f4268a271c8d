import {directoryOf} from '../../lib/paths.ts'
import {joinPath} from '../resolved-path.ts'
import {type Caller, type Handover, passOn, refuse} from './handover.ts'

/**
 * erlexec, which `erl` and the start scripts of releases execute: `$BINDIR/beam.smp`, or another flavour of it by an
 * option, with words of its own before those that it is given. Erlang/OTP erts/etc/common/erlexec.c.
 */
export function erlexec(caller: Caller): readonly Handover[] {
  const {process} = caller
  const directory = process.env.get('BINDIR')
  if (directory === undefined) return refuse(caller, 'BINDIR is not set')
  if (process.argv.some(word => word === '-emu_type' || word === '-emu_flavor' || word === '-emu_name_exit')) {
    return [{kind: 'unknown', reason: 'an option of erlexec says which of its programs runs'}]
  }
  const inside = {...caller, process: {...process, ...ownWords('erlexec')}}
  return passOn(inside, [`${directory}/beam.smp`], {search: 'path', runsText: false})
}

/**
 * The emulator starts what starts its ports before anything else, since OTP 19: erts/emulator/sys/unix/sys_drivers.c.
 */
export async function beam(caller: Caller): Promise<readonly Handover[]> {
  const {process} = caller
  const directory = process.env.get('BINDIR')
  const path = directory === undefined ? undefined : `${directory}/erl_child_setup`
  if (path === undefined || (await caller.isMissing(path))) return []
  const inside = {...caller, process: {...process, ...ownWords('beam.smp')}}
  return passOn(inside, [path], {search: 'path', runsText: false, isFollowed: true})
}

/**
 * `escript [OPTION…] FILE [WORD…]`: the `erl` beside it, where it was called by a path, or else of PATH, which runs the
 * file: erts/etc/common/escript.c.
 */
export async function escript(caller: Caller): Promise<readonly Handover[]> {
  const {process} = caller
  const [name = '', ...words] = process.argv
  const file = words.find(word => !word.startsWith('-'))
  if (file === undefined)
    return process.unknownWord === undefined && process.ending === 'closed'
      ? refuse(caller, 'it is given no script')
      : []
  const emulator = process.env.get('ESCRIPT_EMULATOR') ?? (await besides(caller, name)) ?? 'erl'
  const inside = {...caller, process: {...process, ...ownWords('escript')}}
  return [
    {kind: 'file', candidates: [file], via: 'argument of escript', cwd: process.cwd},
    ...passOn(inside, [emulator, '+B']),
  ]
}

async function besides({process, isMissing}: Caller, name: string): Promise<string | undefined> {
  if (!name.includes('/')) return undefined
  const directory = directoryOf(name.startsWith('/') ? name : joinPath(process.cwd, name))
  for (const path of [joinPath(directory, 'erl'), joinPath(directory, 'bin/erl')]) {
    if (!(await isMissing(path))) return path
  }
  return undefined
}

function ownWords(name: string): {readonly unknownWord: string; readonly isOpenEnded: true} {
  return {unknownWord: `the words of ${name}`, isOpenEnded: true}
}
