/**
 * Packages of npm with native code, pinned: each way to find it that src/addons/node knows, and some that it does not.
 */
export const NODE_PACKAGES: Readonly<Record<string, string>> = {
  // A package for each platform, among the optional dependencies.
  '@napi-rs/canvas': '1.1.1',
  '@node-rs/argon2': '2.2.1',
  '@parcel/watcher': '2.6.0',
  '@swc/core': '1.16.22',
  '@tailwindcss/oxide': '4.3.5',
  esbuild: '0.28.2',
  lightningcss: '1.33.0',
  lmdb: '3.5.6',
  'node-datachannel': '0.33.4',
  'oxc-parser': '0.99.0',
  rollup: '4.67.4',
  sharp: '0.35.5',
  snappy: '7.4.3',
  usb: '3.1.0',
  // node-gyp-build: prebuilds for all platforms within.
  '@datadog/pprof': '5.20.0',
  '@serialport/bindings-cpp': '13.0.1',
  bcrypt: '6.0.0',
  bufferutil: '4.1.0',
  'classic-level': '3.0.0',
  'isolated-vm': '7.0.1',
  leveldown: '6.1.1',
  'tree-sitter-javascript': '0.25.0',
  'utf-8-validate': '6.0.6',
  // Where their install scripts put what they download: the paths are those of BUILT.
  canvas: '2.11.2',
  keytar: '7.9.0',
  'pre-gyp-bcrypt': 'npm:bcrypt@5.1.1',
  // Ways of their own, or not before they are used.
  '@sentry/profiling-node': '11.1.0',
  'better-sqlite3': '13.2.0',
  'better-sqlite3-12': 'npm:better-sqlite3@12.2.0',
  'cpu-features': '0.0.10',
  'msgpackr-extract': '3.0.7',
  'node-pty': '1.1.0',
  'sodium-native': '5.1.0',
  sqlite3: '5.1.7',
  zeromq: '6.8.0',
}

/** Where an install script that was not run would have put the add-on, of packages that load it for certain. */
export const BUILT: Readonly<Record<string, string>> = {
  'better-sqlite3': 'build/Release/better_sqlite3.node',
  'better-sqlite3-12': 'build/Release/better_sqlite3.node',
  canvas: 'build/Release/canvas.node',
  keytar: 'build/Release/keytar.node',
  'pre-gyp-bcrypt': 'lib/binding/napi-v3/bcrypt_lib.node',
  sqlite3: 'build/Release/node_sqlite3.node',
}

/** Packages that load their add-on when an object of what they give is made. */
export const MADE: readonly string[] = ['better-sqlite3', 'better-sqlite3-12']

/** Packages that look for their add-on in a way of their own: what they load is not known, and nothing is said. */
export const NOT_MODELLED: Readonly<Record<string, string>> = {
  'better-sqlite3-12': 'bindings; nothing is there where its install script did not run',
  canvas: 'nothing is there where its install script did not run',
  keytar: 'nothing is there where its install script did not run',
  'pre-gyp-bcrypt': 'what it needs of another C library is reported as missing-library',
  'cpu-features': 'requires build/Release/cpufeatures.node, which its install script builds',
  'msgpackr-extract': 'node-gyp-build-optional-packages, and what depends on it goes on without',
  'node-pty': 'tries directories of its own',
  'sodium-native': 'require-addon',
  sqlite3: 'bindings; nothing is there where its install script did not run',
  'tree-sitter-javascript': 'node-gyp-build in one arm of a condition',
}
