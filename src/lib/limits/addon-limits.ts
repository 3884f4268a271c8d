import {KIB, type LimitTable, MIB} from './limit.ts'

/** On packages of languages, and on what their modules load. What is beyond them is judged as all files are. */
export const ADDON_LIMITS = {
  'addon-files': {
    bounds: 'files and packages of each language that are remembered',
    unit: 'count',
    most: 200_000,
    raisable: false,
    over: 'no-addon',
  },
  'package-manifest-bytes': {
    bounds: 'bytes of a package.json',
    unit: 'bytes',
    most: 64 * KIB,
    raisable: false,
    over: 'no-addon',
  },
  // Of a repository with two thousand packages 3 MiB.
  'pnp-state-bytes': {
    bounds: "bytes of a .pnp.cjs or .pnp.data.json of Yarn's Plug'n'Play",
    unit: 'bytes',
    most: 4 * MIB,
    raisable: false,
    over: 'no-addon',
  },
  'package-dependencies': {
    bounds: 'names in each list of dependencies of a package.json',
    unit: 'count',
    most: 1000,
    raisable: false,
    over: 'no-addon',
  },
  'package-conditions': {
    bounds: 'conditions within each other in `exports` of a package.json',
    unit: 'count',
    most: 16,
    raisable: false,
    over: 'no-addon',
  },
  // Each costs a look into the image. What is larger is a bundle.
  'module-bytes': {
    bounds: 'bytes of a module of Erlang, Lua, Node, Perl, Python, R or Ruby that is followed',
    unit: 'bytes',
    most: 512 * KIB,
    raisable: false,
    over: 'no-addon',
  },
  'followed-modules': {
    bounds: 'modules of Lua, Node, Perl, Python, R or Ruby that are followed from one start',
    unit: 'count',
    most: 300,
    raisable: false,
    over: 'no-addon',
  },
  'module-levels': {
    bounds: 'modules of Node from one to the next',
    unit: 'count',
    most: 12,
    raisable: false,
    over: 'no-addon',
  },
  'module-looks': {
    bounds: 'names of modules of Lua, Perl or Python that are looked for from one start, in each directory',
    unit: 'count',
    most: 20_000,
    raisable: false,
    over: 'no-addon',
  },
  // With `.rb` and `.so`, and in the directories of all packages.
  'ruby-looks': {
    bounds: 'paths of features of Ruby that are looked for from one start',
    unit: 'count',
    most: 40_000,
    raisable: false,
    over: 'no-addon',
  },
  'judged-packages': {
    bounds:
      'packages of R and Ruby, modules of an application of Erlang, and modules that the configuration of PHP or a server names, that are judged',
    unit: 'count',
    most: 500,
    raisable: false,
    over: 'no-addon',
  },
  // What Perl and Ruby were built with, the specification of a gem, a php.ini.
  'addon-settings-bytes': {
    bounds: 'bytes of a file in which Perl, PHP, R, Ruby, a gem or a server says how it is set up',
    unit: 'bytes',
    most: 256 * KIB,
    raisable: false,
    over: 'no-addon',
  },
  'configuration-files': {
    bounds: 'files of the configuration of a server that are read, and paths that a pattern in it fits',
    unit: 'count',
    most: 500,
    raisable: false,
    over: 'no-addon',
  },
  'configuration-levels': {
    bounds: 'files of the configuration of a server that include one another',
    unit: 'count',
    most: 10,
    raisable: false,
    over: 'no-addon',
  },
  // Of a debug build of nginx some MiB.
  'server-program-bytes': {
    bounds:
      'bytes of an nginx in which its own paths are looked for, of a native in a jar whose needs are read, and of a module of PHP',
    unit: 'bytes',
    most: 32 * MIB,
    raisable: false,
    over: 'no-addon',
  },
  'followed-packages': {
    bounds:
      'packages of Erlang, Lua, Perl, Python or Ruby whose modules are followed, and states of Yarn that are read',
    unit: 'count',
    most: 50,
    raisable: false,
    over: 'no-addon',
  },
  // Of an application with hundreds of packages some hundred KiB.
  'dotnet-deps-bytes': {
    bounds: 'bytes of an APP.deps.json of .NET',
    unit: 'bytes',
    most: MIB,
    raisable: false,
    over: 'no-addon',
  },
  'dotnet-native-files': {
    bounds: 'native files that an APP.deps.json names',
    unit: 'count',
    most: 10_000,
    raisable: false,
    over: 'no-addon',
  },
  // Of a jar with ten thousand classes it is a MiB.
  'zip-directory-bytes': {
    bounds: 'bytes of the central directory of a jar',
    unit: 'bytes',
    most: 16 * MIB,
    raisable: false,
    over: 'no-addon',
  },
  // Each may cost a look into the image.
  'nested-jars': {
    bounds: 'jars in a jar that by their names have native code',
    unit: 'count',
    most: 64,
    raisable: false,
    over: 'no-addon',
  },
  'jar-natives': {
    bounds: 'natives of one library in a jar',
    unit: 'count',
    most: 100,
    raisable: false,
    over: 'no-addon',
  },
} as const satisfies LimitTable
