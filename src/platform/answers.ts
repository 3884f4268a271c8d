import type {ToolAnswers} from './architectures/architecture.ts'
import {findArchitecture} from './architectures/index.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/** What `uname -m` and the package managers answer on a platform; undefined where the table has no Linux port of it. */
export function toolAnswers(platform: Platform): ToolAnswers | undefined {
  const {os, architecture, variant} = normalisePlatform(platform)
  const answers = os === 'linux' ? findArchitecture(architecture)?.answers : undefined
  if (answers === undefined) return undefined
  return Object.hasOwn(answers, variant) ? answers[variant] : answers['']
}
