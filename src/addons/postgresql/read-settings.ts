import {LIMITS} from '../../lib/limits.ts'
import {directoryOf} from '../../lib/paths.ts'
import type {NativeFiles} from '../addon.ts'
import {namesIn} from '../files.ts'
import {settingsReader} from '../settings-reader.ts'
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
  const reader = settingsReader(files)
  const read = async (file: string, level: number): Promise<boolean> => {
    const text = await reader.read(file)
    for (const {name, value} of parseSettings(text ?? '')) {
      if (!/^include(?:_if_exists|_dir)?$/.test(name)) settings.set(name, {value, file})
      else if (level < LIMITS['configuration-levels'].most) {
        const path = value.startsWith('/') ? value : `${directoryOf(file)}/${value}`
        const included = name === 'include_dir' ? await partsOf(files, path) : [path]
        reader.ahead(included)
        for (const one of included) await read(one, level + 1)
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
