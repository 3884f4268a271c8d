import type {MemoryEntry} from '../../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../../kernel/random.ts'
import {standIn} from '../../start-scripts/stand-in.ts'
import type {ServiceCase} from '../service-module.ts'
import {makeSupervisionCase} from './generate.ts'

/** What of runit is waited for, by the labels of stand-ins. */
export const STAGE = /^stage \d$/

const script = (line: string, mode = 0o755) => ({content: `#!/bin/sh\n${line}\n`, mode})

/** The stages of runit, which may have it scan a directory of services. */
export function makeStagesCase(random: Random): ServiceCase {
  const {files} = makeSupervisionCase(random, 'runit')
  const stages: Record<string, MemoryEntry> = {}
  for (const number of [1, 2, 3]) {
    const entry = makeStage(random, number)
    if (entry !== undefined) stages[`/etc/runit/${number}`] = entry
  }
  const name = random.pick(['/sbin/runit-init', '/sbin/init', '/sbin/runit'])
  return {argv: [name, ...(random.oneIn(6) ? ['single'] : [])], files: {...files, ...stages}}
}

function makeStage(random: Random, number: number): MemoryEntry | undefined {
  const program = (more: object = {}) => ({content: standIn(`stage ${number}`, more), mode: 0o755})
  const scan = script('exec env - PATH=$PATH runsvdir -P /srv/service')
  if (number === 2 && random.oneIn(2)) return scan
  return random.pick<() => MemoryEntry | undefined>([
    ...[() => program(), () => program(), () => program({foreign: true}), () => ({...program(), mode: 0o644})],
    ...[() => undefined, () => script(`exec app of ${number} "$#"`), () => script('exec /opt/bin/none')],
    ...[() => ({content: 'exec app\n', mode: 0o755}), () => ({content: '#!/bin/none\n', mode: 0o755})],
    ...[() => script('exec ./app'), () => script('exec app "$A" "$HOME"'), () => script('exit 100')],
  ])()
}
