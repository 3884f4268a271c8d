/** An amount that a figure must not pass. */
export type Bound = {readonly atMost: number} | {readonly atLeast: number}

/** What is to be reached on one path. */
export interface Aim {
  /** What is measured, as a reader names it. */
  readonly path: string
  readonly bound: Bound
  /** Of both numbers: `×`, `ms`, `µs a file`; empty for an exponent. */
  readonly unit: string
}

const SHELL = 'docker create, docker cp and file in a shell step'
const HTTP = 'the same bytes fetched over HTTP and unpacked by node'

/** All aims, in the order of the table. */
export const AIMS = {
  'registry-entrypoint-shell': {
    path: `registry, \`entrypoint\`, both platforms: faster than ${SHELL}`,
    bound: {atLeast: 120},
    unit: '×',
  },
  'registry-entrypoint-crane': {
    path: 'registry, `entrypoint`, both platforms: faster than crane export, tar and file',
    bound: {atLeast: 60},
    unit: '×',
  },
  'registry-entrypoint-requests': {
    path: 'registry, `entrypoint`: requests a platform',
    bound: {atMost: 5},
    unit: '',
  },
  'registry-essential-time': {
    path: `registry, \`essential\`, both platforms: time of ${HTTP}`,
    bound: {atMost: 1.25},
    unit: '×',
  },
  'registry-essential-memory': {
    path: 'registry, `essential`, both platforms: memory',
    bound: {atMost: 150},
    unit: 'MB',
  },
  'registry-image-time': {
    path: `registry, \`image\`, both platforms: time of ${HTTP}`,
    bound: {atMost: 1.25},
    unit: '×',
  },
  'registry-image-memory': {path: 'registry, `image`, both platforms: memory', bound: {atMost: 150}, unit: 'MB'},
  'known-base': {
    path: '`cache`, a new top layer on a known base: faster than the first run',
    bound: {atLeast: 20},
    unit: '×',
  },
  'docker-one-platform': {
    path: 'docker, `entrypoint`, one platform: time of the shell step',
    bound: {atMost: 1},
    unit: '×',
  },
  'docker-both-platforms': {
    path: 'docker, `entrypoint`, both platforms: time of the shell step',
    bound: {atMost: 0.75},
    unit: '×',
  },
  'docker-held-2': {path: 'docker, nothing to pull, 2 platforms', bound: {atMost: 0.8}, unit: 's'},
  'docker-held-10': {path: 'docker, nothing to pull, 10 platforms', bound: {atMost: 1.6}, unit: 's'},
  'small-files-time': {path: 'whole image of 1,000,000 small files', bound: {atMost: 9}, unit: 'µs a file'},
  'elf-files-memory': {path: 'whole image of 1,000,000 ELF files: memory', bound: {atMost: 300}, unit: 'MB'},
  'identify-cold': {path: 'identify, each of 300 files once: faster than file(1)', bound: {atLeast: 20}, unit: '×'},
  'action-start': {path: 'start of the action', bound: {atMost: 50}, unit: 'ms'},
  'action-layouts': {
    path: 'the action over 996 layouts: time of the command',
    bound: {atMost: 1.3},
    unit: '×',
  },
  'tests-time': {path: '`npm test`', bound: {atMost: 60}, unit: 's'},
  ...growthAims('platforms', 'layers', 'files', 'images'),
  ...fleetAims('own', 'many images, nothing in common but bases'),
  ...fleetAims('releases', 'many images, releases under four tags'),
} as const satisfies Readonly<Record<string, Aim>>

export type AimName = keyof typeof AIMS

export const AIM_NAMES: readonly AimName[] = Object.keys(AIMS).filter(isAimName)

export function isAimName(name: string): name is AimName {
  return Object.hasOwn(AIMS, name)
}

function growthAims<T extends string>(...series: readonly T[]) {
  const aim = (of: T, what: string): Aim => ({
    path: `growth with ${of}: exponent of ${what}`,
    bound: {atMost: 1.05},
    unit: '',
  })
  // The keys are those of the type: fromEntries() forgets them.
  return Object.fromEntries(
    series.flatMap(of => [
      [`growth-${of}-time`, aim(of, 'time')],
      [`growth-${of}-memory`, aim(of, 'memory')],
    ]),
  ) as Record<`growth-${T}-${'time' | 'memory'}`, Aim>
}

function fleetAims<T extends string>(shape: T, images: string) {
  const aims = {
    first: {path: `${images}: requests an image, first run`, bound: {atMost: 4}, unit: ''},
    again: {path: `${images}: requests an image, resumed or cached`, bound: {atMost: 1.1}, unit: ''},
    time: {path: `${images}: time of the build before, first run`, bound: {atMost: 0.35}, unit: '×'},
    memory: {path: `${images}: memory`, bound: {atMost: 160}, unit: 'MB'},
    parts: {path: `${images}: 4 parts and merge, time of one process`, bound: {atMost: 1.15}, unit: '×'},
  } as const
  // As above.
  return Object.fromEntries(Object.entries(aims).map(([name, aim]) => [`fleet-${shape}-${name}`, aim])) as Record<
    `fleet-${T}-${keyof typeof aims}`,
    Aim
  >
}
