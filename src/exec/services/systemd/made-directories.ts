import {isBelow} from '../../../lib/paths.ts'
import type {Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {readText} from '../../wrappers/shells.ts'
import {type UnitFile, valuesOf} from './unit-file.ts'

/** Settings by which systemd makes directories before it starts a service: systemd.exec(5). */
const OWN = ['Runtime', 'State', 'Cache', 'Logs', 'Configuration'].map(name => `Service.${name}Directory`)

/** Where systemd-tmpfiles looks: tmpfiles.d(5). */
const PLACES = [
  '/etc/tmpfiles.d',
  '/run/tmpfiles.d',
  '/usr/local/lib/tmpfiles.d',
  '/usr/lib/tmpfiles.d',
  '/lib/tmpfiles.d',
]

/** Directories that are made, or are another file system, when the system runs. */
const OF_THE_RUN = /^\/(?:dev|proc|run|sys|tmp|var\/run|var\/tmp)(?:\/|$)/

/** Whether systemd may make a directory that the image does not have, before a service changes to it. */
export async function mayBeMade(
  view: WorldView,
  process: Process,
  settings: UnitFile,
  directory: string,
): Promise<boolean> {
  if (OF_THE_RUN.test(directory) || OWN.some(setting => valuesOf(settings, setting).length > 0)) return true
  for (const place of PLACES) {
    const {names, maybe} = (await view.directory(place)) ?? {names: []}
    if (maybe !== undefined) return true
    for (const name of names.filter(one => one.endsWith('.conf'))) {
      const text = await readText(view, process, `${place}/${name}`)
      if (text === undefined || text.split('\n').some(line => makes(line, directory))) return true
    }
  }
  return false
}

/** Whether a line of tmpfiles.d names a directory, one below it, or one above it, which may be a copy or a mount. */
function makes(line: string, directory: string): boolean {
  const [type = '', path = ''] = line.trim().split(/\s+/)
  if (type === '' || type.startsWith('#')) return false
  if (path.includes('%')) return true
  const plain = path.replace(/^"(.*)"$/, '$1').replace(/\/+$/, '')
  return isBelow(plain, directory) || (/^[CvqQ]/.test(type) && isBelow(directory, plain || '/'))
}
