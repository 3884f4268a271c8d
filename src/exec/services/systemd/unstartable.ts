import {type LoadedUnits, requiredBy, type StartedUnit} from './load-units.ts'

/**
 * Why a unit is not started, with all that it would bring: it, or one that it requires, cannot be loaded or is masked.
 * Undefined where it can be, or may be: of one that has no file systemd may make it, as of a mount. systemd
 * src/core/transaction.c, transaction_add_job_and_dependencies.
 */
export function findHindrance(
  {units, named, masked}: LoadedUnits,
  problemOf: (unit: StartedUnit) => string | undefined,
): (name: string) => string | undefined {
  const byName = new Map(units.map(unit => [unit.name, unit]))
  const asked = new Set<string>()
  const find = (name: string): string | undefined => {
    const own = named.get(name)
    const unit = own === undefined ? undefined : byName.get(own)
    if (masked.has(name)) return `${name} is masked`
    if (!unit || asked.has(unit.name) || !unit.isSure) return undefined
    asked.add(unit.name)
    const problem = unit.name.endsWith('.service') ? problemOf(unit) : undefined
    if (problem !== undefined) return `it does not load ${unit.name}: ${problem}`
    for (const required of requiredBy(unit)) {
      const hindrance = find(required)
      if (hindrance !== undefined) return hindrance
    }
    return undefined
  }
  return name => {
    asked.clear()
    return find(name)
  }
}
