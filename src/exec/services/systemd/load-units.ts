import {LIMITS} from '../../../lib/limits.ts'
import type {Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import {findUnit, type Unit, type UnitIndex} from './find-unit.ts'
import {lastOf, namesOf, valuesOf} from './unit-file.ts'

/** A unit that is started, and how surely. */
export interface StartedUnit extends Unit {
  readonly certainty: 'certain' | 'likely'
  /** By which others have it: its own name, or an alias. */
  readonly names: readonly string[]
}

/** The units that the start of one brings with it. */
export interface LoadedUnits {
  readonly units: readonly StartedUnit[]
  /** The unit that a name stands for, where there is one. */
  readonly named: ReadonlyMap<string, string>
  /** The names of those that are masked. */
  readonly masked: ReadonlySet<string>
}

const DEPENDENCIES = ['Wants', 'Requires', 'BindsTo', 'Upholds'].map(name => `Unit.${name}`)

/** The most units that are looked at; no system has more. */
export const MAX_UNITS = LIMITS['start-files'].most * 4

/**
 * All units that the start of one brings with it: systemd.unit(5). What a socket, a timer or a path waits for is likely
 * started.
 */
export async function loadUnits(
  view: WorldView,
  index: UnitIndex,
  process: Process,
  first: string,
): Promise<LoadedUnits> {
  const named = new Map<string, string>()
  const masked = new Set<string>()
  const units = new Map<string, StartedUnit>()
  const queue: {readonly name: string; readonly certainty: 'certain' | 'likely'}[] = [
    {name: first, certainty: 'certain'},
  ]
  const seen = new Map<string, 'certain' | 'likely'>()
  for (let next = queue.shift(); next && seen.size <= MAX_UNITS; next = queue.shift()) {
    const {name, certainty} = next
    if (seen.get(name) === 'certain' || seen.get(name) === certainty) continue
    seen.set(name, certainty)
    const unit = await findUnit(view, index, process, name)
    if (unit === 'masked') masked.add(name)
    if (!unit || unit === 'masked') continue
    named.set(name, unit.name)
    const known = units.get(unit.name)
    const names = [...new Set([...(known?.names ?? []), name])]
    const isSurer = !known || known.certainty === 'likely'
    units.set(unit.name, isSurer ? {...unit, certainty, names} : {...known, names})
    for (const one of [...unit.wanted, ...namesOf(unit.settings, DEPENDENCIES), ...implied(unit)]) {
      queue.push({name: one, certainty})
    }
    for (const one of activated(unit)) queue.push({name: one, certainty: 'likely'})
  }
  return {units: [...units.values()].map(withRivals), named, masked}

  /** Of a unit and an alias of its template the one that is loaded first is both. */
  function withRivals(unit: StartedUnit): StartedUnit {
    const {standsFor, name} = unit
    const isAlone = [...units.values()].every(other => other.standsFor !== standsFor || other.name === name)
    return isAlone ? unit : {...unit, isSure: false}
  }
}

/** What a unit cannot be started without: where one of these is not loaded, its own job is refused. */
export function requiredBy({settings, required}: Unit): readonly string[] {
  return [...required, ...namesOf(settings, ['Unit.Requires', 'Unit.BindsTo'])]
}

/** systemd.special(7): every service wants the basics, unless it says otherwise. */
function implied({name, settings}: Unit): readonly string[] {
  const isService = /\.(service|socket|timer|path|mount)$/.test(name)
  return isService && lastOf(settings, 'Unit.DefaultDependencies') !== 'no' ? ['sysinit.target'] : []
}

/** What is started when somebody connects, a time comes or a file changes. */
function activated({name, settings}: Unit): readonly string[] {
  const kind = /\.(socket|timer|path)$/.exec(name)?.[1]
  if (kind === undefined) return []
  const setting = {socket: 'Socket.Service', timer: 'Timer.Unit', path: 'Path.Unit'}[kind] ?? ''
  const stem = name.slice(0, -kind.length - 1)
  const accepts = kind === 'socket' && /^(yes|true|on|1)$/i.test(lastOf(settings, 'Socket.Accept') ?? '')
  return [lastOf(settings, setting) ?? (accepts ? `${stem}@.service` : `${stem}.service`)]
}

/** Whether something decides, when it is to start, that it does not. */
export function isConditional({settings}: Unit): boolean {
  const names = new Set(settings.map(([name]) => name).filter(name => /^Unit\.(Condition|Assert)[A-Z]/.test(name)))
  return (
    [...names].some(name => valuesOf(settings, name).length > 0) ||
    valuesOf(settings, 'Service.ExecCondition').length > 0
  )
}
