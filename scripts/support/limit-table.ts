import {SCRIPT_LIMITS} from '../../src/lib/limits/script-limits.ts'

/** What following the start of a container may cost, as docs/execve.md shows it. */
export function limitTable(): string {
  const rows = Object.entries(SCRIPT_LIMITS).map(([name, {bounds, most}]) => {
    return `| \`${name}\` | ${bounds} | ${most.toLocaleString('en-US')} |`
  })
  return ['| limit | on | at most |', '| --- | --- | --: |', ...rows].join('\n')
}
