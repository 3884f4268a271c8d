import type {Instruction} from '../model.ts'
import type {ResolvedStage} from '../resolve.ts'
import {scriptOf} from '../script.ts'

/** Commands that make programs for the machine that they run on, unless an option says otherwise. */
export const COMPILER =
  /(?:^|[\s;&|("'])(?:go\s+(?:build|install)|cargo\s+(?:build|install)|(?:c?make|ninja|gcc|g\+\+|clang(?:\+\+)?|rustc|swift\s+build|zig\s+build|crystal\s+build|nim\s+c|ghc|cabal\s+build|stack\s+build|native-image))(?=\s|$)/m

/** What a build that follows the target's platform names, in one way or another. */
const TARGET_NAMES =
  /TARGET(?:PLATFORM|OS|ARCH|VARIANT)|\bxx-[a-z]+|\bGOARCH\b|--target\b|\bCARGO_BUILD_TARGET\b|\b(?:CC|HOST|ARCH|CROSS_COMPILE)=/

/** Whether a stage runs a compiler in plain sight. */
export function compilesNatively(stage: ResolvedStage): boolean {
  return scriptsOf(stage).some(text => COMPILER.test(text))
}

/**
 * What may be a script, or read one: it can see a variable that its command line does not name. Compilers do not look
 * at `TARGETARCH`.
 */
const SCRIPT =
  /(?:^|[\s;&|("'])(?:(?:gnu)?make|cmake|ninja|scons|meson|bazel|just|task|mage|goreleaser|npm|npx|yarn|pnpm|bun|deno|gradle|mvn|ant|sbt|rake|tox|python[\d.]*|perl|ruby|node|php|(?:ba|da|z)?sh|source)(?=[\s;&|)"']|$)|(?:^|[;&|(\n])\s*(?:\w+=\S*\s+|(?:sudo|exec|env|time|then|do|else)\s+)*\.{0,2}\/[\w./-]/m

/**
 * Whether a stage names what is built for anywhere: then it may well cross-compile. `ARG TARGETARCH` alone names it
 * only to what can read it.
 */
export function followsTarget(stage: ResolvedStage): boolean {
  const scripts = scriptsOf(stage)
  const texts = stage.instructions.flatMap(({instruction}) => (isDeclaration(instruction) ? [] : [instruction.text]))
  if ([...texts, ...scripts].some(text => TARGET_NAMES.test(text))) return true
  const isDeclared = stage.instructions.some(({instruction}) => isDeclaration(instruction))
  return isDeclared && scripts.some(text => SCRIPT.test(text))
}

/** `ARG TARGETOS TARGETARCH`, which only asks for the builder's values. */
function isDeclaration(instruction: Instruction): boolean {
  return (
    instruction.kind === 'arg' &&
    instruction.variables.every(({name, value}) => value === undefined && name.startsWith('TARGET'))
  )
}

function scriptsOf(stage: ResolvedStage): readonly string[] {
  return stage.instructions.flatMap(({instruction}) => (instruction.kind === 'run' ? [scriptOf(instruction).text] : []))
}
