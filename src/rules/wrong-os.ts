import type {GoBuildInfo} from '../binary/index.ts'
import type {Step} from '../exec/index.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import type {Level} from './finding.ts'
import type {Rule} from './rule.ts'
import {stepEvidence, whereOf} from './support/chain.ts'

/**
 * A program of this machine made for another operating system: it may even start,
 * and then dies in its first system call.
 */
export const wrongOs: Rule = {
  id: 'wrong-os',
  level: 'error',
  summary: 'A program in the startup chain is made for another operating system.',
  checkStep({step, steps, platform, name}) {
    const found = foreignOs(step, steps, platform)
    if (found === undefined) return undefined
    const {os, reason, level} = found
    return {
      ...defined({level}),
      message: `${whereOf(step)} is a program for ${os}, expected one for ${name}: ${reason}`,
      evidence: {...stepEvidence(step), os, reason},
      fix: `Build ${step.path} for linux (GOOS=linux, or the linux target of the toolchain).`,
    }
  },
}

interface Found {
  readonly os: string
  readonly reason: string
  readonly level?: Level
}

/**
 * What the header says first, then what Go recorded, then what the notes say of a
 * program that the kernel takes for its own.
 */
function foreignOs(step: Step, steps: readonly Step[], {programs}: PlatformFacts): Found | undefined {
  const {verdict, node} = step
  if (verdict?.fit === 'wrong-os') {
    const {os, reason} = verdict
    // An image that brings Android's own loader may well run its programs.
    const isServed = steps.some(
      ({role, from, obstacle}) => role === 'loader' && steps[from ?? -1] === step && !obstacle,
    )
    return {os, reason, ...(isServed ? {level: 'warning' as const} : {})}
  }
  if (verdict?.fit !== 'native' && verdict?.fit !== 'compat') return undefined
  const program = programs.find(({path}) => path === node?.path)
  const goos = goosOf(program?.go)
  if (goos !== undefined && goos !== 'linux' && goos !== 'android')
    return {os: goos, reason: `Go recorded GOOS=${goos}`}
  const noted = program?.noted
  // A static program of Android's toolchain runs on any Linux.
  return noted?.os === 'android' ? {...noted, level: 'warning'} : noted
}

function goosOf(go: GoBuildInfo | undefined): string | undefined {
  return go?.settings.get('GOOS')
}
