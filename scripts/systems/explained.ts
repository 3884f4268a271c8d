import picomatch from 'picomatch'
import type {Finding} from '../../src/rules/finding.ts'

/**
 * A warning or note that a system rightly gets: it is true, or what it misses is missing in our unpacked system only.
 */
export interface Explained {
  readonly rule: string
  readonly level: 'warning' | 'note'
  /** Ids of systems. */
  readonly systems: readonly string[]
  /** The files that it may tell of. */
  readonly files: readonly string[]
  /** What its message must hold, where files are not enough. */
  readonly says?: string
  readonly why: string
}

/** Whatever is not in here fails the suite; and so does an entry that nothing matched when all systems were checked. */
export const EXPLAINED: readonly Explained[] = [
  {
    rule: 'missing-addon',
    level: 'warning',
    systems: ['node-modules'],
    files: ['/app/node_modules/uiohook-napi/prebuilds/linux-arm64/uiohook-napi.node'],
    says: 'which is x86-64',
    why: 'True on arm64, and a fault of the published package (1.5.5): what it ships for linux-arm64 is x86-64, and it loads that file.',
  },
  {
    rule: 'foreign-executable',
    level: 'warning',
    systems: ['node-modules'],
    files: ['/app/node_modules/uiohook-napi/prebuilds/linux-loong64/uiohook-napi.node'],
    says: 'is x86-64',
    why: 'True on arm64, and a fault of the published package (1.5.5): what it ships for linux-loong64 is x86-64.',
  },
  {
    rule: 'foreign-executable',
    level: 'warning',
    systems: ['node-modules'],
    files: ['/app/node_modules/systray2/traybin/tray_linux_release'],
    says: 'is x86-64',
    why: 'True on arm64: the package (2.1.4) ships its program for Linux on x86-64 only.',
  },
  {
    rule: 'foreign-executable',
    level: 'warning',
    systems: ['node-modules-all'],
    files: ['/app/node_modules/@napi-rs/lzma-linux-x64-gnu/*.node'],
    why: 'On arm64 there is no package of this family for the platform: just so looks a node_modules that was copied from another machine. Npm itself would not have installed it.',
  },
  {
    rule: 'not-a-program',
    level: 'note',
    systems: ['servers', 'servers-trixie', 'servers-sid'],
    files: ['/usr/bin/wsrep_sst_common'],
    says: 'text without #!',
    why: 'True: a part of the shell scripts of MariaDB, which they read in. It has an execute bit and no first line, and the kernel would not start it.',
  },
  {
    rule: 'missing-library',
    level: 'warning',
    systems: ['interpreters-ports'],
    files: ['/usr/bin/r'],
    says: 'libblas.so.3',
    why: 'True of a system whose packages are only unpacked: the link `libblas.so.3` in the directory of the loader is made by `update-alternatives`. The program is that of littler (0.3.17).',
  },
  {
    rule: 'undetermined',
    level: 'warning',
    systems: ['systemd'],
    files: ['/sbin/init'],
    says: 'systemd starts what its configuration says',
    why: 'The image starts systemd, and its units are not followed: what it starts is looked at as all files are, not as what starts. The same without a scan.',
  },
]

/** The entry that explains a finding wholly: every file that it tells of. Undefined where there is none. */
export function explain(
  finding: Finding,
  system: string,
  entries: readonly Explained[] = EXPLAINED,
): Explained | undefined {
  return entries.find(
    ({rule, level, systems, files, says = ''}) =>
      finding.rule === rule &&
      finding.level === level &&
      systems.includes(system) &&
      finding.message.includes(says) &&
      // A finding that does not list all its files cannot be explained by them.
      !(Number(finding.evidence.filesLeftOut ?? 0) > 0) &&
      filesOf(finding).length > 0 &&
      filesOf(finding).every(path => picomatch.isMatch(path, [...files], {dot: true})),
  )
}

/** The files that a finding tells of: those of a group, or the one. */
export function filesOf({path, evidence}: Finding): readonly string[] {
  const {files} = evidence
  if (isList(files)) return files.map(file => String(file))
  return path === undefined ? [] : [path]
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}
