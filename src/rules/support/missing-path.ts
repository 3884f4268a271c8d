import type {Obstacle, Step} from '../../exec/index.ts'
import type {Evidence} from '../finding.ts'
import {stepEvidence} from './chain.ts'

type NotThere = Extract<Obstacle, {kind: 'missing' | 'not-in-path'}>

/** The obstacle of a step whose file is not in the image. */
export function notThere({obstacle}: Step): NotThere | undefined {
  return obstacle?.kind === 'missing' || obstacle?.kind === 'not-in-path' ? obstacle : undefined
}

/** Why a path leads nowhere, as the end of a sentence that names it. */
export function reasonNotThere(path: string, obstacle: NotThere): string {
  if (obstacle.kind === 'not-in-path') {
    const {searched, passed, files = []} = obstacle
    const over = files.map(file => `; ${file} is a file, not a directory`).join('')
    const seen = passed.map(file => `; ${file.path} does not count: ${file.reason.replaceAll('-', ' ')}`).join('')
    return searched.length === 0
      ? `is in no directory of PATH: PATH is empty${seen}`
      : `is in no directory of PATH: PATH is ${searched.join(':')}${over}${seen}`
  }
  const {at, removedBy} = obstacle
  if (removedBy) return `is not there any more: ${removedBy.name} removes ${at === path ? 'it' : at}`
  return `is not in the image: ${reasonMissing(path, obstacle)}`
}

/** What mends it where a script has removed the file; undefined where none has. */
export function keepInPlace(obstacle: NotThere): string | undefined {
  const {removedBy, at} = obstacle.kind === 'missing' ? obstacle : {}
  return removedBy && `Keep ${at} until it has started: ${removedBy.name} removes it before.`
}

/** What a finding about such a step says. */
export function evidenceNotThere(step: Step, obstacle: NotThere): Evidence {
  return obstacle.kind === 'not-in-path'
    ? {...stepEvidence(step), errno: obstacle.errno, searched: obstacle.searched}
    : {...stepEvidence(step), errno: obstacle.errno, at: obstacle.at}
}

function reasonMissing(path: string, {errno, at}: Extract<Obstacle, {kind: 'missing'}>): string {
  switch (errno) {
    case 'ENOENT':
      return at === path ? 'there is no such file' : `there is no ${at}`
    case 'ENOTDIR':
      return `${at} is a file, not a directory`
    case 'ELOOP':
      return `too many symbolic links at ${at}`
    case 'ENAMETOOLONG':
      return `the name is too long at ${at}`
  }
}
