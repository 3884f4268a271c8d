import {ok, type Result} from '../lib/result.ts'
import {formatPlatform, formatPlatformFully, normalisePlatform, type Platform} from '../platform/index.ts'
import {lexWord} from './lexer.ts'
import type {ArgInstruction, EnvInstruction} from './model.ts'
import {type Variables, withVariable} from './variables.ts'

/**
 * What a value hangs on: the platform that is built, the platform that builds, a default that `--build-arg` may
 * replace, or a variable that the file does not set (the base image may, or a build argument).
 */
const VALUE_SOURCES = ['target', 'build', 'default', 'unknown'] as const
export type ValueSource = (typeof VALUE_SOURCES)[number]

/** A text with its variables replaced. Where it hangs on nothing it is what is written. */
export interface Value {
  readonly text: string
  readonly sources: readonly ValueSource[]
  /** The variables that had a say, by name. */
  readonly names: readonly string[]
}

export type Scope = Variables<Value>

/** The platforms of a build: the one it is for, and the one it runs on. */
export interface BuildPlatforms {
  readonly target: Platform
  /** Usually the runner's; what hangs on it is marked, so that a guess does not matter. */
  readonly build: Platform
}

const TARGET_NAMES = ['TARGETPLATFORM', 'TARGETOS', 'TARGETOSVERSION', 'TARGETARCH', 'TARGETVARIANT']
const BUILD_NAMES = ['BUILDPLATFORM', 'BUILDOS', 'BUILDOSVERSION', 'BUILDARCH', 'BUILDVARIANT']

/** The ARGs that the builder sets by itself. */
const PLATFORM_ARGS: readonly string[] = [...TARGET_NAMES, ...BUILD_NAMES]

/**
 * What FROM sees without any ARG.
 * https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/platform.go
 */
export function platformScope({target, build}: BuildPlatforms): Scope {
  return new Map([
    ...valuesOf(TARGET_NAMES, 'target', normalisePlatform(target), formatPlatformFully),
    ...valuesOf(BUILD_NAMES, 'build', normalisePlatform(build), formatPlatform),
  ])
}

function valuesOf(
  names: readonly string[],
  source: ValueSource,
  platform: Platform,
  format: (platform: Platform) => string,
): [string, Value][] {
  const {os, osVersion = '', architecture, variant} = platform
  const texts = [format(platform), os, osVersion, architecture, variant]
  return names.map((name, index) => [name, {text: texts[index] ?? '', sources: [source], names: [name]}])
}

/** Replaces the variables in a word; the problem is what the builder refuses. */
export function expand(word: string, scope: Scope, escapeToken: string): Result<Value> {
  const used: Value[] = []
  const get = (name: string, hasFallback: boolean): string | undefined => {
    const value = scope.get(name)
    // What stands in the place of a variable that is not set is a default. The builder
    // sets its own only where ARG asks.
    const unset: ValueSource = hasFallback && !PLATFORM_ARGS.includes(name) ? 'default' : 'unknown'
    used.push(value ? {...value, names: [name]} : {text: '', sources: [unset], names: [name]})
    return value?.text
  }
  const lexed = lexWord(word, {escapeToken, get, allowsUnset: true})
  if (!lexed.ok) return lexed
  return ok({
    text: lexed.value.text,
    sources: VALUE_SOURCES.filter(source => used.some(({sources}) => sources.includes(source))),
    names: [...new Set(used.flatMap(({names}) => names))],
  })
}

/** The scope behind an ARG before the first FROM. A platform's ARG with a default takes the builder's value away. */
export function withGlobalArg(scope: Scope, {variables}: ArgInstruction, escapeToken: string): Result<Scope> {
  let next = scope
  for (const {name, value} of variables) {
    if (value === undefined) continue
    const expanded = expand(value, next, escapeToken)
    if (!expanded.ok) return expanded
    next = withVariable(next, name, asDefault(expanded.value))
  }
  return ok(next)
}

/** The scope behind an ARG in a stage: its own default comes first, then what FROM sees. Without both it is not set. */
export function withStageArg(
  scope: Scope,
  global: Scope,
  {variables}: ArgInstruction,
  escapeToken: string,
): Result<Scope> {
  let next = scope
  for (const {name, value} of variables) {
    if (value === undefined) {
      const inherited = global.get(name)
      if (inherited !== undefined) next = withVariable(next, name, inherited)
      continue
    }
    const expanded = expand(value, next, escapeToken)
    if (!expanded.ok) return expanded
    next = withVariable(next, name, asDefault(expanded.value))
  }
  return ok(next)
}

/** The scope behind an ENV; all its words see the scope before it. */
export function withEnv(scope: Scope, {variables}: EnvInstruction, escapeToken: string): Result<Scope> {
  let next = scope
  for (const {name, value} of variables) {
    const key = expand(name, scope, escapeToken)
    const expanded = expand(value ?? '', scope, escapeToken)
    if (!key.ok) return key
    if (!expanded.ok) return expanded
    next = withVariable(next, key.value.text, expanded.value)
  }
  return ok(next)
}

/** `--build-arg` replaces a default, whatever it says. */
function asDefault(value: Value): Value {
  return {...value, sources: VALUE_SOURCES.filter(source => source === 'default' || value.sources.includes(source))}
}
