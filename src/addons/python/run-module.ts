import type {RootFs} from '../../image/rootfs.ts'
import {fileAt} from '../files.ts'

/** What `python -m NAME` runs. */
export interface RunModule {
  /** Dotted. */
  readonly name: string
  /** `sys.path` begins with the working directory: not with `-I` or `-P`. */
  readonly seesDirectory: boolean
}

/**
 * The module that Python is to run; undefined where it is none, or an option is not known.
 * https://docs.python.org/3/using/cmdline.html
 */
export function readRunModule(argv: readonly string[]): RunModule | undefined {
  let seesDirectory = true
  for (let at = 1; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    const [, flags, name] = /^-([bBdEiIOPqRsSuvx]*)m(.*)$/.exec(word) ?? []
    if (flags !== undefined) {
      const named = name === '' ? (argv[at + 1] ?? '') : (name ?? '')
      if (/[IP]/.test(flags)) seesDirectory = false
      return /^[\p{ID_Start}_][\p{ID_Continue}]*(?:\.[\p{ID_Start}_][\p{ID_Continue}]*)*$/u.test(named)
        ? {name: named, seesDirectory}
        : undefined
    }
    if (/^-[WX]$/.test(word)) at += 1
    else if (/^-[bBdEiIOPqRsSuvx]+$/.test(word)) seesDirectory &&= !/[IP]/.test(word)
    else if (!/^-[WX]./.test(word)) return undefined
  }
  return undefined
}

/**
 * The files of text that Python runs for such a module, the packages that it is in first; empty where none of the
 * directories has it. https://docs.python.org/3/library/runpy.html
 */
export async function filesOfModule(
  files: Pick<RootFs, 'lookup'>,
  directories: readonly string[],
  name: string,
): Promise<readonly string[]> {
  const isFile = async (path: string): Promise<boolean> => (await fileAt(files, path)) !== undefined
  const [first = '', ...rest] = name.split('.')
  for (const directory of directories) {
    let stem = `${directory === '/' ? '' : directory}/${first}`
    if (!(await isFile(`${stem}/__init__.py`))) {
      if (await isFile(`${stem}.py`)) return rest.length === 0 ? [`${stem}.py`] : []
      continue
    }
    const found = [`${stem}/__init__.py`]
    for (const [index, part] of rest.entries()) {
      stem = `${stem}/${part}`
      if (await isFile(`${stem}/__init__.py`)) found.push(`${stem}/__init__.py`)
      else if (index === rest.length - 1 && (await isFile(`${stem}.py`))) return [...found, `${stem}.py`]
      else return []
    }
    return (await isFile(`${stem}/__main__.py`)) ? [...found, `${stem}/__main__.py`] : []
  }
  return []
}
