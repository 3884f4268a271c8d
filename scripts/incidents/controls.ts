import {alpine, file} from './files.ts'
import {goProgram, type MachineName} from './machines.ts'
import {right, windows} from './publish.ts'
import {type Contents, faulty, misbuilt, type Recipe} from './recipe.ts'

const BOTH = ['linux/amd64', 'linux/arm64']
const LTSC2022 = 'windows(10.0.20348.1547)/amd64'
const attested = (platforms: readonly string[]) => ({...right(platforms), attestations: true})

/**
 * The controls: `repaired` is what they were about, and passes; `broken` is what it was taken for, or what it would
 * have been, and fails. Without the second a check that sees nothing would pass them all.
 */
export const CONTROLS: readonly Recipe[] = [
  attestations('zakura-core/zakura#554', BOTH),
  attestations('stargate/data-api#2554', undefined),
  attestations('containerd/containerd#8243', BOTH),
  // Dropped on purpose, and the list of platforms says so.
  {
    id: 'kiwigrid/k8s-sidecar#556',
    broken: {images: [right(['linux/arm/v7'])], baseline: right([...BOTH, 'linux/arm/v7'], undefined, '1')},
    repaired: {
      images: [right(['linux/arm/v7'])],
      platforms: ['linux/arm/v7'],
      baseline: right([...BOTH, 'linux/arm/v7'], undefined, '1'),
    },
    finds: [
      {rule: 'platform-lost', platform: 'linux/amd64'},
      {rule: 'platform-lost', platform: 'linux/arm64'},
    ],
  },
  // "x86_64" was what uname said of the host; the programs were right.
  misbuilt({
    id: 'gliderlabs/docker-alpine#293',
    on: 'linux/386',
    beside: [],
    lone: true,
    base: alpine,
    parts: ['base'],
    files: () => [],
    process: {Cmd: ['/bin/sh']},
    finds: [{path: '/bin/sh', resolved: '/bin/busybox'}],
  }),
  faulty({
    id: 'moby/moby#41017',
    on: 'linux/arm/v6',
    beside: ['linux/amd64', 'linux/arm/v7'],
    wrong: machine => goApp(machine, {GOARM: '7'}),
    right: machine => goApp(machine, {}),
    finds: [{rule: 'variant-too-new', path: '/app', says: 'GOARM=7'}],
  }),
  // A host of another release is nothing wrong with the index; a release that was asked for and is not there is.
  {
    id: 'microsoft/Windows-Containers#334',
    broken: {images: [windows([LTSC2022])], platforms: ['windows(10.0.17763.4010)/amd64']},
    repaired: {images: [windows([LTSC2022])]},
    finds: [{rule: 'platform-missing', platform: 'windows(10.0.17763.4010)/amd64'}],
  },
  // What was staged first was amd64, and ran in the build under QEMU.
  misbuilt({
    id: 'lmorchard/feedspool-go#46',
    base: alpine,
    parts: ['app'],
    files: of => [file('usr/local/bin/feedspool', goProgram(of('app')))],
    process: {Entrypoint: ['feedspool'], Cmd: ['serve']},
    finds: [{path: '/usr/local/bin/feedspool'}],
  }),
  // The pin of the base was mended before the image was published.
  misbuilt({
    id: 'trickle-labs/pg-trickle#787',
    base: alpine,
    parts: ['base'],
    files: () => [file('usr/local/bin/docker-entrypoint.sh', '#!/bin/sh\nexec "$@"\n')],
    process: {Entrypoint: ['docker-entrypoint.sh'], Cmd: ['sleep', 'infinity']},
    finds: [{path: '/bin/sh', resolved: '/bin/busybox'}],
  }),
]

/** BuildKit's attestations beside every platform: they are no platforms, and stand for none. */
function attestations(id: string, platforms: readonly string[] | undefined): Recipe {
  const asked = platforms ? {platforms} : {}
  return {
    id,
    broken: {images: [attested(['linux/amd64'])], platforms: BOTH},
    repaired: {images: [attested(BOTH)], ...asked},
    finds: [{rule: 'platform-missing', platform: 'linux/arm64'}],
  }
}

function goApp(machine: MachineName, settings: Readonly<Record<string, string>>): Contents {
  return {layers: [alpine(machine), [file('app', goProgram(machine, settings))]], process: {Entrypoint: ['/app']}}
}
