import type {LayoutImage} from '../support/layout-builder.ts'
import {alpine, file} from './files.ts'
import {goProgram} from './machines.ts'
import {machineOf, platformOf, type Recipe} from './recipe.ts'

/** One release: which platforms stand at the tag, and which should. */
interface Release {
  readonly id: string
  /** The platforms that are there. */
  readonly has: readonly string[]
  /** Those that should be there besides. */
  readonly lacks: readonly string[]
  /** How the publisher tells what should be there: by a list, or by the release before. */
  readonly known: 'list' | 'baseline'
  /** The tag holds one platform's manifest: the last leg of a matrix that pushed it. */
  readonly overwritten?: boolean
  readonly attestations?: boolean
}

/** Category index-missing-platform: every program is right, and a platform is not there. */
export const MISSING_PLATFORM: readonly Recipe[] = [
  release({
    id: 'INC-139',
    has: ['linux/386', 'linux/arm/v7', 'linux/ppc64le'],
    lacks: ['linux/amd64', 'linux/arm64'],
    known: 'baseline',
  }),
  release({id: 'INC-141', has: ['linux/arm64', 'linux/386', 'linux/s390x'], lacks: ['linux/amd64'], known: 'list'}),
  release({id: 'INC-143', has: ['linux/amd64', 'linux/arm/v7'], lacks: ['linux/arm64'], known: 'baseline'}),
  release({id: 'INC-145', has: ['linux/amd64'], lacks: ['linux/arm64'], known: 'baseline'}),
  release({id: 'INC-147', has: ['linux/amd64'], lacks: ['linux/arm64/v8'], known: 'list'}),
  release({id: 'INC-149', has: ['linux/arm64'], lacks: ['linux/amd64'], known: 'list', overwritten: true}),
  release({id: 'INC-151', has: ['linux/arm64'], lacks: ['linux/amd64'], known: 'baseline', overwritten: true}),
  release({id: 'INC-153', has: ['linux/arm64'], lacks: ['linux/amd64'], known: 'list', overwritten: true}),
  release({id: 'INC-155', has: ['linux/arm64'], lacks: ['linux/amd64'], known: 'baseline', overwritten: true}),
  release({id: 'INC-157', has: ['linux/arm64'], lacks: ['linux/amd64'], known: 'list', overwritten: true}),
  release({id: 'INC-159', has: ['linux/arm64'], lacks: ['linux/amd64'], known: 'list', attestations: true}),
]

/** Category index-unresolvable: the index is there, and what it names is not. */
export const UNRESOLVABLE: readonly Recipe[] = [
  unresolvable('INC-161', {}),
  unresolvable('INC-163', {attestations: true}),
]

/** Category config-metadata-mismatch: right programs under a config that says amd64. */
export const CONFIG: readonly Recipe[] = [
  misnamed('INC-165', ['linux/arm64']),
  misnamed('INC-167', ['linux/arm64', 'linux/arm']),
  misnamed('INC-169', ['linux/arm64']),
  misnamed('INC-171', ['linux/arm64/v8']),
  {
    id: 'INC-173',
    // The tag is one manifest without an index: its config alone says what it is.
    broken: {images: [tagged(right(['linux/arm64'], 'linux/amd64'))], platforms: ['linux/arm64']},
    repaired: {images: [tagged(right(['linux/arm64']))], platforms: ['linux/arm64']},
    finds: [{rule: 'platform-missing', platform: 'linux/arm64', says: 'linux/amd64'}],
  },
]

const WINDOWS_2019 = 'windows(10.0.17763.4010)/amd64'
const WINDOWS_2022 = 'windows(10.0.20348.1547)/amd64'

/** Category windows-os-version: hosts run containers of their own release only. */
export const WINDOWS: readonly Recipe[] = [
  {
    id: 'INC-175',
    broken: {images: [windows([WINDOWS_2019])], platforms: [WINDOWS_2019, WINDOWS_2022]},
    repaired: {images: [windows([WINDOWS_2019, WINDOWS_2022])], platforms: [WINDOWS_2019, WINDOWS_2022]},
    finds: [{rule: 'platform-missing', platform: WINDOWS_2022, says: WINDOWS_2019}],
  },
]

/** An image of right programs; `version` makes it another release. */
export function right(platforms: readonly string[], configPlatform?: string, version = '2'): LayoutImage {
  return {
    platforms: platforms.map(platform => {
      const machine = machineOf(platform)
      const files = [file('app', goProgram(machine)), file('VERSION', version, 0o644)]
      const built = platformOf(platform, {layers: [alpine(machine), files], process: {Entrypoint: ['/app']}})
      return configPlatform === undefined ? built : {...built, configPlatform}
    }),
  }
}

/** Windows images; nothing in them is looked at. */
export function windows(platforms: readonly string[]): LayoutImage {
  return {
    platforms: platforms.map(platform => ({
      platform,
      config: {Cmd: ['C:\\daprd.exe']},
      layers: [{files: [file('Files/daprd.exe', `MZ for ${platform}`)]}],
    })),
  }
}

/** One platform's manifest alone, of which only its config says what it is for. */
function tagged({platforms}: LayoutImage): LayoutImage {
  return {platforms: platforms.map(platform => ({...platform, unclaimed: true})), root: 'manifest'}
}

function release({id, has, lacks, known, overwritten = false, attestations = false}: Release): Recipe {
  const all = [...lacks, ...has]
  const asked = known === 'list' ? {platforms: all} : {baseline: right(all, undefined, '1')}
  const finds = lacks.map(platform => ({
    rule: known === 'list' ? 'platform-missing' : 'platform-lost',
    platform,
  }))
  return {
    id,
    broken: {images: [{...right(has), attestations, ...(overwritten ? {root: 'manifest'} : {})}], ...asked},
    repaired: {images: [{...right(all), attestations}], ...asked},
    finds,
  }
}

function unresolvable(id: string, more: Pick<LayoutImage, 'attestations'>): Recipe {
  const platforms = ['linux/amd64', 'linux/arm64']
  const image = {...right(platforms), ...more}
  return {
    id,
    broken: {images: [image], lacksManifests: true},
    repaired: {images: [image]},
    finds: platforms.map(platform => ({rule: 'platform-unreadable', platform})),
  }
}

function misnamed(id: string, platforms: readonly string[]): Recipe {
  const amd64 = right(['linux/amd64'])
  const join = (image: LayoutImage): LayoutImage => ({platforms: [...amd64.platforms, ...image.platforms]})
  return {
    id,
    broken: {images: [join(right(platforms, 'linux/amd64'))]},
    repaired: {images: [join(right(platforms))]},
    finds: platforms.map(platform => ({
      rule: 'config-platform-mismatch',
      platform,
      says: 'linux/amd64',
    })),
  }
}
