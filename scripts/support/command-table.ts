import {COMMAND_EFFECTS, type CommandEffect} from '../../src/exec/world/commands/index.ts'

/** The commands of src/exec/world/commands/index.ts as docs/execve.md shows them. */
export function commandTable(): string {
  const rows = COMMAND_EFFECTS.map(({names, effect}) => `| ${listOf(names)} | ${effect} |`)
  return ['| command | what becomes of the files |', '| --- | --- |', ...rows].join('\n')
}

function listOf(names: CommandEffect['names']): string {
  return names.map(name => `\`${name}\``).join(', ')
}
