import {APPLICATION_SYSTEMS} from './application-systems.ts'
import {type DebianArch, isUsual} from './architectures.ts'
import type {System} from './system.ts'
import {TOOLCHAIN_SYSTEMS} from './toolchain-systems.ts'

/** What a later release calls a package; nothing where it has none. */
type Renames = Readonly<Record<string, string | undefined>>

const TRIXIE: Renames = {
  gforth: undefined,
  'golang-1.19-src': 'golang-1.24-src',
  'libclang-rt-14-dev': 'libclang-rt-19-dev',
  'libstd-rust-dev-windows': undefined,
  'openjdk-17-jdk-headless': 'openjdk-21-jdk-headless',
  'postgresql-contrib': undefined,
  'xen-utils-4.17': 'xen-utils-4.20',
}

const SID: Renames = {
  ...TRIXIE,
  'golang-1.19-src': 'golang-1.27-src',
  'libclang-rt-14-dev': 'libclang-rt-23-dev',
}

/** Those of Debian 12 that later releases have under the same names, or nearly. */
const RENEWED = [
  'base',
  'python-science',
  'node',
  'cross',
  'java',
  'go',
  'rust',
  'clang',
  'interpreters',
  'servers',
  'containers',
  'desktop',
]

/** Systems of Debian 13 and of unstable. */
export const RELEASE_SYSTEMS: readonly System[] = [
  ...RENEWED.map(id => renew(id, 'trixie', TRIXIE)),
  ...RENEWED.map(id => renew(id, 'sid', SID)),
]

function renew(id: string, suite: string, renames: Renames): System {
  const system = [...TOOLCHAIN_SYSTEMS, ...APPLICATION_SYSTEMS].find(one => one.id === id)
  if (system === undefined) throw new Error(`there is no system ${id}`)
  const {about, debian, only, entrypoint} = system
  const named = (names: readonly string[]): readonly string[] =>
    names.flatMap(name => (name in renames ? (renames[name] ?? []) : [name]))
  const ofArches = (arch: DebianArch): readonly string[] => named((isUsual(arch) ? only?.[arch] : undefined) ?? [])
  return {
    id: `${id}-${suite}`,
    about: `${about}, of ${suite}`,
    entrypoint: entrypoint.map(word => word.replace('java-17-', 'java-21-')),
    suite: () => suite,
    debian: named(debian),
    ...(only === undefined ? {} : {only: {amd64: ofArches('amd64'), arm64: ofArches('arm64')}}),
  }
}
