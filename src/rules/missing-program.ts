import type {Obstacle, Step} from '../exec/startup.ts'
import {stepEvidence} from './chain.ts'
import type {Evidence} from './finding.ts'
import {platformsOf, type Rule} from './rule.ts'

/** What is to be started is not in the image. */
export const missingProgram: Rule = {
  id: 'missing-program',
  level: 'error',
  summary: 'What is to be started is not in the image.',
  *check(facts) {
    for (const {platform, at} of platformsOf(facts)) {
      for (const step of platform.startup.steps) {
        const message = messageOf(step)
        if (message === undefined) continue
        yield {...at, path: step.path, message, evidence: evidenceOf(step)}
      }
    }
  },
}

function messageOf({path, via, obstacle}: Step): string | undefined {
  if (obstacle?.kind === 'not-in-path') {
    const searched = obstacle.searched.length === 0 ? 'PATH is empty' : `PATH is ${obstacle.searched.join(':')}`
    return `${path} (${via}) is in no directory of PATH: ${searched}`
  }
  if (obstacle?.kind !== 'missing') return undefined
  return `${path} (${via}) is not in the image: ${reasonOf(path, obstacle)}`
}

function reasonOf(path: string, {errno, at}: Extract<Obstacle, {kind: 'missing'}>): string {
  switch (errno) {
    case 'ENOENT':
      return at === path ? 'there is no such file' : `there is no ${at}`
    case 'ENOTDIR':
      return `${at} is no directory`
    case 'ELOOP':
      return `too many symbolic links at ${at}`
    case 'ENAMETOOLONG':
      return `the name is too long at ${at}`
  }
}

function evidenceOf(step: Step): Evidence {
  const {obstacle} = step
  if (obstacle?.kind === 'not-in-path')
    return {...stepEvidence(step), errno: obstacle.errno, searched: obstacle.searched}
  if (obstacle?.kind === 'missing') return {...stepEvidence(step), errno: obstacle.errno, at: obstacle.at}
  return stepEvidence(step)
}
