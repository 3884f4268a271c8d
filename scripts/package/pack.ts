import {execFileSync} from 'node:child_process'
import {join} from 'node:path'
import {npmScript} from './nodes.ts'

/** What npm says of a package that it packed. */
interface Packed {
  readonly filename: string
  readonly size: number
  readonly unpackedSize: number
  readonly files: readonly {readonly path: string}[]
}

/** What the package must hold; a pattern in package.json that matches nothing is not an error for npm. */
const NEEDED = ['LICENSE', 'README.md', 'dist/cli.mjs', 'dist/command.mjs', 'dist/licenses.txt', 'lib/library.mjs']

/** Packs the package as it is published, and gives the path of the tarball in `folder`. */
export function packPackage(root: string, folder: string): string {
  const args = [npmScript(), 'pack', '--json', '--pack-destination', folder]
  const text = execFileSync(process.execPath, args, {cwd: root, encoding: 'utf8'})
  // Before it stands what the scripts print.
  const packed: readonly Packed[] = JSON.parse(text.slice(text.search(/^[[{]/m)))
  const [only] = Array.isArray(packed) ? packed : Object.values(packed)
  if (only === undefined) throw new Error('npm packed nothing')
  const {filename, size, unpackedSize, files} = only as Packed
  const paths = files.map(({path}) => path)
  const missing = NEEDED.filter(path => !paths.includes(path))
  if (missing.length > 0) throw new Error(`${filename} has no ${missing.join(', ')}`)
  console.log(`${filename}: ${files.length} files, ${size} bytes, ${unpackedSize} unpacked`)
  return join(folder, filename)
}
