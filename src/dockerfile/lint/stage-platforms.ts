import {parsePlatform, platformsEqual} from '../../platform/index.ts'
import type {Dockerfile, FromInstruction} from '../model.ts'
import type {ResolvedStage} from '../resolve.ts'
import {compilesNatively, followsTarget} from './compilers.ts'
import {copiedFrom, lineOf, type PlatformBuild, type Sighting} from './context.ts'
import {type Mend, rewritten} from './edit.ts'
import {architectureOf} from './names.ts'

/** What the platform of a stage hangs on. */
export function platformRole({platform}: ResolvedStage): 'target' | 'build' | 'default' | 'unknown' | 'constant' {
  const {sources} = platform
  for (const source of ['target', 'build', 'unknown', 'default'] as const) if (sources.includes(source)) return source
  return 'constant'
}

/**
 * The final stage, or one that it is FROM, stands on `--platform=$BUILDPLATFORM`: the image for each
 * platform holds the programs of the machine that built it. For linux/amd64 alone nothing is said: there the
 * builder nearly always is of that platform.
 */
export function* findBuildPlatformInFinal(build: PlatformBuild, platformCount: number): Generator<Sighting> {
  const root = build.finalLine.at(-1)
  if (root === undefined || root.base.kind !== 'image' || platformRole(root) !== 'build') return
  if (platformCount === 1 && build.platform.architecture === 'amd64') return
  const {from} = root.stage
  const where = root === build.final ? 'the final stage is' : `the final stage is FROM ${nameOf(root)}, which is`
  yield {
    rule: 'build-platform-in-final-stage',
    // One platform alone may be built on a machine of that platform.
    level: platformCount > 1 ? 'error' : 'warning',
    stage: root.stage.index,
    line: from.line,
    endLine: from.endLine,
    message: `${where} FROM --platform=${from.platform ?? ''}: every platform's image gets the programs of the build machine`,
    ...withoutPlatform(build.resolved.dockerfile, from),
  }
}

/**
 * `FROM --platform=linux/amd64`, in the final stage or in one that compiles for it, while another platform is built.
 */
export function* findConstantPlatforms(build: PlatformBuild): Generator<Sighting> {
  for (const stage of build.reachable) {
    if (stage.base.kind !== 'image') continue
    const role = platformRole(stage)
    if (role !== 'constant' && role !== 'default') continue
    // A default in the builder's place is reported where it stands.
    if (stage.platform.names.some(name => name.startsWith('TARGET'))) continue
    const platform = parsePlatform(stage.platform.text)
    if (!platform.ok || platformsEqual(platform.value, build.platform)) continue
    const isFinal = build.finalLine.includes(stage)
    if (!isFinal && (namesPlatform(stage) || !makesPrograms(stage, build))) continue
    const {from} = stage.stage
    const value = stage.platform.text
    yield {
      rule: 'hardcoded-platform',
      level: 'warning',
      stage: stage.stage.index,
      line: from.line,
      endLine: from.endLine,
      message: isFinal
        ? `the final stage is for ${value}, whatever platform is built`
        : `the stage ${nameOf(stage)} compiles on ${value}, whatever platform is built, and its programs are copied into the image`,
      // On $BUILDPLATFORM it would compile for the machine that builds: it names nothing of the target.
      ...withoutPlatform(build.resolved.dockerfile, from),
    }
  }
}

/** Whether programs that the stage's compilers make for the stage's own platform are taken out of it. */
export function makesPrograms(stage: ResolvedStage, build: PlatformBuild): boolean {
  const family = [
    ...lineOf(stage, build.resolved.stages),
    ...build.reachable.filter(other => other !== stage && lineOf(other, build.resolved.stages).includes(stage)),
  ]
  if (family.some(followsTarget)) return false
  return family.some(member => compilesNatively(member) && copiedFrom(member, build).length > 0)
}

/** A stage that is named for a platform is meant for it: BuildKit's own linter takes it so, too. */
function namesPlatform({stage: {name = ''}}: ResolvedStage): boolean {
  return name.split(/[^a-z0-9]+/).some(part => architectureOf(part) !== undefined || part === 'linux')
}

export function nameOf({stage}: ResolvedStage): string {
  return stage.name ?? String(stage.index)
}

/** The FROM line without its `--platform`. */
function withoutPlatform(dockerfile: Dockerfile, from: FromInstruction): Mend {
  return rewritten(dockerfile, from, from.text.replace(/\s+--platform=(?:"[^"]*"|'[^']*'|\S+)/i, ''))
}
