import {describeProgram, type Verdict} from '../binary/index.ts'
import type {Step} from '../exec/index.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import type {Rule} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'
import {architectureOf, onlyArchitecture} from './support/only-machine.ts'
import {graver, standingLevel} from './support/standing.ts'

/** A file in the startup chain is a program of another machine, class or byte order. */
export const wrongMachine: Rule = {
  id: 'wrong-machine',
  level: 'error',
  summary: 'A file in the startup chain is for another machine, class or byte order.',
  checkStep({step, platform, name, level = 'error'}) {
    const {verdict} = step
    if (verdict?.fit !== 'foreign' && verdict?.fit !== 'compat') return undefined
    // A program that most kernels of the platform run all the same, or one that may not be reached, is a warning.
    const reached = verdict.fit === 'compat' && verdict.level === 'warning' ? verdict.level : level
    return {
      level: graver(standingLevel(platform, step), reached),
      message: messageOf(step, verdict, platform, name),
      evidence: {...stepEvidence(step), expected: verdict.expected, actual: verdict.actual},
      fix: fixOf(step, verdict, platform, name),
    }
  },
}

/** Where every program is of the other machine, the name of the platform is as likely to be wrong. */
function fixOf(
  {path}: Step,
  verdict: Extract<Verdict, {fit: 'foreign' | 'compat'}>,
  platform: PlatformFacts,
  name: string,
): string {
  const build = `Build ${path} for ${name}, or copy the file that was built for it: ${ranBy(verdict)}.`
  const only = verdict.fit === 'foreign' && hasSeveralPrograms(platform) ? onlyArchitecture(platform) : undefined
  if (only === undefined || only !== architectureOf(verdict.actual)) return build
  const where = platform.entry.claimedBy === 'index' ? 'the index and the config' : 'the config'
  return `Every program of the image is ${verdict.actual}. If it is meant for linux/${only}, ${where} must say so: build with --platform linux/${only}. Else base all stages on ${name} images.`
}

/** Of one program alone nothing follows: it may be the one file that was copied. */
function hasSeveralPrograms({scan, startup}: PlatformFacts): boolean {
  const count = scan?.machines.reduce((sum, {count}) => sum + count, 0)
  return (count ?? startup.steps.filter(({identity}) => identity?.kind === 'elf').length) > 1
}

/** Where such a program runs all the same. */
function ranBy({fit, actual}: Extract<Verdict, {fit: 'foreign' | 'compat'}>): string {
  return fit === 'compat'
    ? `some kernels of the platform do not run ${actual} programs`
    : `${actual} programs run there only under emulation`
}

function messageOf(
  step: Step,
  verdict: Extract<Verdict, {fit: 'foreign' | 'compat'}>,
  facts: PlatformFacts,
  platform: string,
): string {
  const reason = verdict.reason === undefined ? '' : `: ${verdict.reason}`
  return `${whereOf(step)} is ${actualOf(step, verdict.actual, facts)}, expected ${verdict.expected} (${platform})${reason}`
}

/** With what Go recorded, where the verdict is about the machine that the file itself names. */
function actualOf({identity, node}: Step, actual: string, {programs}: PlatformFacts): string {
  if (identity?.kind !== 'elf' || identity.machine !== actual) return actual
  return describeProgram(identity, programs.find(({path}) => path === node?.path)?.go)
}
