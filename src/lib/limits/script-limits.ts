import {KIB, type LimitTable, MIB} from './limit.ts'

/**
 * On what following the start of a container may cost. All are on what the image says, so that the same image has the
 * same answer everywhere; none is on time, but `script-work` grows as time does.
 */
export const SCRIPT_LIMITS = {
  'script-commands': {
    bounds: 'commands that shells run, in all scripts together',
    unit: 'count',
    most: 10_000,
    raisable: true,
    over: 'undetermined',
  },
  // Our own stack.
  'script-nesting': {
    bounds: 'commands within each other, by functions and by grammar',
    unit: 'count',
    most: 60,
    raisable: false,
    over: 'undetermined',
  },
  'script-bytes': {
    bounds: 'bytes of one script',
    unit: 'bytes',
    most: MIB,
    raisable: true,
    over: 'undetermined',
  },
  'script-text': {
    bounds: 'characters of shell text, in all scripts, `eval`s and here-documents together',
    unit: 'count',
    most: 4 * MIB,
    raisable: true,
    over: 'undetermined',
  },
  'script-value': {
    bounds: 'characters of one value, of what one command prints, or of a file that a script writes',
    unit: 'count',
    most: 256 * KIB,
    raisable: true,
    over: 'undetermined',
  },
  'script-values': {
    bounds: 'characters of all values that expansions make',
    unit: 'count',
    most: 16 * MIB,
    raisable: true,
    over: 'undetermined',
  },
  // Our own stack, again.
  'script-words': {
    bounds: 'words of one command, of one expansion, of `set --`',
    unit: 'count',
    most: 4000,
    raisable: false,
    over: 'undetermined',
  },
  'script-files': {
    bounds: 'files that scripts have changed',
    unit: 'count',
    most: 2000,
    raisable: true,
    over: 'undetermined',
  },
  'script-doubts': {
    bounds: 'places of which it is not known what became of them',
    unit: 'count',
    most: 500,
    raisable: true,
    over: 'undetermined',
  },
  'script-work': {
    bounds: 'steps of work: characters that are compared, entries that are copied',
    unit: 'count',
    most: 50_000_000,
    raisable: true,
    over: 'undetermined',
  },
  'script-rounds': {
    bounds: 'rounds of one loop; one that takes more is followed like a loop of unknown length',
    unit: 'count',
    most: 64,
    raisable: false,
    over: 'undetermined',
  },
  'script-services': {
    bounds: 'services that one supervisor knows of',
    unit: 'count',
    most: 1000,
    raisable: false,
    over: 'undetermined',
  },
  // No image has more.
  'start-depth': {
    bounds: 'programs that hand over to each other',
    unit: 'count',
    most: 24,
    raisable: false,
    over: 'undetermined',
  },
  'start-files': {
    bounds: 'files of one command line that are looked at',
    unit: 'count',
    most: 200,
    raisable: true,
    over: 'undetermined',
  },
  // Each is compared with all before it.
  'start-steps': {
    bounds: 'programs, interpreters, loaders and libraries of one command line, each as often as it is started',
    unit: 'count',
    most: 2000,
    raisable: false,
    over: 'undetermined',
  },
  'script-read-bytes': {
    bounds: 'bytes of a file whose text a script reads',
    unit: 'bytes',
    most: 64 * KIB,
    raisable: false,
    over: 'undetermined',
  },
} as const satisfies LimitTable
