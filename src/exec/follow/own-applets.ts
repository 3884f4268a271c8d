import {baseName} from '../../lib/paths.ts'
import type {WorldView} from '../world/view.ts'
import {isMultiCall, readBusybox} from '../wrappers/busybox-file.ts'
import type {Runner} from '../wrappers/handover.ts'
import type {Walk} from './walk.ts'

/**
 * Of a static busybox: whether a shell that it is takes its applets before PATH. `isAsked`: a file of another name, a
 * copy or a hard link, may be one.
 */
export async function ownApplets(
  {busyboxFiles}: Walk,
  view: WorldView,
  file: string | undefined,
  isAsked: boolean,
): Promise<Partial<Runner>> {
  const isNamed = file !== undefined && isMultiCall(baseName(file))
  if (file === undefined || !(isNamed || isAsked)) return {}
  const found = await view.lookup(file)
  if (found.outcome !== 'found') return isNamed ? {perhapsBusybox: file} : {}
  const {isBusybox, isStandalone} = await readBusybox(view, found.node, busyboxFiles)
  if (!isNamed && !isBusybox) return {}
  const known = isNamed ? {} : {file: 'busybox', multiCall: file}
  return isStandalone ? {busybox: file, ...known} : {perhapsBusybox: file, ...known}
}
