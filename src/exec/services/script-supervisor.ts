import {baseName} from '../../lib/paths.ts'
import type {Process} from '../resolved-path.ts'
import type {WorldView} from '../world/view.ts'
import {readText} from '../wrappers/shells.ts'
import {MY_INIT} from './my-init.ts'
import {S6_OVERLAY_2} from './overlay/overlay-2.ts'
import {PROCFILE_SCRIPTS} from './procfile/procfile.ts'
import type {ScriptSupervisor, Supervisor} from './supervisor.ts'
import {SUPERVISORD} from './supervisord/supervisord.ts'
import {WITH_CONTENV} from './with-contenv.ts'

/** Supervisors that are scripts. A shell's are followed as what they are. */
export const SCRIPT_SUPERVISORS: readonly ScriptSupervisor[] = [
  MY_INIT,
  S6_OVERLAY_2,
  WITH_CONTENV,
  SUPERVISORD,
  ...PROCFILE_SCRIPTS,
]

/**
 * The supervisor that an interpreter runs, with its process: its own words behind its path. Undefined where it runs
 * another script.
 */
export async function findScriptSupervisor(
  view: WorldView,
  process: Process,
  interpreter: string,
): Promise<{readonly supervisor: Supervisor; readonly process: Process} | undefined> {
  const {argv} = process
  const at = argv.findIndex((word, index) => index > 0 && !word.startsWith('-'))
  const path = argv[at]
  if (path === undefined) return undefined
  const supervisor = SCRIPT_SUPERVISORS.find(
    ({names, interpreter: own}) => own.test(interpreter) && names.includes(baseName(path)),
  )
  if (!supervisor) return undefined
  const text = (await readText(view, process, path)) ?? ''
  if (!supervisor.marks.every(mark => mark.test(text))) return undefined
  return {supervisor, process: {...process, argv: argv.slice(at)}}
}
