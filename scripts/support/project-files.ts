import {readdirSync} from 'node:fs'
import {join} from 'node:path'

const CODE = ['src', '__tests__', 'scripts', 'e2e', 'bench']

/** The project's own source files and its documentation, by their paths from the project's folder. */
export function projectFiles(root: string): readonly string[] {
  const filesOf = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'}).map(file => join(folder, file))
  const code = CODE.flatMap(filesOf).filter(file => file.endsWith('.ts'))
  const pages = [...readdirSync(root), ...filesOf('docs')].filter(file => file.endsWith('.md'))
  return [...code, ...pages]
}
