import type {LimitName} from '../../src/lib/limits.ts'

const JARS = 'it is read in one piece, in less time and memory than a file of `loader-bytes`'
const PACKAGE = 'it is a small part of what the limits on modules and files of packages allow'

/** Limits that no trial comes near to, and why not. Each is tried at its edge with a smaller value all the same. */
export const UNMEASURED: Partial<Readonly<Record<LimitName, string>>> = {
  'layer-entries': 'the names of a layer reach `image-tree-bytes` before, those of one file again and again too',
  'zip-directory-bytes': JARS,
  'addon-files': 'their names reach `image-tree-bytes` before',
  'package-manifest-bytes': PACKAGE,
  'pnp-state-bytes': 'a text of JSON is read in one piece: of empty lists in less than 2 s, and 400 MiB',
  'package-dependencies': PACKAGE,
  'package-conditions': PACKAGE,
  'module-bytes': PACKAGE,
  'followed-modules': 'a script of `script-bytes` is read in the same way, and more often',
  'module-levels': 'the modules are fewer than `followed-modules`',
  'module-looks': 'each is a look into a tree that is in memory',
  'ruby-looks': 'each is a look into a tree that is in memory',
  'judged-packages': PACKAGE,
  'addon-settings-bytes': PACKAGE,
  'configuration-files': PACKAGE,
  'configuration-levels': 'the files are fewer than `configuration-files`',
  'server-program-bytes': 'one program is read once, and searched once',
  'followed-packages': 'each is followed as far as `followed-modules`',
  'jar-natives': 'they are in a directory of `zip-directory-bytes`',
  'dotnet-deps-bytes': 'a package.json is read in the same way',
  'dotnet-native-files': 'they are in a file of `dotnet-deps-bytes`',
  'nested-jars': 'each has a directory of its own, `zip-directory-bytes`',
}
