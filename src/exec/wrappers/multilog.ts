import {type Caller, type Handover, passOn} from './handover.ts'

/**
 * multilog(8) of daemontools: an action `!TEXT` is a processor, which /bin/sh runs over a log file once that is full.
 * It starts nothing else.
 */
export function multilog(caller: Caller): readonly Handover[] {
  return caller.process.argv
    .slice(1)
    .filter(action => action.length > 1 && action.startsWith('!'))
    .flatMap(action =>
      passOn(caller, ['sh', '-c', action.slice(1)], {certainty: 'likely', isFollowed: true, tolerated: true}),
    )
}
