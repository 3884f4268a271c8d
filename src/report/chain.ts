import type {Finding} from '../rules/finding.ts'
import {imageNamed} from './by-image.ts'
import {natureOfKind} from './nature.ts'
import type {Report, ReportStep} from './report.ts'
import type {Row} from './rows.ts'

/** The steps that lead to the file of a finding, itself the last; empty where it is not in the startup chain. */
export function stepsTo(report: Report, finding: Finding): readonly ReportStep[] {
  if (finding.path === undefined) return []
  const {platforms = []} = imageNamed(report, finding.image) ?? {}
  const platform = platforms.find(({platform}) => platform === finding.platform)
  const steps = platform?.program.steps ?? []
  const end = steps.findIndex(({path, resolved}) => path === finding.path || resolved === finding.path)
  return steps.slice(0, end + 1)
}

/** The step that a finding is on; undefined where it is on no step of what starts. */
export function stepOf({platform}: Row, {path}: Finding): ReportStep | undefined {
  return platform?.program.steps.find(one => path !== undefined && (one.path === path || one.resolved === path))
}

/** The program that all other steps lead to. */
export function programOf({platform}: Row): ReportStep | undefined {
  const steps = platform?.program.steps ?? []
  return steps.findLast(({machine}) => machine !== undefined) ?? steps.at(-1)
}

/** `x86-64` of an ELF file, or else the kind of file. */
export function natureOf({machine, kind}: ReportStep): string {
  if (machine && (kind === undefined || kind === 'elf')) return machine
  return kind ? natureOfKind(kind) : machine || 'no file'
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

/** The layer that brought a file, as steps and causes show it. */
export interface FileLayer {
  /** From the bottom. */
  readonly index: number
  readonly digest: string
  readonly createdBy?: string | undefined
}
