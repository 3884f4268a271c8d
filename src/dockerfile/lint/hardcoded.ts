import type {CopyInstruction, EnvInstruction, Instruction, RunInstruction} from '../model.ts'
import {expandCopy, type ResolvedInstruction, type ResolvedStage} from '../resolve.ts'
import {expand, type Value} from '../scope.ts'
import {type Script, scriptOf} from '../script.ts'
import {lineOf, type PlatformBuild, type Sighting} from './context.ts'
import {replacedLine, withArgs} from './fix.ts'
import {architectureOf, findArchitectures, isOf, type NamedArchitecture} from './names.ts'
import {nameOf, platformRole} from './stage-platforms.ts'

/**
 * How a shell finds out what it runs on or builds for. Who asks so much chooses: nothing that stands
 * in the same RUN is taken for constant.
 */
const ASKS =
  /TARGET(?:ARCH|PLATFORM|VARIANT)|BUILD(?:ARCH|PLATFORM)|\buname\b|--print-(?:foreign-)?arch|\$\(arch\)|`arch`|\brpm\s+(?:-E|--eval)|\bHOSTTYPE\b|\bMACHTYPE\b|platform\.machine|\$\{?[A-Za-z_]*(?:ARCH|arch|PLATFORM|platform|MACHINE)/

/** Go commands that make nothing for the image: their program runs at once, or none is made. */
const RUNS_AT_ONCE = /^\S*\s*(?:[A-Za-z_]+=\S*\s+)*go\s+(?:run|generate|tool|test|vet|list|env|mod|get|version|fmt)\b/

const FOREIGN_SYSTEM = /\b(?:darwin|macos|osx|windows|win(?:32|64)?|freebsd|android|ios|wasm|js)\b/i

/**
 * Flags and variables that tell a compiler what to make programs for; the word behind
 * is the architecture, or has it in it.
 */
const COMPILED_FOR =
  /\b(?:GOARCH|CARGO_BUILD_TARGET)=["']?(?<value>[\w-]+)|\bcargo\s+(?:build|install)\b[^\n;&|]{0,400}?--target[= ]["']?(?<triple>[\w-]+)|\bdotnet\s+(?:publish|build|restore)\b[^\n;&|]{0,400}?\s(?:-r|--runtime)[= ]["']?(?<runtime>linux(?:-musl)?-[\w-]+)/g

/** Sources are for all machines, whatever their repository is called. */
const GIT = /\.git(?:[#?]|$)/

const URL = /\bhttps?:\/\/[^\s"'`<>()\\;|]+/g

/** `GOARCH=amd64`, a download, or a file of the context that is for one architecture, while another one is built. */
export function* findHardcodedArchitectures(build: PlatformBuild): Generator<Sighting> {
  const compiled = compiledFor(build)
  for (const stage of build.reachable) {
    const {stages} = build.resolved
    const named = {compiled, ...namedIn(stage)}
    const choosesByScript = lineOf(stage, stages).some(asksInScript)
    for (const resolved of stage.instructions) {
      const {instruction} = resolved
      // A trigger was told of where it is written.
      if (resolved.isTrigger) continue
      const at = {stage, resolved, build, named}
      if (instruction.kind === 'run') {
        yield* choosesByScript ? [] : findInRun({...at, run: instruction})
        yield* findUndeclared({...at, run: instruction})
      } else if (instruction.kind === 'env') yield* choosesByScript ? [] : findInEnv({...at, env: instruction})
      else if (instruction.kind === 'copy') yield* findInCopy({...at, copy: instruction})
    }
  }
}

interface Place {
  readonly named: NamedIn
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
  if (ASKS.test(text) || namesSeveral(text)) return
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

/**
 * `GOARCH=$TARGETARCH` without `ARG TARGETARCH`: the variable is empty, or its default
 * in the shell is all that there ever is.
 */
function* findUndeclared({stage, resolved, build, run}: Place & {readonly run: RunInstruction}): Generator<Sighting> {
  if (resolved.scope.has('TARGETARCH')) return
  const script = scriptOf(run)
  const text = withoutComments(script.text)
  if (/\bTARGETARCH=/.test(text)) return
  for (const match of text.matchAll(/\bGOARCH=["']?(?:\$TARGETARCH\b|\$\{TARGETARCH(?::?-(?<fallback>\w+))?\})/g)) {
    const fallback = match.groups?.fallback
    const architecture = fallback === undefined ? undefined : architectureOf(fallback)
    const isWrong = architecture === undefined ? platformRole(stage) !== 'target' : !isOf(architecture, build.platform)
    if (!isWrong || (architecture === undefined && isUsual(build))) continue
    yield {
      ...runSighting(
        {build, stage, run, script, offset: match.index, written: match[0]},
        `${match[0]}: TARGETARCH is empty, because the stage ${nameOf(stage)} has no ARG TARGETARCH`,
      ),
      fix: `ARG TARGETARCH above line ${run.line}`,
    }
  }
}

function* findInEnv({stage, resolved, build, env}: Place & {readonly env: EnvInstruction}): Generator<Sighting> {
  const {escapeToken} = build.resolved.dockerfile.directives
  if (!followsConstant(stage)) return
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
      fix:
        name === 'GOARCH' ? withArgs('TARGETARCH', env.line, 'ENV GOARCH=$TARGETARCH') : `choose ${name} by TARGETARCH`,
    }
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
      fix: replacedLine(build.resolved.dockerfile, copy, copy.line, named.written),
    }
  }
}

/** What a value hangs on may be given from outside: then it is only told. */
function levelOf({sources}: Value): 'warning' | 'note' {
  return sources.includes('default') ? 'note' : 'warning'
}

/** Whether a value follows what is built, or is not known here. */
function isFollowing({sources, names}: Value): boolean {
  if (sources.includes('target') || sources.includes('build')) return true
  // A default in the builder's place is told where it stands.
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

function isUsual({platform}: PlatformBuild): boolean {
  return platform.architecture === 'amd64'
}

function followsConstant(stage: ResolvedStage): boolean {
  return stage.instructions.some(({instruction}) => instruction.kind === 'run')
}

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
    fix: replacedLine(build.resolved.dockerfile, run, line, written),
  }
}

/**
 * Of the host's name nothing is read; a file for another system is not for this
 * image; what is for all machines is for all.
 */
function architectureInUrl(url: string): NamedArchitecture | undefined {
  const start = /^https?:\/\/[^/]*/.exec(url)?.[0].length ?? 0
  const path = url.slice(start)
  if (GIT.test(path)) return undefined
  if (/\$[({]?[A-Za-z_]*(?:arch|ARCH|platform|PLATFORM|machine|MACHINE)/.test(path) || FOREIGN_SYSTEM.test(path))
    return undefined
  if (
    /(?:_all|[-_.]noarch)\.(?:deb|rpm|apk)$|\.(?:asc|sig|minisig|sha(?:1|256|512)(?:sums?)?|md5|json|txt)$/i.test(path)
  )
    return undefined
  return theOnly(findArchitectures(path), start)
}

function architectureInPath(path: string): NamedArchitecture | undefined {
  return FOREIGN_SYSTEM.test(path) ? undefined : theOnly(findArchitectures(path), 0)
}

function theOnly(named: readonly NamedArchitecture[], start: number): NamedArchitecture | undefined {
  const [first] = named
  if (first === undefined || named.some(({architecture}) => architecture !== first.architecture)) return undefined
  return {...first, offset: first.offset + start}
}

function namesSeveral(text: string): boolean {
  return new Set(findArchitectures(text).map(({architecture}) => architecture)).size > 1
}

/** Architectures that are named: one that stands beside others is not the only one, and somebody chooses among them. */
interface NamedIn {
  /** For compilers, in all reachable stages. */
  readonly compiled: ReadonlySet<string>
  /** In this stage. */
  readonly downloaded: ReadonlySet<string>
  readonly copied: ReadonlySet<string>
}

function compiledFor({reachable}: PlatformBuild): ReadonlySet<string> {
  const texts = reachable.flatMap(({instructions}) => instructions.map(({instruction}) => textOf(instruction)))
  const named = texts.flatMap(text => Array.from(text.matchAll(COMPILED_FOR), compiledArchitecture))
  return new Set(named.flatMap(architecture => (architecture === undefined ? [] : [architecture])))
}

function namedIn({instructions}: ResolvedStage): Omit<NamedIn, 'compiled'> {
  const urls = instructions.flatMap(({instruction}) => textOf(instruction).match(URL) ?? [])
  const sources = instructions.flatMap(({instruction}) => (instruction.kind === 'copy' ? instruction.sources : []))
  return {downloaded: architecturesIn(urls), copied: architecturesIn(sources)}
}

function architecturesIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap(text => findArchitectures(text).map(({architecture}) => architecture)))
}

function hasOther(named: ReadonlySet<string>, architecture: string): boolean {
  return named.size > (named.has(architecture) ? 1 : 0)
}

/** The architecture that a match of COMPILED_FOR names. */
function compiledArchitecture({groups}: RegExpMatchArray): string | undefined {
  const word = groups?.value ?? groups?.triple ?? groups?.runtime ?? ''
  return architectureOf(word) ?? findArchitectures(word)[0]?.architecture
}

function textOf(instruction: Instruction): string {
  return instruction.kind === 'run' ? withoutComments(scriptOf(instruction).text) : instruction.text
}

/** Lines of a heredoc that are comments of the shell; they keep their length, so that offsets stay. */
function withoutComments(text: string): string {
  return text.replace(/^[ \t]*#[^\n]*/gm, comment => ' '.repeat(comment.length))
}

function shorten(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text
}
