import type {Metafile} from 'esbuild'

/**
 * All that a bundle is made of, a line each: the files of this repository, those of packages, and what it takes from
 * Node.js when it runs.
 */
export function moduleList(metafiles: readonly Metafile[]): string {
  const files = metafiles
    .flatMap(({inputs}) => Object.keys(inputs))
    .map(file => file.replace(/^.*?(?=node_modules\/)/, ''))
  const builtins = metafiles
    .flatMap(({outputs}) => Object.values(outputs).flatMap(({imports}) => imports))
    .filter(({external, path}) => external === true && !path.startsWith('.'))
    .map(({path}) => (path.startsWith('node:') ? path : `node:${path}`))
  return `${[...new Set([...files, ...builtins])].sort().join('\n')}\n`
}
