import {execFileSync} from 'node:child_process'
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs'
import {dirname, join, normalize} from 'node:path'

/** Declarations by their path, `library/index.d.ts`. */
export type Declarations = ReadonlyMap<string, string>

/** Has the compiler write the declarations of a file and of all that it imports. */
export function emitDeclarations(root: string, entry: string, outDir: string): void {
  const config = join(outDir, 'tsconfig.json')
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    rootDir: join(root, 'src'),
    outDir,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  writeFileSync(
    config,
    JSON.stringify({extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files: [join(root, entry)]}),
  )
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/lib/tsc.js'), '-p', config], {stdio: 'inherit'})
}

const IMPORT = /(\bfrom |\bimport\()(['"])(\.{1,2}\/[^'"]+)\.ts\2/g

/** Those that a declaration needs, itself first: most files are imported for what they do, and not for their types. */
export function reachableDeclarations(folder: string, first: string): Declarations {
  const found = new Map<string, string>()
  const visit = (path: string): void => {
    if (found.has(path)) return
    const text = readFileSync(join(folder, path), 'utf8')
    found.set(path, text)
    for (const [, , , imported] of text.matchAll(IMPORT)) visit(normalize(join(dirname(path), `${imported}.d.ts`)))
  }
  visit(first)
  return found
}

/** Writes them, with imports as compilers of others take them: `.js` beside which a `.d.ts` stands. */
export function writeDeclarations(declarations: Declarations, folder: string): number {
  for (const [path, text] of declarations) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), text.replace(IMPORT, '$1$2$3.js$2'))
  }
  return declarations.size
}
