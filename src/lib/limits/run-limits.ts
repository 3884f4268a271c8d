import {KIB, type LimitTable, MIB} from './limit.ts'

/** On Dockerfiles, and on what registries and helpers answer beside the image. */
export const RUN_LIMITS = {
  'dockerfile-bytes': {
    bounds: 'bytes of a Dockerfile',
    unit: 'bytes',
    most: MIB,
    raisable: false,
    over: 'exit-3',
  },
  // Deeper than any hand writes it.
  'dockerfile-nesting': {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a Dockerfile has it
    bounds: 'expansions within each other in a Dockerfile: `${A:-${B:-…}}`',
    unit: 'count',
    most: 64,
    raisable: false,
    over: 'undetermined',
  },
  // Stages are walked from one to the next; a generated Dockerfile has tens.
  'dockerfile-stages': {
    bounds: 'stages of a Dockerfile',
    unit: 'count',
    most: 1000,
    raisable: false,
    over: 'undetermined',
  },
  // A file of a MiB has fewer without ONBUILD, which a thousand stages may repeat.
  'dockerfile-steps': {
    bounds: 'instructions of all stages of a Dockerfile, those that `ONBUILD` adds each time',
    unit: 'count',
    most: 200_000,
    raisable: false,
    over: 'undetermined',
  },
  // No variable of a process is longer: Linux, MAX_ARG_STRLEN.
  'dockerfile-value': {
    bounds: 'characters that the variables in one word of a Dockerfile make',
    unit: 'count',
    most: 128 * KIB,
    raisable: false,
    over: 'undetermined',
  },
  'token-bytes': {
    bounds: 'bytes that a token server answers',
    unit: 'bytes',
    most: 128 * KIB,
    raisable: false,
    over: 'exit-3',
  },
  'credential-bytes': {
    bounds: 'bytes that a credential helper prints',
    unit: 'bytes',
    most: MIB,
    raisable: false,
    over: 'exit-3',
  },
  'idle-time': {
    bounds: 'time in which nothing, or next to nothing, comes from a server',
    unit: 'milliseconds',
    most: 30_000,
    raisable: false,
    over: 'exit-3',
  },
} as const satisfies LimitTable
