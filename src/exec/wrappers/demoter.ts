import type {Credentials} from '../credentials.ts'
import {type Caller, type Handover, lacksProgram, passOn, refuse} from './handover.ts'
import {parse} from './wrap.ts'
import {lastValue} from './wrapper.ts'

const GRAMMAR = {single: true, long: ['match=', 'debug', 'version', 'stdin-on-term=']} as const

/**
 * itzg/entrypoint-demoter: root becomes the ids that UID and GID say, or who owns the path of `--match`, without other
 * groups, and 0 where nothing is said. Its program it looks up as Go does.
 */
export function entrypointDemoter(caller: Caller): readonly Handover[] {
  const parsed = parse(GRAMMAR, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  if (options.some(([name, value]) => name === 'version' && value !== 'false')) return []
  const lacking = lacksProgram(caller, words)
  if (lacking) return lacking
  const {process} = caller
  const ids = ['UID', 'GID'].map(name => process.env.get(name) ?? '')
  const odd = ids.find(text => text !== '' && !/^[+-]?\d+$/.test(text))
  if (odd !== undefined) return refuse(caller, `UID and GID are numbers, and not ${JSON.stringify(odd)}`)
  const [uid, gid] = ids.map(Number)
  const isMatched = lastValue(options, ['match']) !== undefined && ids.includes('')
  // Who owns a path that is mounted only the run knows: nothing is said of what he may execute.
  const isChanged = process.user.uid === 0 && !isMatched && (uid !== 0 || gid !== 0)
  const user: Credentials = isChanged ? {uid: uid ?? 0, gid: gid ?? 0, groups: [], home: undefined} : process.user
  return passOn({...caller, process: {...process, user}}, words, {search: 'go', runsText: false})
}
