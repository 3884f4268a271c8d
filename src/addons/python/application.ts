import type {RootFs} from '../../image/rootfs.ts'
import {fileAt} from '../files.ts'

/** Servers that import the application which their words name, before they serve anything. */
const SERVERS = ['uvicorn', 'gunicorn', 'hypercorn', 'daphne', 'granian']

/** `package.module:attribute` */
const APPLICATION = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):[A-Za-z_][\w.]*(?:\(\))?$/

/** Options by which they look elsewhere, or read a file that may say so; argparse takes them shortened. */
const ELSEWHERE = ['app-dir', 'chdir', 'pythonpath', 'working-dir', 'config', 'paste', 'paster']

function looksElsewhere(word: string): boolean {
  const [, name] = /^--([a-z-]{2,})/.exec(word) ?? []
  return name === undefined ? /^-[A-Za-z]*c/.test(word) : ELSEWHERE.some(option => option.startsWith(name))
}

/** Variables that do the same: gunicorn's words, and those of click. */
const VARIABLES = ['GUNICORN_CMD_ARGS', 'UVICORN_APP_DIR', 'GRANIAN_WORKING_DIR']

/**
 * The module that a server imports, dotted: `app.main` of `uvicorn app.main:app`. Undefined where the words and the
 * variables of its environment do not say so for certain, or the server does not look for it in the working directory
 * first. Measured with uvicorn 0.54 and gunicorn 26.2; hypercorn 0.13 and daphne 4.0 by their source.
 */
export function readApplication(
  server: string,
  words: readonly string[],
  env: ReadonlyMap<string, string>,
): string | undefined {
  if (!SERVERS.includes(server) || words.some(looksElsewhere)) return undefined
  if (VARIABLES.some(name => env.has(name))) return undefined
  const [name, ...others] = words.flatMap(word => APPLICATION.exec(word)?.[1] ?? [])
  return others.length === 0 ? name : undefined
}

/**
 * The files of text that Python runs when it imports a module of this directory, those of its packages first; empty
 * where there is none, or another directory of `sys.path` has a package of the name, which a directory without
 * `__init__.py` gives way to (PEP 420), or a file for gunicorn is there.
 */
export async function filesOfApplication(
  files: Pick<RootFs, 'lookup'>,
  [directory = '/', ...others]: readonly string[],
  name: string,
): Promise<readonly string[]> {
  const isFile = async (path: string): Promise<boolean> => (await fileAt(files, path)) !== undefined
  const at = (place: string, path: string): string => `${place === '/' ? '' : place}/${path}`
  if (await isFile(at(directory, 'gunicorn.conf.py'))) return []
  const found: string[] = []
  const parts = name.split('.')
  for (const [index] of parts.entries()) {
    const stem = at(directory, parts.slice(0, index + 1).join('/'))
    const isLast = index === parts.length - 1
    if (await isFile(`${stem}/__init__.py`)) found.push(`${stem}/__init__.py`)
    else if (isLast) return (await isFile(`${stem}.py`)) ? [...found, `${stem}.py`] : []
    else if (index === 0) {
      for (const other of others) {
        const path = at(other, parts[0] ?? '')
        if ((await isFile(`${path}/__init__.py`)) || (await isFile(`${path}.py`))) return []
      }
    }
  }
  return found
}
