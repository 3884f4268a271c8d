import {type AddonProblem, failsToLoad} from '../../addons/addon.ts'
import type {PlatformFacts} from '../../facts/facts.ts'
import {defined} from '../../lib/defined.ts'
import {programTarget} from '../../platform/index.ts'
import type {Level} from '../finding.ts'
import type {PlatformViolation} from '../rule.ts'
import {commonDirectory} from './scan-groups.ts'

/** So many of one level are reported one by one. */
const ALONE = 3
/** Packages that a message names, and that the evidence lists. */
const NAMED = 3
const LISTED = 1000

/** What packages need and do not have, one finding for each, or for many at once. */
export function* missingAddons(platform: PlatformFacts, name: string): Generator<PlatformViolation> {
  for (const level of ['error', 'warning'] as const) {
    const ofLevel = toldAddons(platform).filter(problem => levelOf(problem, platform) === level)
    for (const problem of ofLevel)
      if (problem.outcome.kind === 'unsearched') yield tellUnsearched(problem, problem.outcome, level, name)
    const problems = ofLevel.filter(({outcome}) => outcome.kind !== 'unsearched')
    if (problems.length <= ALONE) for (const problem of problems) yield tellOne(problem, level, platform, name)
    else yield tellMany(problems, level, name)
  }
}

/** Whether a file is part of what an add-on's finding reports: another finding on it would say the same. */
export function addonFiles(platform: PlatformFacts): (path: string) => boolean {
  const covered = new Set(toldAddons(platform).flatMap(({covers}) => covers))
  if (covered.size === 0) return () => false
  return path => {
    for (let at = path.length; at > 0; at = path.lastIndexOf('/', at - 1))
      if (covered.has(path.slice(0, at))) return true
    return false
  }
}

function toldAddons(platform: PlatformFacts): readonly AddonProblem[] {
  return (platform.scan?.addons ?? []).filter(problem => levelOf(problem, platform) !== undefined)
}

/** Nothing is said of a package that nothing needs: for development, or optional. */
function levelOf(problem: AddonProblem, platform: PlatformFacts): Level | undefined {
  const {loadedPackages} = platform
  if (problem.outcome.kind === 'renamed' && isStartedFrom(problem.directory, platform)) return undefined
  if (loadedPackages !== undefined && failsToLoad(problem, loadedPackages)) return 'error'
  return problem.isNeeded ? 'warning' : undefined
}

/** Whether what starts is missing for this very directory: its own finding says so, with the same fix. */
function isStartedFrom(directory: string, {startup}: PlatformFacts): boolean {
  return startup.steps.some(
    ({certainty, obstacle, path}) =>
      certainty === 'certain' && obstacle?.kind === 'missing' && path.startsWith(`${directory}/`),
  )
}

function tellOne(problem: AddonProblem, level: Level, platform: PlatformFacts, name: string): PlatformViolation {
  const {directory, outcome, wanted, isRequired} = problem
  const expected = programTarget(platform.entry.platform)?.name ?? name
  const certain =
    level === 'error' ? `; what starts ${outcome.kind === 'unlocked' ? 'uses' : 'loads'} it for certain` : ''
  const {configuredIn} = problem
  const subject = configuredIn ?? `${problem.package} in ${directory}`
  if (outcome.kind === 'renamed') return tellRenamed(problem, outcome.path, level, name)
  const what =
    outcome.kind === 'unlocked'
      ? `is for ${named(outcome.platforms, ', ')}, and Bundler, which is to keep it as it is, needs one for ${wanted[0]} (${name})`
      : outcome.kind === 'other-build'
        ? `loads ${outcome.path}, which is built for module API ${outcome.built}, expected ${outcome.expected}`
        : outcome.kind === 'unlinked'
          ? `loads ${outcome.entry}, which needs ${named(outcome.missing, ', ')}; the C library of java is ${outcome.libc}, and they are not in its directories`
          : outcome.kind === 'foreign'
            ? `loads ${configuredIn === undefined ? below(outcome.path, directory) : outcome.path}, which is ${outcome.machine}, expected ${expected} (${name})`
            : configuredIn !== undefined
              ? `loads ${problem.package}, and there is no ${named(wanted, ' or ')}`
              : `has no add-on for ${name}: it needs ${named(wanted, ' or ')}, and has ${named(
                  presentOf(problem).map(path => below(path, directory)),
                  ', ',
                )}`
  return {
    path: fileOf(outcome) ?? configuredIn ?? directory,
    level,
    message: `${subject} ${what}${certain}`,
    evidence: {
      package: problem.package,
      directory,
      language: problem.language,
      wanted,
      isRequired,
      ...defined({configuredIn}),
      ...(outcome.kind === 'foreign'
        ? {actual: outcome.machine, expected, file: outcome.path}
        : {present: presentOf(problem).slice(0, LISTED)}),
    },
    fix: fixOf([problem], name),
  }
}

/** The file that is wrong; what is in a jar has no path of its own. */
function fileOf(outcome: AddonProblem['outcome']): string | undefined {
  if (outcome.kind !== 'foreign' && outcome.kind !== 'other-build') return undefined
  return outcome.path.startsWith('/') ? outcome.path : undefined
}

/** A variable that names what another platform has. */
function tellRenamed(
  {package: variable, directory, language}: AddonProblem,
  own: string,
  level: Level,
  name: string,
): PlatformViolation {
  return {
    path: directory,
    level,
    message: `${variable} names ${directory}, which is not in the image: ${name} has ${own}`,
    evidence: {variable, value: directory, language, present: [own]},
    fix: `Let ${variable} name a directory that every platform has, such as a link to ${own}, or follow TARGETARCH.`,
  }
}

/** Packages that are installed where no interpreter of the image looks. */
function tellUnsearched(
  {directory, wanted, language}: AddonProblem,
  {release, by, packages}: AddonProblem['outcome'] & {kind: 'unsearched'},
  level: Level,
  name: string,
): PlatformViolation {
  const certain = level === 'error' ? '; what starts uses one for certain' : ''
  const [missing] = wanted
  const called = language === 'ruby' ? 'Ruby' : 'Python'
  const why =
    missing === undefined
      ? `the ${called} of ${name} is ${by.join(' and ')}, which does not look there`
      : `its interpreter ${missing} is not in the image`
  return {
    path: directory,
    level,
    message: `${directory} has packages for ${called} ${release} (${named(packages, ', ')}), and ${why}${certain}`,
    evidence: {
      directory,
      language,
      release,
      present: [...by],
      packages: packages.slice(0, LISTED),
      ...defined({missing}),
    },
    fix: `Install the packages with the release of ${called} that the image has: build the stage that installs them on the base of the final stage.`,
  }
}

function tellMany(problems: readonly AddonProblem[], level: Level, name: string): PlatformViolation {
  const packages = problems.map(problem => problem.package)
  const directory = commonDirectory(problems.map(problem => `${problem.directory}/package.json`))
  const certain = level === 'error' ? '; what starts loads them for certain' : ''
  return {
    path: directory,
    level,
    message: `${problems.length} packages in ${directory} (${named(packages, ', ')}) have no add-on for ${name}${certain}`,
    evidence: {
      count: problems.length,
      packages: problems.slice(0, LISTED).map(problem => ({
        package: problem.package,
        directory: problem.directory,
        wanted: problem.wanted,
        ...(problem.outcome.kind === 'foreign'
          ? {actual: problem.outcome.machine, file: problem.outcome.path}
          : {present: presentOf(problem)}),
      })),
      left: Math.max(0, problems.length - LISTED),
    },
    fix: fixOf(problems, name),
  }
}

function presentOf({outcome}: AddonProblem): readonly string[] {
  if (outcome.kind === 'missing') return outcome.present
  if (outcome.kind === 'unlinked') return [outcome.entry]
  if (outcome.kind === 'other-build') return [outcome.built]
  if (outcome.kind === 'unlocked') return outcome.platforms
  return outcome.kind === 'renamed' ? [outcome.path] : []
}

/** Of a package beside it its name, of a file in it its path there. */
function below(path: string, directory: string): string {
  if (path.startsWith(`${directory}/`)) return path.slice(directory.length + 1)
  const at = path.lastIndexOf('/node_modules/')
  return at < 0 ? path : path.slice(at + '/node_modules/'.length)
}

function named(names: readonly string[], between: string): string {
  return names.length <= NAMED ? names.join(between) : `${names.slice(0, NAMED).join(', ')}, …`
}

function fixOf(problems: readonly AddonProblem[], name: string): string {
  if (problems.every(({outcome}) => outcome.kind === 'other-build'))
    return 'Build the modules with the release of PHP that loads them: take them from a stage on the same image.'
  if (problems.every(({outcome}) => outcome.kind === 'unlocked'))
    return `Add the platform to the lock: bundle lock --add-platform ${problems[0]?.wanted[0]}`
  if (problems.every(({configuredIn}) => configuredIn !== undefined))
    return `Install the modules for ${name} in a stage that runs on it, or take them out of the configuration.`
  if (problems.every(({language}) => language === 'java'))
    return problems.some(({outcome}) => outcome.kind === 'unlinked')
      ? 'Use a base with the other C library, or a release of the library that has natives for this one.'
      : `Take the jars with natives for ${name}: let their classifiers follow the target platform, not the machine that builds.`
  if (problems.every(({language}) => language === 'dotnet'))
    return `Publish for all platforms or for that of ${name} (dotnet publish, without --runtime or with the one of TARGETARCH), with packages that have native files for it.`
  return `Install the packages in a stage that runs on ${name}, not on the build platform, and copy no node_modules or virtual environment from another machine.`
}
