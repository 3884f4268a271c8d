import {type Build, type Built, buildImage, contextFolder, PLATFORMS, writeContext} from '../ground/buildx.ts'
import type {Engine} from '../ground/engine.ts'
import {busybox, DEBIAN_ARCH} from '../ground/programs.ts'
import type {Registry} from '../ground/registry.ts'
import {falsePrograms} from './false-programs.ts'
import {HOSTILE} from './hostile.ts'

/** How an image is built: the lines of its stage, after `FROM scratch`; for all platforms, unless it says otherwise. */
interface Recipe extends Pick<Build, 'platforms' | 'provenance'> {
  readonly stage: readonly string[]
}

// Folders of the context. In each, every platform has a folder of its own.
const OWN = '$TARGETARCH$TARGETVARIANT'
const RIGHT = `right/${OWN}/busybox`
/** A file that each platform has its own of. */
const NOTE = `note/${OWN}/note`
/** The same program, but for linux/arm64 it is amd64's. */
const WRONG = `wrong/${OWN}/busybox`

const entrypoint = (...argv: readonly string[]): string => `ENTRYPOINT ${JSON.stringify(argv)}`
const copy = (from: string, to: string): string => `COPY ${JSON.stringify([from, to])}`

/**
 * Ways to start one program, each built twice: with the right one for all platforms, and with amd64's in linux/arm64.
 */
const WAYS = {
  plain: program => [copy(program, '/usr/local/bin/app'), entrypoint('/usr/local/bin/app', 'echo', 'it runs')],
  // /app -> usr/bin/app -> /opt/current/bin/app, where /opt/current -> releases/1
  symlink: program => [copy('links/', '/'), copy(program, '/opt/releases/1/bin/app'), entrypoint('/app')],
  cmd: program => [copy(program, '/bin/app'), 'CMD ["/bin/app"]'],
  // The first `app` in PATH has no execute bit, so it is passed over.
  path: program => [
    `COPY --chmod=0644 ${program} /opt/first/app`,
    copy(program, '/opt/second/app'),
    'ENV PATH=/opt/none:/opt/first:/opt/second:/bin',
    entrypoint('app'),
  ],
  // Relative to its folder, as a user, with a volume: what there is to make a container of besides a program.
  furnished: program => [
    copy(program, '/srv/app/bin/start'),
    'WORKDIR /srv/app',
    'VOLUME /data',
    'USER 1000:1000',
    'LABEL io.example.note="::error::a label"',
    entrypoint('./bin/start'),
  ],
} as const satisfies Readonly<Record<string, (program: string) => readonly string[]>>

export type Way = keyof typeof WAYS
// Object.keys forgets what the keys are.
const WAYS_TO_START = Object.keys(WAYS) as readonly Way[]

const OTHERS = {
  script: {
    stage: [
      copy('scripts/', '/'),
      copy(RIGHT, '/bin/busybox'),
      entrypoint('/entrypoint.sh'),
      'CMD ["busybox", "true"]',
    ],
  },
  /** All of amd64's, under another name. */
  copied: {stage: [copy(WRONG, '/app'), entrypoint('/app')]},
  'no-command': {stage: [copy(RIGHT, '/bin/busybox')]},
  'without-arm64': {
    stage: [copy(RIGHT, '/app'), entrypoint('/app')],
    platforms: ['linux/amd64', 'linux/arm/v7'],
  },
  /** No index at all: a manifest. */
  'one-platform': {
    stage: [copy(RIGHT, '/app'), entrypoint('/app')],
    platforms: ['linux/amd64'],
    provenance: 'false',
  },
  'false-programs': {stage: [copy(`false/${OWN}/`, '/false/'), entrypoint('/false/first')]},
  'more-false-programs': {stage: [copy(`false/${OWN}/`, '/false/'), entrypoint('/false/second')]},
  'not-startable': {
    stage: [
      `COPY --chmod=0644 ${RIGHT} /no-x/armv7`,
      copy('links/', '/'),
      'WORKDIR /no-x/amd64',
      copy(`start/${OWN}/`, '/'),
      entrypoint('/start'),
    ],
  },
  /** Held by the engines before the tests begin, in a container, too; no test is to touch it. */
  resident: {stage: [copy(RIGHT, '/resident'), entrypoint('/resident')]},
  'hostile-name': {stage: [copy(NOTE, '/note'), copy(`hostile/${OWN}/`, '/h/'), entrypoint(`/h/${HOSTILE.name}`)]},
  'hostile-link': {stage: [copy(NOTE, '/note'), copy(`hostile/${OWN}/`, '/h/'), entrypoint('/h/link')]},
  'hostile-missing': {stage: [copy(RIGHT, '/bin/sh'), entrypoint(`/h/${HOSTILE.missing}`)]},
} as const satisfies Readonly<Record<string, Recipe>>

export type ImageName = `${'right' | 'wrong'}-${Way}` | keyof typeof OTHERS

const RECIPES: Readonly<Record<string, Recipe>> = {
  ...Object.fromEntries(
    WAYS_TO_START.flatMap(way => [
      [`right-${way}`, {stage: WAYS[way](RIGHT)}],
      // With a file that differs, as everywhere; else the platform would be told to be another's copy, too.
      [`wrong-${way}`, {stage: [copy(NOTE, '/note'), ...WAYS[way](WRONG)]}],
    ]),
  ),
  ...OTHERS,
}

/** Builds one image with the real buildx; without an output of its own it is pushed, attestations and all. */
export async function buildNamed(
  {builder, context}: {readonly builder: Engine; readonly context: string},
  name: ImageName,
  build: Omit<Build, 'context'>,
): Promise<Built> {
  const {stage: _, ...recipe} = RECIPES[name] ?? {stage: []}
  return buildImage(builder, {...recipe, ...build, context, args: ['--target', name]})
}

/** Builds all images as `e2e/NAME:1` of the registry, and gives their digests. */
export async function buildImages(
  builder: Engine,
  context: string,
  registry: Pick<Registry, 'address'>,
): Promise<Readonly<Record<ImageName, string>>> {
  // Object.keys forgets what the keys are.
  const names = Object.keys(RECIPES) as readonly ImageName[]
  const built = names.map(async name => {
    const tag = `${registry.address}/e2e/${name}:1`
    const {digest} = await buildNamed({builder, context}, name, {tag})
    return [name, digest] as const
  })
  return Object.fromEntries(await Promise.all(built)) as Record<ImageName, string>
}

/** Writes the one context, with one Dockerfile that has a stage for each image, and gives its folder. */
export async function makeContext(scratch: string): Promise<string> {
  const stages = Object.entries(RECIPES).map(
    ([name, {stage}]) => `FROM scratch AS ${name}\nARG TARGETARCH TARGETVARIANT\n${stage.join('\n')}\n`,
  )
  const programs = await Promise.all(PLATFORMS.map(platform => busybox(DEBIAN_ARCH[platform])))
  const amd64 = programs[0] ?? ''
  const perPlatform = PLATFORMS.flatMap((platform, index) => {
    const own = contextFolder(platform)
    const right = {kind: 'copy', from: programs[index] ?? ''} as const
    const wrong = platform === 'linux/arm64' ? ({kind: 'copy', from: amd64} as const) : right
    return [
      [`note/${own}/note`, {kind: 'text', text: `built for ${platform}\n`}],
      [`right/${own}/busybox`, right],
      [`wrong/${own}/busybox`, wrong],
      [`hostile/${own}/${HOSTILE.name}`, wrong],
      [`hostile/${own}/${HOSTILE.target}`, wrong],
      [`hostile/${own}/link`, {kind: 'link', to: HOSTILE.target}],
      [`start/${own}/start`, {kind: 'link', to: `/no-x/${own}`}],
    ] as const
  })
  return writeContext(scratch, {
    Dockerfile: {kind: 'text', text: stages.join('\n')},
    'links/app': {kind: 'link', to: 'usr/bin/app'},
    'links/usr/bin/app': {kind: 'link', to: '/opt/current/bin/app'},
    'links/opt/current': {kind: 'link', to: 'releases/1'},
    'scripts/entrypoint.sh': {kind: 'text', text: '#!/bin/sh\nset -e\nexec "$@"\n', mode: 0o755},
    'scripts/bin/sh': {kind: 'link', to: 'busybox'},
    ...Object.fromEntries(perPlatform),
    ...(await falsePrograms(scratch, programs[1] ?? '')),
  })
}
