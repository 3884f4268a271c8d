import {LIMITS} from '../../lib/limits.ts'
import {directoryOf} from '../../lib/paths.ts'
import type {NativeFiles} from '../addon.ts'
import {namesIn, readTextAt} from '../files.ts'
import {parseSettings} from './postgresql-settings.ts'

/** A setting, and the file that has it. */
export interface FoundSetting {
  readonly value: string
  readonly file: string
}

/** The settings of a postgresql.conf with what it includes, in its order; undefined where it is not there. */
export async function readSettings(
  files: NativeFiles['files'],
  configuration: string,
): Promise<ReadonlyMap<string, FoundSetting> | undefined> {
  const settings = new Map<string, FoundSetting>()
  let left = LIMITS['configuration-files'].most
  const read = async (file: string, level: number): Promise<boolean> => {
    left -= 1
    const text = left < 0 ? undefined : await readTextAt(files, file, LIMITS['addon-settings-bytes'].most)
    for (const {name, value} of parseSettings(text ?? '')) {
      if (!/^include(?:_if_exists|_dir)?$/.test(name)) settings.set(name, {value, file})
      else if (level < LIMITS['configuration-levels'].most) {
        const path = value.startsWith('/') ? value : `${directoryOf(file)}/${value}`
        for (const one of name === 'include_dir' ? await partsOf(files, path) : [path]) await read(one, level + 1)
      }
    }
    return text !== undefined
  }
  return (await read(configuration, 0)) ? settings : undefined
}

/** The files of an `include_dir`. */
async function partsOf(files: NativeFiles['files'], directory: string): Promise<readonly string[]> {
  const names = (await namesIn(files, directory)).filter(name => name.endsWith('.conf') && !name.startsWith('.'))
  return [...names].sort().map(name => `${directory}/${name}`)
}
