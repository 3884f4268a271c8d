import {joinPath, type Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {readText} from '../../wrappers/shells.ts'

/** OpenRC's own configuration, which it reads without a shell: `NAME="value"`, one per line. The later file counts. */
export async function readSettings(
  view: WorldView,
  process: Process,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const settings = new Map<string, string>()
  for (const file of files) {
    const text = (await readText(view, process, file)) ?? ''
    for (const [, name = '', , quoted, plain] of text.matchAll(/^\s*(\w+)=(?:(["'])(.*?)\2|([^\s#"']*))/gm)) {
      settings.set(name, quoted ?? plain ?? '')
    }
  }
  return settings
}

/** Its configuration files: /etc/rc.conf, then those of /etc/rc.conf.d. */
export async function settingFiles(view: WorldView): Promise<readonly string[]> {
  const more = (await view.directory('/etc/rc.conf.d'))?.names ?? []
  const parts = more.filter(name => name.endsWith('.conf')).map(name => joinPath('/etc/rc.conf.d', name))
  return ['/etc/rc.conf', ...parts.toSorted()]
}
