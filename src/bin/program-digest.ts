import {createHash} from 'node:crypto'
import {readdir, readFile} from 'node:fs/promises'
import {join, sep} from 'node:path'
import {isBuilt} from './version.ts'

/**
 * The digest of the program that runs, by the folder of its entry point: of the list that `sha256sum` makes of all its
 * `.mjs` files in the order of their names (docs/attestation.md has the command). Undefined where it runs from its
 * source, or where its files cannot be read.
 */
export async function programDigest(folder: string, built: boolean = isBuilt): Promise<string | undefined> {
  if (!built) return undefined
  try {
    const files = (await readdir(folder, {recursive: true})).filter(name => name.endsWith('.mjs'))
    const named = files.map(name => ({name: name.split(sep).join('/'), path: join(folder, name)}))
    const list = createHash('sha256')
    for (const {name, path} of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      list.update(`${sha256(await readFile(path))}  ${name}\n`)
    }
    return `sha256:${list.digest('hex')}`
  } catch {
    // What checks an image does not depend on it: a report without a digest says that it is not known.
    return undefined
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
