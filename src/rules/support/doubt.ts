import type {Step} from '../../exec/index.ts'
import type {Doubtful} from '../../image/rootfs.ts'

/** Why what a finding says of a file may not hold in a running container. */
export interface Doubt {
  /** For the evidence: `npm in /entrypoint.sh`, `the volume /data`. */
  readonly by: string
  /** The end of the message: `the volume /data may contain it`. */
  readonly clause: string
}

/** The doubt of a step in words: by what it may be otherwise, and how; undefined where it is certain. */
export function doubtOf({maybe, obstacle}: Pick<Step, 'maybe' | 'obstacle'>): Doubt | undefined {
  return maybe && {by: maybe.by.name, clause: clauseOf(maybe, obstacle)}
}

function clauseOf({by: {kind, name}, grade}: Doubtful, obstacle: Step['obstacle']): string {
  const isAbsent = obstacle !== undefined && ABSENCES.has(obstacle.kind)
  const isUser = obstacle?.kind === 'no-such-user'
  switch (kind) {
    case 'command':
      if (isUser) return `${name} may add the user`
      if (grade === 'removed') return `${name} may remove it`
      if (grade === 'mode') return `${name} may change its permissions`
      if (isAbsent) return `${name} may make it`
      return grade === 'replaced' ? `${name} may replace it` : `${name} may put another before it in PATH`
    case 'volume':
      return isUser ? `${name} may contain other users` : `${name} may contain ${isAbsent ? 'it' : 'another'}`
    case 'mount':
      return `${name} may contain ${isAbsent ? 'it' : 'another'}`
    case 'directory':
      return `${name} may lead to another directory`
    case 'engine':
      return `${name} may add it when the container starts`
  }
}

/** What fails because something is not there. */
const ABSENCES: ReadonlySet<NonNullable<Step['obstacle']>['kind']> = new Set([
  'missing',
  'not-in-path',
  'missing-library',
  'no-such-user',
])
