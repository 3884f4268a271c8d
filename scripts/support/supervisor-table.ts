import {ALL_SUPERVISORS} from '../../src/exec/services/index.ts'

/** The inits and supervisors of src/exec/services as docs/execve.md shows them. */
export function supervisorTable(): string {
  const rows = ALL_SUPERVISORS.map(
    ({names, reads, starts}) => `| ${names.map(name => `\`${name}\``).join(', ')} | ${reads} | ${starts} |`,
  )
  return ['| program | what it reads | what it starts |', '| --- | --- | --- |', ...rows].join('\n')
}
