import {defined} from '../lib/defined.ts'
import type {Finding} from '../rules/finding.ts'
import type {Report, ReportStep} from './report.ts'
import {claimedMachine, gravestOf, type Row} from './rows.ts'

/** The steps that lead to the file of a finding, itself the last; empty where it is not in the startup chain. */
export function stepsTo(report: Report, finding: Finding): readonly ReportStep[] {
  if (finding.path === undefined) return []
  const platform = report.images
    .find(image => image.reference === finding.image)
    ?.platforms.find(({platform}) => platform === finding.platform)
  const steps = platform?.program.steps ?? []
  const end = steps.findIndex(({path, resolved}) => path === finding.path || resolved === finding.path)
  return steps.slice(0, end + 1)
}

/**
 * What to show of a platform: the step that is wrong, else the last, which is the program that all others lead to. Of a
 * mismatch also the rule that says what is wrong, unless it is the machine of that step, which shows it.
 */
export function tellingProblem(row: Row): {readonly step?: ReportStep; readonly rule?: string} {
  const {name, platform, findings} = row
  const steps = platform?.program.steps ?? []
  const gravest = platform?.verdict === 'mismatch' ? gravestOf(row) : undefined
  const wrong = [...(gravest ? [gravest] : []), ...findings.filter(({level}) => level !== 'note')]
  const step =
    wrong.flatMap(
      ({path}) => steps.find(one => path !== undefined && (one.path === path || one.resolved === path)) ?? [],
    )[0] ??
    steps.findLast(({machine}) => machine !== undefined) ??
    steps.at(-1)
  const isShown = gravest?.rule === 'wrong-machine' && step?.machine !== claimedMachine(name)
  return {...defined({step}), ...(gravest === undefined || isShown ? {} : {rule: gravest.rule})}
}

/** `x86-64`, or else the kind of file. */
export function natureOf(step: ReportStep): string {
  return step.machine || step.kind || 'no file'
}

/** Of a longer chain the beginning and the end are shown. */
const SHOWN_AT_START = 2
const SHOWN_AT_END = 8

/** The steps one after the other, with an arrow between them. */
export function formatChain(
  steps: readonly ReportStep[],
  formatStep: (step: ReportStep) => string,
  arrow: string,
): string {
  const isLong = steps.length > SHOWN_AT_START + SHOWN_AT_END + 1
  const shown = isLong
    ? [
        ...steps.slice(0, SHOWN_AT_START).map(formatStep),
        `… (${steps.length - SHOWN_AT_START - SHOWN_AT_END} more)`,
        ...steps.slice(-SHOWN_AT_END).map(formatStep),
      ]
    : steps.map(formatStep)
  return shown.join(arrow)
}

/** The layer that brought a file, as steps and causes tell of it. */
export interface FileLayer {
  /** From the bottom. */
  readonly index: number
  readonly digest: string
  readonly createdBy?: string | undefined
}
