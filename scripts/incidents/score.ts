import {type Answer, MANIFEST_TOOLS, type ToolName, type ToolResult} from './compare/tools.ts'
import type {CaseResult} from './results.ts'
import type {Verdict} from './run.ts'

/**
 * What a tool has to say of one case. `caught`: it stops the broken image and lets the mended one pass, so that it was
 * the fault that stopped it. `both`: it stops the two alike, and so tells nothing of the fault.
 */
export type Mark = 'caught' | 'warning' | 'missed' | 'both' | 'could-not-look'

/** What stands for one column: a mark for each case, and whether a good image is stopped. */
export interface Contestant {
  readonly name: string
  mark(result: CaseResult): Mark
  /** What it does with the image mended, or with a control. */
  good(result: CaseResult): 'passed' | 'warned' | 'stopped' | 'could-not-look'
}

/** One contestant over all cases. */
export interface Score {
  readonly name: string
  /** Incidents that are caught in every way in which they are told, warnings included. */
  readonly caught: number
  /** Of these: by warnings alone. */
  readonly warned: number
  readonly couldNotLook: number
  readonly goodStopped: number
  readonly goodWarned: number
}

/** This project in one scope. */
export function ours(name: string, scope: keyof CaseResult['ours']): Contestant {
  return {
    name,
    mark: result => markOfOurs(result.ours[scope]),
    good: result => result.ours[scope].repaired,
  }
}

/** One tool; `strict`: what it cannot judge stops it as well. */
export function tool(name: string, id: ToolName, strict = true): Contestant {
  return {
    name,
    mark: result => markOfTool(result.tools[id], strict),
    good: result => goodOf(result.tools[id].repaired, strict),
  }
}

/** All manifest tools together: caught by one of them is caught. */
export function manifestTools(name: string): Contestant {
  return {
    name,
    mark: ({tools}) => {
      const marks = MANIFEST_TOOLS.map(id => markOfTool(tools[id], true))
      return (['caught', 'both', 'could-not-look'] as const).find(mark => marks.includes(mark)) ?? 'missed'
    },
    good: ({tools}) =>
      MANIFEST_TOOLS.some(id => goodOf(tools[id].repaired, true) === 'stopped') ? 'stopped' : 'passed',
  }
}

/** Counts. `results`: all cases, controls included; a control counts as a good image only. */
export function scoreOf({name, mark, good}: Contestant, results: readonly CaseResult[]): Score {
  const incidents = Map.groupBy(
    results.filter(({kind}) => kind === 'incident'),
    ({id}) => id,
  )
  const marks = [...incidents.values()].map(ways => ways.map(mark))
  const caught = marks.filter(ways => ways.every(isCaught))
  return {
    name,
    caught: caught.length,
    warned: caught.filter(ways => ways.every(one => one === 'warning')).length,
    couldNotLook: marks.filter(ways => ways.some(one => one === 'could-not-look')).length,
    goodStopped: results.filter(result => good(result) === 'stopped').length,
    goodWarned: results.filter(result => good(result) === 'warned').length,
  }
}

function isCaught(mark: Mark): boolean {
  return mark === 'caught' || mark === 'warning'
}

function markOfOurs({level, repaired}: Verdict): Mark {
  if (level === 'none') return 'missed'
  if (repaired === 'stopped') return 'both'
  return level === 'error' ? 'caught' : 'warning'
}

function markOfTool({broken, repaired}: ToolResult, strict: boolean): Mark {
  if (broken === 'could-not-look' || repaired === 'could-not-look') return 'could-not-look'
  if (!stops(broken, strict)) return 'missed'
  return stops(repaired, strict) ? 'both' : 'caught'
}

function goodOf(answer: Answer, strict: boolean): 'passed' | 'stopped' | 'could-not-look' {
  if (answer === 'could-not-look') return 'could-not-look'
  return stops(answer, strict) ? 'stopped' : 'passed'
}

function stops(answer: Answer, strict: boolean): boolean {
  return answer === 'stopped' || (strict && answer === 'unclear')
}
