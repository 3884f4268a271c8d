import {defined} from '../../lib/defined.ts'
import type {CopyInstruction, Dockerfile, EnvInstruction, RunInstruction} from '../model.ts'
import {expandCopy, type ResolvedInstruction, type ResolvedStage} from '../resolve.ts'
import {expand, type Value} from '../scope.ts'
import {type Script, scriptOf} from '../script.ts'
import {lineOf, type PlatformBuild, type Sighting} from './context.ts'
import {type Mend, withArgsAbove} from './edit.ts'
import {replacedLine, withArgs} from './fix.ts'
import {
  architectureInPath,
  architectureInUrl,
  COMPILED_FOR,
  choosesArchitecture,
  compiledArchitecture,
  FOREIGN_SYSTEM,
  URL,
  withoutComments,
} from './mentions.ts'
import {compiledFor, hasOther, type NamedBeside, namedIn} from './named-beside.ts'
import {architectureOf, findArchitectures, isOf} from './names.ts'
import {platformRole} from './stage-platforms.ts'

/** Go commands that make nothing for the image: their program runs at once, or none is made. */
const RUNS_AT_ONCE = /^\S*\s*(?:[A-Za-z_]+=\S*\s+)*go\s+(?:run|generate|tool|test|vet|list|env|mod|get|version|fmt)\b/

/** `GOARCH=amd64`, a download, or a file of the context that is for one architecture, while another one is built. */
export function* findHardcodedArchitectures(build: PlatformBuild): Generator<Sighting> {
  const compiled = compiledFor(build)
  for (const stage of build.reachable) {
    const {stages} = build.resolved
    const named = {compiled, ...namedIn(stage)}
    const choosesByScript = lineOf(stage, stages).some(asksInScript)
    for (const resolved of stage.instructions) {
      const {instruction} = resolved
      // A trigger was reported where it is written.
      if (resolved.isTrigger) continue
      const at = {stage, resolved, build, named}
      if (instruction.kind === 'run') yield* choosesByScript ? [] : findInRun({...at, run: instruction})
      else if (instruction.kind === 'env') yield* choosesByScript ? [] : findInEnv({...at, env: instruction})
      else if (instruction.kind === 'copy') yield* findInCopy({...at, copy: instruction})
    }
  }
}

interface Place {
  readonly named: NamedBeside
  readonly stage: ResolvedStage
  readonly resolved: ResolvedInstruction
  readonly build: PlatformBuild
}

function asksInScript(stage: ResolvedStage): boolean {
  return stage.instructions.some(
    ({instruction}) => instruction.kind === 'run' && /TARGET(?:ARCH|PLATFORM)/.test(scriptOf(instruction).text),
  )
}

function* findInRun({
  stage,
  build,
  run,
  named: {compiled, downloaded},
}: Place & {readonly run: RunInstruction}): Generator<Sighting> {
  const script = scriptOf(run)
  const text = withoutComments(script.text)
  if (choosesArchitecture(text)) return
  for (const match of text.matchAll(COMPILED_FOR)) {
    const architecture = compiledArchitecture(match)
    if (architecture === undefined || isOf(architecture, build.platform) || isMeantFor(stage, architecture)) continue
    const command = text.slice(match.index, match.index + 300).split(/[;&|\n]/)[0] ?? ''
    const before =
      text
        .slice(Math.max(0, match.index - 300), match.index)
        .split(/[;&|\n]/)
        .at(-1) ?? ''
    if (RUNS_AT_ONCE.test(command) || FOREIGN_SYSTEM.test(before + command)) continue
    if (platformRole(stage) === 'build' && /\bgo\s+install\b/.test(command)) continue
    if (hasOther(compiled, architecture)) continue
    yield runSighting(
      {build, stage, run, script, offset: match.index, written: match[0]},
      `${match[0]} makes programs for ${architecture}, whatever platform is built`,
    )
  }
  if (!isForTarget(stage)) return
  for (const match of text.matchAll(URL)) {
    const named = architectureInUrl(match[0])
    if (named === undefined || isOf(named.architecture, build.platform) || isMeantFor(stage, named.architecture))
      continue
    if (hasOther(downloaded, named.architecture)) continue
    yield runSighting(
      {build, stage, run, script, offset: match.index + named.offset, written: named.written},
      `${shorten(match[0])} is for ${named.architecture}, whatever platform is built`,
    )
  }
}

function* findInEnv({stage, resolved, build, env}: Place & {readonly env: EnvInstruction}): Generator<Sighting> {
  const {escapeToken} = build.resolved.dockerfile.directives
  if (!hasRun(stage)) return
  for (const {name, value = ''} of env.variables) {
    if (name !== 'GOARCH' && name !== 'CARGO_BUILD_TARGET') continue
    const expanded = expand(value, resolved.scope, escapeToken)
    if (!expanded.ok || isFollowing(expanded.value)) continue
    const architecture = architectureOf(expanded.value.text) ?? findArchitectures(expanded.value.text)[0]?.architecture
    if (architecture === undefined || isOf(architecture, build.platform) || isMeantFor(stage, architecture)) continue
    yield {
      rule: 'hardcoded-platform',
      level: levelOf(expanded.value),
      stage: stage.stage.index,
      line: env.line,
      endLine: env.endLine,
      message: `ENV ${name}=${value} makes programs for ${architecture}, whatever platform is built`,
      ...mendOfEnv(build.resolved.dockerfile, env, name),
    }
  }
}

function mendOfEnv(dockerfile: Dockerfile, env: EnvInstruction, name: string): Mend {
  if (name !== 'GOARCH') return {fix: `Choose the value of ${name} by TARGETARCH.`}
  const names = ['TARGETARCH']
  const text = 'ENV GOARCH=$TARGETARCH'
  const isWhole = env.variables.length === 1 && env.line === env.endLine
  return {
    fix: withArgs(names, env.line, text),
    ...(isWhole ? defined({edit: withArgsAbove(dockerfile, env, {names, line: env.line, text})}) : {}),
  }
}

function* findInCopy({
  stage,
  resolved,
  build,
  copy,
  named: {copied},
}: Place & {readonly copy: CopyInstruction}): Generator<Sighting> {
  const {escapeToken} = build.resolved.dockerfile.directives
  const isUrl = (text: string): boolean => /^https?:\/\//.test(text)
  if (!isForTarget(stage)) return
  for (const source of expandCopy(copy, resolved.scope, escapeToken).sources) {
    if (isFollowing(source)) continue
    const named = isUrl(source.text) ? architectureInUrl(source.text) : architectureInPath(source.text)
    if (named === undefined || isOf(named.architecture, build.platform) || isMeantFor(stage, named.architecture))
      continue
    if (hasOther(copied, named.architecture)) continue
    yield {
      rule: 'hardcoded-platform',
      level: levelOf(source),
      stage: stage.stage.index,
      line: copy.line,
      endLine: copy.endLine,
      message: `${copy.keyword} takes ${shorten(source.text)}, which is for ${named.architecture}, whatever platform is built`,
      ...replacedLine(build.resolved.dockerfile, copy, copy.line, named.written),
    }
  }
}

/** What a value depends on may be given from outside: then it is only reported. */
function levelOf({sources}: Value): 'warning' | 'note' {
  return sources.includes('default') ? 'note' : 'warning'
}

/** Whether a value follows what is built, or is not known here. */
function isFollowing({sources, names}: Value): boolean {
  if (sources.includes('target') || sources.includes('build')) return true
  // A default in the builder's place is reported where it stands.
  if (sources.includes('default') && names.some(name => name.startsWith('TARGET'))) return true
  return sources.includes('unknown') && !names.some(name => name.startsWith('TARGET'))
}

/**
 * Whether the stage's own programs are those of the platform that is built: what a stage for
 * the builder fetches is for the builder.
 */
function isForTarget(stage: ResolvedStage): boolean {
  return platformRole(stage) === 'target'
}

/** A stage that is named for an architecture is meant for it, whoever takes something out of it. */
function isMeantFor({stage: {name = ''}}: ResolvedStage, architecture: string): boolean {
  return name.split(/[^a-z0-9_]+/).some(part => architectureOf(part) === architecture)
}

/** A variable of a stage that runs nothing makes no programs. */
function hasRun(stage: ResolvedStage): boolean {
  const known = RUNS.get(stage) ?? stage.instructions.some(({instruction}) => instruction.kind === 'run')
  RUNS.set(stage, known)
  return known
}

/** Of a stage there is one answer, and there may be a hundred thousand variables that ask. */
const RUNS = new WeakMap<ResolvedStage, boolean>()

function runSighting(
  {
    build,
    stage,
    run,
    script,
    offset,
    written,
  }: {
    readonly build: PlatformBuild
    readonly stage: ResolvedStage
    readonly run: RunInstruction
    readonly script: Script
    readonly offset: number
    readonly written: string
  },
  message: string,
): Sighting {
  const line = script.lineAt(offset)
  return {
    rule: 'hardcoded-platform',
    level: 'warning',
    stage: stage.stage.index,
    line,
    endLine: line,
    message,
    ...replacedLine(build.resolved.dockerfile, run, line, written),
  }
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
