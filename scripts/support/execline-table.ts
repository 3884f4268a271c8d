import {EXECLINE_PROGRAMS} from '../../src/exec/execline/programs.ts'

/** The programs of src/exec/execline/programs.ts as docs/execve.md shows them. */
export function execlineTable(): string {
  const rows = EXECLINE_PROGRAMS.map(({names, does}) => `| ${names.map(name => `\`${name}\``).join(', ')} | ${does} |`)
  return ['| program | what it does |', '| --- | --- |', ...rows].join('\n')
}
