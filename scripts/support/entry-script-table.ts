import {readEntryScripts} from '../../__tests__/support/entry-scripts.ts'

const HEAD = ['how far the start scripts are followed', 'shapes', '']

/** How many shapes of start scripts are followed to their end, for docs/execve.md. */
export function entryScriptTable(): string {
  const shapes = readEntryScripts()
  const named = (wanted: string) =>
    shapes.filter(({follows = 'certain'}) => follows === wanted).map(({name}) => `\`${name}\``)
  const row = (what: string, names: readonly string[]) => [
    what,
    `${names.length} of ${shapes.length}`,
    names.join(', '),
  ]
  const rows = [
    HEAD,
    HEAD.map(() => '---'),
    row('to the end, for certain', named('certain')),
    row('to the end, as likely', named('likely')),
    row('not to the end: [undetermined](rules/undetermined.md)', named('undetermined')),
  ]
  return rows.map(cells => `| ${cells.join(' | ')} |`).join('\n')
}
