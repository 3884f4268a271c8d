import type {ResolvedStage} from '../resolve.ts'
import {scriptOf} from '../script.ts'

/** Commands that make programs for the machine that they run on, unless they are told otherwise. */
const COMPILER =
  /(?:^|[\s;&|("'])(?:go\s+(?:build|install)|cargo\s+(?:build|install)|(?:c?make|ninja|gcc|g\+\+|clang(?:\+\+)?|rustc|swift\s+build|zig\s+build|crystal\s+build|nim\s+c|ghc|cabal\s+build|stack\s+build|native-image))(?=\s|$)/m

/** What a build that follows the target's platform names, in one way or another. */
const TARGET_NAMES =
  /TARGET(?:PLATFORM|OS|ARCH|VARIANT)|\bxx-[a-z]+|\bGOARCH\b|--target\b|\bCARGO_BUILD_TARGET\b|\b(?:CC|HOST|ARCH|CROSS_COMPILE)=/

/** Whether a stage runs a compiler in plain sight. */
export function compilesNatively(stage: ResolvedStage): boolean {
  return scriptsOf(stage).some(text => COMPILER.test(text))
}

/** Whether a stage names what is built for anywhere: then it may well cross-compile. */
export function followsTarget(stage: ResolvedStage): boolean {
  const texts = stage.instructions.map(({instruction}) => instruction.text)
  return [...texts, ...scriptsOf(stage)].some(text => TARGET_NAMES.test(text))
}

function scriptsOf(stage: ResolvedStage): readonly string[] {
  return stage.instructions.flatMap(({instruction}) => (instruction.kind === 'run' ? [scriptOf(instruction).text] : []))
}
