import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {readTextAt} from '../files.ts'

/** A Ruby that is installed in the image. */
export interface RubyRelease {
  /** `RbConfig::CONFIG['arch']`: `aarch64-linux-gnu` of Debian, `aarch64-linux` of most others. */
  readonly arch: string
  /** `ruby_version`, the release of its ABI: `3.3.0`. */
  readonly version: string
  /** `$LOAD_PATH` without packages. */
  readonly loadPath: readonly string[]
  /** `Gem.default_dir`, then the others of `Gem.default_path` that no variable changes. */
  readonly gems: readonly string[]
}

/** Reads what a Ruby says of itself in the directory of its own extensions; undefined where it is not one. */
export async function readRubyRelease(
  files: Pick<RootFs, 'lookup' | 'open'>,
  directory: string,
): Promise<RubyRelease | undefined> {
  const text = (await readTextAt(files, `${directory}/rbconfig.rb`, LIMITS['addon-settings-bytes'].most)) ?? ''
  const arch = /^\s*CONFIG\["arch"\] = "([^"$]+)"/m.exec(text)?.[1]
  const version = /^\s*CONFIG\["ruby_version"\] = "([^"$]+)"/m.exec(text)?.[1]
  if (arch === undefined || version === undefined) return undefined
  return {arch, version, loadPath: loadPathOf(directory), gems: gemsOf(directory, arch, version)}
}

/**
 * Where Ruby is installed; of Debian those of its own `rubygems/defaults/operating_system.rb`. None where another such
 * file may say otherwise.
 */
function gemsOf(directory: string, arch: string, version: string): readonly string[] {
  if (DEBIAN.test(directory)) {
    return [
      `/var/lib/gems/${version}`,
      `/usr/lib/ruby/gems/${version}`,
      `/usr/local/lib/ruby/gems/${version}`,
      `/usr/lib/${arch}/ruby/gems/${version}`,
      `/usr/share/rubygems-integration/${version}`,
      '/usr/share/rubygems-integration/all',
      `/usr/lib/${arch}/rubygems-integration/${version}`,
    ]
  }
  const base = /^(.*)\/[0-9][^/]*\/[^/]+$/.exec(directory)?.[1]
  return base === undefined ? [] : [`${base}/gems/${version}`]
}

const DEBIAN = /^\/usr\/lib\/([^/]+-linux-[^/]+)\/ruby\/([0-9.]+)$/

/** https://github.com/ruby/ruby/blob/master/tool/mkconfig.rb, and Debian's multiarch directories. */
function loadPathOf(directory: string): readonly string[] {
  const [, triplet, debian] = DEBIAN.exec(directory) ?? []
  if (triplet !== undefined && debian !== undefined) {
    return [
      `/usr/local/lib/site_ruby/${debian}`,
      `/usr/local/lib/${triplet}/site_ruby`,
      '/usr/local/lib/site_ruby',
      `/usr/lib/ruby/vendor_ruby/${debian}`,
      `/usr/lib/${triplet}/ruby/vendor_ruby/${debian}`,
      '/usr/lib/ruby/vendor_ruby',
      `/usr/lib/ruby/${debian}`,
      directory,
    ]
  }
  const [, base, version, arch] = /^(.*)\/([0-9][^/]*)\/([^/]+)$/.exec(directory) ?? []
  if (base === undefined) return [directory]
  const local = ['site_ruby', 'vendor_ruby'].flatMap(kind => [
    `${base}/${kind}/${version}`,
    `${base}/${kind}/${version}/${arch}`,
    `${base}/${kind}`,
  ])
  return [...local, `${base}/${version}`, directory]
}
