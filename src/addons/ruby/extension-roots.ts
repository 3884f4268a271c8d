import type {NativeFiles} from '../addon.ts'
import type {RubyRelease} from './ruby-release.ts'

/** Where extensions of the platform are, as RubyGems calls it: by the C library, too, or without it. */
export function extensionRoots(home: string, {arch, version}: RubyRelease): readonly string[] {
  // Gem::Platform calls every x86 of 32 bits so, and older releases leave out the C library: `arm-linux`, `x86-linux`.
  const called = [arch, arch.replace(/^i[3-6]86-/, 'x86-')]
  const platforms = new Set(
    called.flatMap(one => [one, one.replace(/-gnu[a-z0-9_]*$/, ''), one.replace(/-linux$/, '-linux-gnu')]),
  )
  return [...platforms].flatMap(platform =>
    ['', '-static'].map(suffix => `${home}/extensions/${platform}/${version}${suffix}`),
  )
}

/** Whether a specification says what has to be built: `# stub: ext/nokogiri/extconf.rb` behind the first stub line. */
export function hasExtensions(specification: string): boolean {
  return /^# stub: .+ .+\r?\n# stub: \S/m.test(specification)
}

/** Those of these directories in which all was built. */
export async function builtExtensions(
  files: Pick<NativeFiles['files'], 'lookup'>,
  directories: readonly string[],
): Promise<readonly string[]> {
  const built: string[] = []
  for (const one of directories)
    if ((await files.lookup(`${one}/gem.build_complete`)).outcome === 'found') built.push(one)
  return built
}
