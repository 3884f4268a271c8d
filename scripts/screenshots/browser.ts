import {accessSync, constants} from 'node:fs'
import {delimiter, join} from 'node:path'

/** As Debian, Alpine, Fedora, Ubuntu and Chrome's own packages name it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'] as const

/**
 * The browser that takes the pictures: the one that CHROMIUM names, else the first of its names in PATH. Throws where
 * there is none, and says how to get one.
 */
export function findBrowser(
  {CHROMIUM: named = '', PATH: path = ''}: Readonly<Record<string, string | undefined>>,
  isProgram: (file: string) => boolean = canExecute,
): string {
  if (named !== '') {
    if (isProgram(named)) return named
    throw new Error(`CHROMIUM is ${named}, which is not a program`)
  }
  const folders = path.split(delimiter).filter(folder => folder !== '')
  const found = NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(isProgram)
  if (found !== undefined) return found
  throw new Error(
    `Chromium is missing: none of ${NAMES.join(', ')} is in PATH. Install it (Debian: apt-get install chromium fonts-noto-color-emoji), or set CHROMIUM to its path. No picture was taken.`,
  )
}

function canExecute(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
