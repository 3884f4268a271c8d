/** One benchmark of a whole run, with its options. */
export interface Planned {
  readonly bench: string
  readonly args: readonly string[]
  /** With `--quick`. */
  readonly quickArgs: readonly string[]
  /** It is run where `--only` names it: all others together take less than 20 minutes. */
  readonly isApart?: true
}

const TINY = ['--size', '20000000']

/** What `npm run bench` runs, in this order: with fewer rounds than a benchmark that is run by itself. */
export const PLAN: readonly Planned[] = [
  {bench: 'start', args: ['--rounds', '20'], quickArgs: ['--rounds', '1']},
  {bench: 'identify', args: ['--rounds', '7'], quickArgs: ['--rounds', '1', '--files', '30']},
  {bench: 'sources', args: ['--short', '--rounds', '2'], quickArgs: ['--short', '--rounds', '1', ...TINY]},
  {bench: 'held', args: ['--rounds', '5'], quickArgs: ['--rounds', '1']},
  {bench: 'known-base', args: ['--rounds', '3'], quickArgs: ['--rounds', '1', ...TINY]},
  {bench: 'scan', args: ['--only', 'image', '--rounds', '1'], quickArgs: ['--only', 'image', '--rounds', '1', ...TINY]},
  {bench: 'growth', args: ['--full', '--rounds', '2'], quickArgs: ['--quick', '--rounds', '1']},
  {bench: 'layouts', args: ['--rounds', '3'], quickArgs: ['--images', '20', '--rounds', '1']},
  {bench: 'fleet', args: ['--images', '300', '--rounds', '1'], quickArgs: ['--images', '20', '--rounds', '1']},
  {bench: 'tests', args: [], quickArgs: ['--only', 'platform'], isApart: true},
]
