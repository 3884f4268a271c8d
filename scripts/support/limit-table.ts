import {LIMITS, MAX_ROUNDS} from '../../src/exec/budget.ts'
import {MAX_DEPTH, MAX_STEPS} from '../../src/exec/follow/follow.ts'

/** The limits of src/exec/budget.ts and src/exec/follow/follow.ts as docs/execve.md shows them. */
export function limitTable(): string {
  const rows = [
    ...Object.values(LIMITS).map(({most, unit}) => [unit, most] as const),
    ['rounds of one loop', MAX_ROUNDS] as const,
    ['programs that hand over to each other', MAX_DEPTH] as const,
    ['files of one command line that are looked at', MAX_STEPS] as const,
  ]
  return ['| limit on | at most |', '| --- | --: |', ...rows.map(([of, most]) => `| ${of} | ${format(most)} |`)].join(
    '\n',
  )
}

function format(count: number): string {
  return count.toLocaleString('en-US')
}
