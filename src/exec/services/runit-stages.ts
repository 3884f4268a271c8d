import {readText} from '../wrappers/shells.ts'
import {programStart} from './run-services.ts'
import type {Supervisor} from './supervisor.ts'

/** `runit`, as process 1: runit 2.1.2 runit.c. A stage that cannot be started counts as one that has ended. */
export const RUNIT: Supervisor = {
  names: ['runit'],
  reads: 'nothing itself',
  starts: '`/etc/runit/1`, which need not succeed, then `/etc/runit/2`, and at the end `/etc/runit/3`',
  async follow(runner, process) {
    const stage = (number: number) => ({...process, argv: [`/etc/runit/${number}`]})
    const name = (number: number) => `stage ${number} of runit`
    const first = await runner.run(
      programStart(stage(1), name(1), {
        search: 'path',
        isFollowed: true,
        isLast: false,
        service: {name: 'stage 1', of: 'runit'},
      }),
      runner.view.world,
    )
    // Where the first one ends with 100 there is no second one.
    const text = await readText(runner.view, process, '/etc/runit/1')
    const certainty = /\bexit\s+100\b/.test(text ?? '') ? 'likely' : 'certain'
    const second = await runner.run(programStart(stage(2), name(2), {search: 'path', certainty}), first.world)
    // It is there for the end, and nothing is lost where it is left out.
    const isThere = (await runner.view.place('/etc/runit/3')).node !== undefined
    const third = programStart(stage(3), name(3), {search: 'path', certainty: 'likely', tolerated: !isThere})
    await runner.run(third, second.world)
    return {...second, status: 'unknown'}
  },
}

/** Where builds of runit have it. */
const PATHS = ['/sbin/runit', '/usr/sbin/runit', '/usr/bin/runit', '/bin/runit']

/** `runit-init`, as process 1: it becomes `runit`, whose path is built in, and which takes no words. */
export const RUNIT_INIT: Supervisor = {
  names: ['runit-init'],
  reads: 'nothing itself',
  starts: '`/sbin/runit`',
  async follow(runner, process) {
    const [first = '/sbin/runit'] = PATHS
    let found = first
    for (const path of PATHS.toReversed()) if ((await runner.view.place(path)).node) found = path
    const start = programStart({...process, argv: [found]}, 'argument of runit-init', {search: 'path'})
    return runner.run(start, runner.view.world)
  },
}
