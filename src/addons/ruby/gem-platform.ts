/** A platform as RubyGems takes it apart. */
interface GemPlatform {
  readonly cpu: string | undefined
  readonly os: string
  /** Of Linux the C library, with what is behind it: `gnu`, `musl`, `gnueabihf`. */
  readonly version: string | undefined
}

/**
 * Whether a package for this platform is one for the Ruby of `local`, its `RbConfig` `arch`: `Gem::Platform#===`, which
 * Bundler asks, too. A package without a C library in its name is one for any; `local` without one is of glibc.
 * `seesLibc`: RubyGems before 3.3.22, and every one under Ruby before 3.2, takes no notice of it.
 * https://github.com/rubygems/rubygems/blob/master/lib/rubygems/platform.rb
 */
export function isForPlatform(platform: string, local: string, seesLibc: boolean): boolean {
  if (platform === 'ruby' || platform === '') return true
  const [gem, own] = [parsePlatform(platform), parsePlatform(local)]
  const fitsCpu =
    isAnyCpu(gem.cpu) || isAnyCpu(own.cpu) || gem.cpu === own.cpu || (gem.cpu === 'arm' && own.cpu?.startsWith('armv'))
  if (fitsCpu !== true || gem.os !== own.os) return false
  if (own.os !== 'linux' || !seesLibc) return true
  const isForMusl = ['musl', 'musleabi', 'musleabihf'].some(libc => `${libc}${gem.version ?? ''}` === own.version)
  return libcOf(gem) === libcOf(own) || isForMusl || gem.version === own.version
}

function isAnyCpu(cpu: string | undefined): boolean {
  return cpu === undefined || cpu === 'universal'
}

/** glibc is what needs no name. */
function libcOf({version = ''}: GemPlatform): string {
  return version.replace(/^gnu/, '').replace(/eabi(?:hf)?$/, '')
}

/** Of systems besides Linux only their names are told apart: no Ruby of a container is of one. */
function parsePlatform(text: string): GemPlatform {
  const [first = '', ...rest] = text.split('-')
  const cpu = /i[0-9]86/.test(first) ? 'x86' : first
  // What ends in digits is taken for a release: `gnuabi64` and `gnux32` say no C library.
  const system = (/[0-9]$/.test(rest.at(-1) ?? '') ? rest.slice(0, 1) : rest).join('-')
  // `java`, `dalvik`
  if (system === '') return {cpu: undefined, os: first, version: undefined}
  const linux = /linux-?(\w+)?/.exec(system)
  if (linux !== null) return {cpu, os: 'linux', version: linux[1]}
  return {cpu, os: system.replace(/[-0-9.].*$/, ''), version: undefined}
}
