/** A package that a Gemfile.lock names. */
export interface LockedGem {
  readonly name: string
  readonly version: string
  /** `ruby`, where it says none. */
  readonly platform: string
  /** Names of what it depends on. */
  readonly dependencies: readonly string[]
  /** Of RubyGems, and not of a directory or of git. */
  readonly isOfGems: boolean
}

export interface Lockfile {
  readonly gems: readonly LockedGem[]
  /** PLATFORMS; none where the file has no such section. */
  readonly platforms: readonly string[]
}

const SECTION = /^[A-Z][A-Z ]*$/
/** As Bundler::LockfileParser has it; a version has no hyphen. */
const SPEC = /^ {4}(\S+) \(([^-()]+)(?:-([^()]+))?\)$/
const DEPENDENCY = /^ {6}(\S+)(?: \(.*\))?!?$/

/**
 * What a Gemfile.lock holds; undefined where two branches were merged into it, which Bundler refuses.
 * https://github.com/rubygems/rubygems/blob/master/bundler/lib/bundler/lockfile_parser.rb
 */
export function parseLockfile(text: string): Lockfile | undefined {
  if (/^(?:<{7}|={7}|>{7}|\|{7})/m.test(text)) return undefined
  const gems: (LockedGem & {readonly dependencies: string[]})[] = []
  const platforms: string[] = []
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    if (SECTION.test(line)) {
      section = line
      continue
    }
    if (section === 'PLATFORMS' && line.startsWith('  ')) platforms.push(line.trim())
    if (!['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE'].includes(section)) continue
    const [, name, version, platform = 'ruby'] = SPEC.exec(line) ?? []
    if (name !== undefined && version !== undefined)
      gems.push({name, version, platform, dependencies: [], isOfGems: section === 'GEM'})
    const dependency = DEPENDENCY.exec(line)?.[1]
    if (dependency !== undefined) gems.at(-1)?.dependencies.push(dependency)
  }
  return {gems, platforms}
}

/**
 * These packages, and those that they depend on whatever the platform: of a package that is locked for several, what
 * all of them name.
 */
export function withDependencies({gems}: Lockfile, names: readonly string[]): ReadonlySet<string> {
  const byName = Map.groupBy(gems, ({name}) => name)
  const found = new Set<string>()
  const waiting = [...names]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const locked = byName.get(name)
    if (locked === undefined || found.has(name)) continue
    found.add(name)
    const [first, ...others] = locked
    const common = (first?.dependencies ?? []).filter(one =>
      others.every(({dependencies}) => dependencies.includes(one)),
    )
    waiting.push(...common)
  }
  return found
}
