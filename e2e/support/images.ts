import {type Build, buildImage, contextFolder, PLATFORMS, writeContext} from '../ground/buildx.ts'
import type {Engine} from '../ground/engine.ts'
import {busybox, DEBIAN_ARCH} from '../ground/programs.ts'
import type {Registry} from '../ground/registry.ts'
import {FALSE_PROGRAMS} from './false-programs.ts'
import {HOSTILE} from './hostile.ts'

/** How an image is built: the lines of its stage, after `FROM scratch`; for all platforms, unless it says otherwise. */
interface Recipe extends Pick<Build, 'platforms' | 'provenance' | 'args'> {
  readonly stage: readonly string[]
}

// Folders of the context. In each, every platform has a folder of its own.
const OWN = '$TARGETARCH$TARGETVARIANT'
const RIGHT = `right/${OWN}/busybox`
/** The same, but for linux/arm64 it is amd64's. */
const WRONG = `wrong/${OWN}/busybox`

const entrypoint = (...argv: readonly string[]): string => `ENTRYPOINT ${JSON.stringify(argv)}`
const copy = (from: string, to: string): string => `COPY ${JSON.stringify([from, to])}`

/** Ways to start one program, each built twice: with the right one for all platforms, and with amd64's in linux/arm64. */
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
export const WAYS_TO_START = Object.keys(WAYS) as readonly Way[]

const OTHERS = {
  script: {
    stage: [copy('scripts/', '/'), copy(RIGHT, '/bin/busybox'), entrypoint('/entrypoint.sh'), 'CMD ["busybox", "true"]'],
  },
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
      `COPY start/${OWN} /start`,
      entrypoint('/start'),
    ],
  },
  /** Held by the engines before the tests begin, in a container, too; no test is to touch it. */
  resident: {stage: [copy(RIGHT, '/resident'), entrypoint('/resident')]},
  'hostile-name': {stage: [copy(`hostile/${OWN}/`, '/h/'), entrypoint(`/h/${HOSTILE.name}`)]},
  'hostile-link': {stage: [copy(`hostile/${OWN}/`, '/h/'), entrypoint('/h/link')]},
  'hostile-missing': {stage: [copy(RIGHT, '/bin/sh'), entrypoint(`/h/${HOSTILE.missing}`)]},
} as const satisfies Readonly<Record<string, Recipe>>

export type ImageName = `${'right' | 'wrong'}-${Way}` | keyof typeof OTHERS

/** Builds all images with the real buildx, with their attestations, and pushes them as `e2e/NAME:1`. Gives their digests. */
export async function buildImages(
  builder: Engine,
  registry: Registry,
  scratch: string,
): Promise<Readonly<Record<ImageName, string>>> {
  const recipes = allRecipes()
  const context = await makeContext(scratch, recipes)
  const built = await Promise.all(
    Object.entries(recipes).map(async ([name, {stage: _, args = [], ...build}]) => {
      const tag = `${registry.address}/e2e/${name}:1`
      const {digest} = await buildImage(builder, {...build, context, tag, args: ['--target', name, ...args]})
      return [name, digest] as const
    }),
  )
  // The names are those of the recipes.
  return Object.fromEntries(built) as Record<ImageName, string>
}

function allRecipes(): Readonly<Record<string, Recipe>> {
  const ways = Object.entries(WAYS).flatMap(([name, stage]) => [
    [`right-${name}`, {stage: stage(RIGHT)}],
    [`wrong-${name}`, {stage: stage(WRONG)}],
  ])
  return {...Object.fromEntries(ways), ...OTHERS}
}

async function makeContext(scratch: string, recipes: Readonly<Record<string, Recipe>>): Promise<string> {
  const stages = Object.entries(recipes).map(
    ([name, {stage}]) => `FROM scratch AS ${name}\nARG TARGETARCH TARGETVARIANT\n${stage.join('\n')}\n`,
  )
  const programs = await Promise.all(PLATFORMS.map(platform => busybox(DEBIAN_ARCH[platform])))
  const amd64 = programs[0] ?? ''
  const perPlatform = PLATFORMS.flatMap((platform, index) => {
    const own = contextFolder(platform)
    const right = {kind: 'copy', from: programs[index] ?? ''} as const
    const wrong = platform === 'linux/arm64' ? ({kind: 'copy', from: amd64} as const) : right
    return [
      [`right/${own}/busybox`, right],
      [`wrong/${own}/busybox`, wrong],
      [`hostile/${own}/${HOSTILE.name}`, wrong],
      [`hostile/${own}/${HOSTILE.target}`, wrong],
      [`hostile/${own}/link`, {kind: 'link', to: HOSTILE.target}],
      [`start/${own}`, {kind: 'link', to: `/no-x/${own}`}],
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
    ...falsePrograms(),
  })
}
