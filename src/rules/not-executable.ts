import type {Obstacle, Step} from '../exec/startup.ts'
import {stepEvidence} from './chain.ts'
import {platformsOf, type Rule} from './rule.ts'

/** No execute permission, or a directory. */
export const notExecutable: Rule = {
  id: 'not-executable',
  level: 'error',
  summary: 'The program has no execute permission, or is a directory.',
  *check(facts) {
    for (const {platform, at} of platformsOf(facts)) {
      for (const step of platform.startup.steps) {
        if (step.obstacle?.kind !== 'not-executable') continue
        yield {
          ...at,
          path: step.path,
          message: `${step.path} (${step.via}) ${reasonOf(step, step.obstacle, platform.config?.user ?? '')}`,
          evidence: {
            ...stepEvidence(step),
            errno: step.obstacle.errno,
            reason: step.obstacle.reason,
            at: step.obstacle.at,
            mode: step.node ? octal(step.node.mode) : null,
            user: platform.config?.user ?? '',
          },
          ...fixOf(step, step.obstacle),
        }
      }
    }
  },
}

function reasonOf(step: Step, {reason, at}: Extract<Obstacle, {kind: 'not-executable'}>, user: string): string {
  const who = user === '' ? 'root' : `user ${user}`
  switch (reason) {
    case 'directory':
      return 'is a directory'
    case 'special-file':
      return `is a ${step.node?.kind ?? 'special file'}`
    case 'no-search-permission':
      return `cannot be reached by ${who}: ${at} has no search permission`
    case 'no-execute-permission':
      return `has no execute permission for ${who}${step.node ? ` (mode ${octal(step.node.mode)})` : ''}`
  }
}

function fixOf({path}: Step, {reason}: Extract<Obstacle, {kind: 'not-executable'}>): {readonly fix?: string} {
  return reason === 'no-execute-permission'
    ? {fix: `COPY --chmod=0755 … ${path}, or chmod +x it before it is copied.`}
    : {}
}

function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`
}
