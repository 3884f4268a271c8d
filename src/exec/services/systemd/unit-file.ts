/** The settings of a unit, in their order: `Service.ExecStart` with each value. */
export type UnitFile = readonly (readonly [setting: string, value: string])[]

/**
 * The text of a unit or of a drop-in: systemd.syntax(7). A backslash at the end of a line continues it; comments may
 * stand between.
 */
export function parseUnit(text: string): UnitFile {
  const settings: (readonly [string, string])[] = []
  let section = ''
  let before = ''
  for (const line of text.split(/\r?\n/)) {
    const trimmed = line.trim()
    if (/^[#;]/.test(trimmed)) continue
    const whole = before + trimmed
    if (/(^|[^\\])(\\\\)*\\$/.test(trimmed)) {
      before = `${whole.slice(0, -1)} `
      continue
    }
    before = ''
    const header = /^\[(.*)\]$/.exec(whole)
    if (header) {
      section = header[1] ?? ''
      continue
    }
    const equals = whole.indexOf('=')
    if (equals > 0) settings.push([`${section}.${whole.slice(0, equals).trim()}`, whole.slice(equals + 1).trim()])
  }
  return settings
}

/** All values of a setting, those that an empty one takes back as well. */
export function everyValueOf(unit: UnitFile, setting: string): readonly string[] {
  return unit.filter(([name]) => name === setting).map(([, value]) => value)
}

/** All values of a setting behind the last that is empty, which takes back those before it. */
export function valuesOf(unit: UnitFile, setting: string): readonly string[] {
  const values = everyValueOf(unit, setting)
  return values.slice(values.lastIndexOf('') + 1)
}

/** The last value of a setting. */
export function lastOf(unit: UnitFile, setting: string): string | undefined {
  return unit.findLast(([name]) => name === setting)?.[1]
}

/** Units that are named by settings, which nothing takes back. */
export function namesOf(unit: UnitFile, settings: readonly string[]): readonly string[] {
  return unit.filter(([name]) => settings.includes(name)).flatMap(([, value]) => value.split(/\s+/).filter(Boolean))
}
