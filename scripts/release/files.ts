import {createHash} from 'node:crypto'
import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'

/** What `sha256sum` makes of files, by their names; `sha256sum --check` takes it. */
export function checksums(folder: string, names: readonly string[], prefix = ''): string {
  const line = (name: string): string =>
    `${createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('hex')}  ${prefix}${name}\n`
  return names.toSorted().map(line).join('')
}

/** The files in a folder and below, by their paths from it, in their order. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}

/** How the files of two folders differ, in words; empty where they do not. */
export function differences(a: string, b: string): readonly string[] {
  const [inA, inB] = [filesBelow(a), filesBelow(b)]
  return [
    ...inA.filter(name => !inB.includes(name)).map(name => `${name} is only in ${a}`),
    ...inB.filter(name => !inA.includes(name)).map(name => `${name} is only in ${b}`),
    ...inA.filter(name => inB.includes(name) && !readFileSync(join(a, name)).equals(readFileSync(join(b, name)))),
  ]
}
