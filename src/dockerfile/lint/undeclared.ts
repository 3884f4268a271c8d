import {defined} from '../../lib/defined.ts'
import type {CopyInstruction, EnvInstruction, RunInstruction} from '../model.ts'
import type {ResolvedInstruction, ResolvedStage} from '../resolve.ts'
import {scriptOf} from '../script.ts'
import {builderValues, type PlatformBuild, type Sighting} from './context.ts'
import {withArgsAbove} from './edit.ts'
import {withoutComments} from './mentions.ts'
import {architectureOf, isOf} from './names.ts'
import {nameOf, platformRole} from './stage-platforms.ts'

/**
 * `$TARGETARCH`, `${TARGETARCH}`, `${TARGETARCH:-amd64}`, `${TARGETVARIANT#v}`, with a variable of Go that takes it.
 */
const USE =
  /(?<go>\bGO[A-Z0-9]+=["']?)?(?<!\\)\$(?:(?<bare>TARGET(?:PLATFORM|OS|ARCH|VARIANT))\b|\{(?<braced>TARGET(?:PLATFORM|OS|ARCH|VARIANT))(?!\w)(?<more>[^}]{0,200})\})/g

/** `:-amd64`, `-amd64`, `:=amd64`: what stands in the place of a variable that is not set. */
const FALLBACK = /^:?[-=](?<text>.+)$/s

/**
 * `$TARGETARCH` in a stage without `ARG TARGETARCH`: the builder gives the variable to no stage that does not ask for
 * it, so that it is empty, or its default in the shell is all that there ever is. For amd64 nothing is said: what is
 * meant for no architecture is usually for that one.
 */
export function* findUndeclaredArgs(build: PlatformBuild): Generator<Sighting> {
  for (const stage of build.reachable) {
    for (const resolved of stage.instructions) {
      if (!resolved.isTrigger) yield* findIn(resolved, stage, build)
    }
  }
}

interface Use {
  readonly written: string
  readonly name: string
  readonly fallback: string | undefined
  /** Set where a variable of Go takes it, for which empty means the machine that it runs on. */
  readonly isOfGo: boolean
  readonly line: number
}

function* findIn(resolved: ResolvedInstruction, stage: ResolvedStage, build: PlatformBuild): Generator<Sighting> {
  const {instruction, scope} = resolved
  const wrong = new Map<string, Use>()
  for (const use of usesOf(instruction)) {
    if (!scope.has(use.name) && !wrong.has(use.name) && isWrong(use, stage, build)) wrong.set(use.name, use)
  }
  // One ARG asks for all that the instruction lacks.
  const names = [...wrong.keys()]
  const first = build.resolved.dockerfile.lines[instruction.line - 1] ?? ''
  const edit = withArgsAbove(build.resolved.dockerfile, instruction, {names, line: instruction.line, text: first})
  for (const {name, written, line, fallback} of wrong.values()) {
    const becomes = fallback === undefined ? '' : ` and ${JSON.stringify(fallback)} stands in its place`
    yield {
      rule: 'hardcoded-platform',
      level: 'warning',
      stage: stage.stage.index,
      line,
      endLine: line,
      message: `${written}: ${name} is empty${becomes}, because the stage ${nameOf(stage)} has no ARG ${name}`,
      fix: `ARG ${name} above line ${instruction.line}`,
      ...defined({edit}),
    }
  }
}

function isWrong({name, fallback, isOfGo}: Use, stage: ResolvedStage, build: PlatformBuild): boolean {
  const value = builderValues(build).get(name) ?? ''
  if (fallback !== undefined) {
    const architecture = architectureOf(fallback.split('/')[1] ?? fallback)
    return architecture !== undefined && !isOf(architecture, build.platform)
  }
  if (value === '' || build.platform.architecture === 'amd64') return false
  // Go then takes the machine that it runs on: the target's own, unless the stage is on another.
  return !isOfGo || (name !== 'TARGETOS' && platformRole(stage) !== 'target')
}

function usesOf(instruction: ResolvedInstruction['instruction']): readonly Use[] {
  if (instruction.kind === 'run') return usesInRun(instruction)
  if (instruction.kind === 'copy') return usesInCopy(instruction)
  return instruction.kind === 'env' ? usesInEnv(instruction) : []
}

/** A script that sets the variable itself, or asks whether it is empty, knows what it does. */
function usesInRun(run: RunInstruction): readonly Use[] {
  const script = scriptOf(run)
  const text = withoutSingleQuoted(withoutComments(script.text))
  const handled = new Set(TARGET_NAMES.filter(name => isHandled(text, name)))
  return Array.from(text.matchAll(USE))
    .map(match => ({...useOf(match), index: match.index}))
    .filter(({name, more}) => !handled.has(name) && !/^:?\?/.test(more))
    .filter(({fallback}) => fallback === undefined || !/[$\x60]/.test(fallback))
    .filter(({index}) => !isOnlyPrinted(text, index))
    .map(use => ({...use, line: script.lineAt(use.index)}))
}

const TARGET_NAMES = ['TARGETPLATFORM', 'TARGETOS', 'TARGETARCH', 'TARGETVARIANT']

function isHandled(text: string, name: string): boolean {
  const isSet = new RegExp(`(?<![\\w$])${name}=|\\b(?:read|for)\\s(?:-\\w+\\s)*${name}\\b`).test(text)
  return isSet || new RegExp(`\\s-[nz]\\s+["']?\\$\\{?${name}\\b`).test(text)
}

/** In characters: how far a command is looked for around a variable. */
const NEAR = 1000

/** `echo "for $TARGETPLATFORM"`: nothing hangs on what only the log of the build shows. */
function isOnlyPrinted(text: string, offset: number): boolean {
  const near = text.slice(Math.max(0, offset - NEAR), offset).replace(/\$\{[^}]*\}/g, '')
  const before = /(?:^|(?<separator>&&|\|\||[;|&\n({\x60]))(?<command>[^;|&\n({\x60]*)$/.exec(near)
  const after = /^(?:\$\{[^}]*\}|[^;|&\n)\x60])*/.exec(text.slice(offset, offset + NEAR))?.[0] ?? ''
  const isCaptured = /[({\x60]/.test(before?.groups?.separator ?? '') || text[offset + after.length] === '|'
  return /^\s*(?:echo|printf)\b/.test(before?.groups?.command ?? '') && !isCaptured && !after.includes('>')
}

/** A default in the builder's own words is looked at where constants are. */
function usesInCopy({sources, destination, line}: CopyInstruction): readonly Use[] {
  return [...sources, destination]
    .flatMap(text => Array.from(text.matchAll(USE), match => ({...useOf(match), line})))
    .filter(({fallback, more}) => fallback === undefined && !/^:?[?+]/.test(more))
}

function usesInEnv({variables, line}: EnvInstruction): readonly Use[] {
  return variables
    .flatMap(({name, value = ''}) =>
      Array.from(`${name}=${value}`.matchAll(USE), match => ({
        ...useOf(match),
        line,
        isOfGo: /^GO[A-Z0-9]+$/.test(name),
      })),
    )
    .filter(({fallback, more}) => fallback === undefined && !/^:?[?+]/.test(more))
}

function useOf(match: RegExpMatchArray): Omit<Use, 'line'> & {readonly more: string} {
  const {go, bare, braced = '', more = ''} = match.groups ?? {}
  const fallback = FALLBACK.exec(more)?.groups?.text
  return {written: match[0], name: bare ?? braced, fallback, isOfGo: go !== undefined, more}
}

/** A shell takes nothing for a variable in `'$TARGETARCH'`, but does in `"it's $TARGETARCH"`. Offsets stay. */
function withoutSingleQuoted(text: string): string {
  return text.replace(/\\.|"(?:\\.|[^"\\])*"|'[^']*'/gs, part =>
    part.startsWith("'") ? ' '.repeat(part.length) : part,
  )
}
