import {BENIGN} from '../../src/scan/index.ts'

/** The table of src/scan/benign.ts as docs/scan.md shows it. */
export function benignTable(): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|')
  const rows = BENIGN.map(
    ({id, says, where, source}) =>
      `| \`${id}\` | ${cell(says)} | ${where === 'anywhere' ? 'everywhere' : 'not in the directories of PATH and the loader'} | ${cell(source)} |`,
  )
  return ['| reason | the file is | holds | learnt from |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
