import {formatPlatform} from '../platform/index.ts'
import {escapeLogLines, formatJson} from '../report/escape.ts'
import {imagesOf} from '../rules/suppression.ts'
import type {Policy, Settings, Sourced} from './policy.ts'

/** How one image is checked, and where each value was set. */
export interface ImagePolicy {
  readonly image: string
  readonly policy: {readonly file: string; readonly digest: string}
  /** `name` as the file has it: `platforms`, `rules.page-size`. */
  readonly settings: readonly {readonly name: string; readonly value: string; readonly from: string}[]
  /** Those that may be about the image. */
  readonly suppressions: readonly {
    readonly rule: string
    readonly platform: string | undefined
    readonly path: string | undefined
    readonly reason: string
    readonly until: string
    readonly isExpired: boolean
    readonly from: string
  }[]
}

/** Where nobody set a value. */
const DEFAULT = 'default'

/** The values that hold where nobody set one. */
const UNSET = {
  platforms: 'every platform of the index',
  scope: 'image',
  'on-undetermined': 'pass',
  baseline: 'none',
  'baseline-required': 'false',
} as const

export function describeImage({file, digest, suppressions}: Policy, image: string, settings: Settings): ImagePolicy {
  const {platforms, scope, onUndetermined, baseline, baselineRequired, rules, ignore} = settings
  const shown = <T>(name: keyof typeof UNSET, set: Sourced<T> | undefined, format: (value: T) => string) => ({
    name,
    value: set === undefined ? UNSET[name] : format(set.value),
    from: set === undefined ? DEFAULT : set.from,
  })
  return {
    image,
    policy: {file, digest},
    settings: [
      shown('platforms', platforms, value => value.map(formatPlatform).join(', ')),
      shown('scope', scope, String),
      shown('on-undetermined', onUndetermined, String),
      shown('baseline', baseline, String),
      shown('baseline-required', baselineRequired, String),
      ...rules.map(({value: [rule, setting], from}) => ({name: `rules.${rule}`, value: setting, from})),
      ...ignore.map(({value: {glob, reason}, from}) => ({
        name: 'ignore',
        value: reason === undefined ? glob : `${glob} # ${reason}`,
        from,
      })),
    ],
    suppressions: suppressions
      .filter(suppression => imagesOf(suppression)(image))
      .map(({rule, platform, path, reason, until, isExpired, place}) => ({
        ...{rule, platform: platform && formatPlatform(platform), path, reason, until, isExpired, from: place},
      })),
  }
}

/** For a terminal: what is set, in columns, and where. */
export function renderPolicyText(images: readonly ImagePolicy[]): string {
  return escapeLogLines(images.map(renderOne).join('\n'))
}

/** The same for programs, a list of images. */
export function renderPolicyJson(images: readonly ImagePolicy[]): string {
  return formatJson(images)
}

function renderOne({image, policy, settings, suppressions}: ImagePolicy): string {
  const rows = settings.map(({name, value, from}) => [name, value, from] as const)
  const width = (column: 0 | 1): number => Math.max(0, ...rows.map(row => row[column].length))
  const [first, second] = [width(0), Math.min(60, width(1))]
  return [
    image,
    `  by ${policy.file} (${policy.digest})`,
    ...rows.map(([name, value, from]) => `  ${name.padEnd(first)}  ${value.padEnd(second)}  ${from}`),
    ...suppressions.map(({rule, platform, path, reason, until, isExpired, from}) => {
      const what = [rule, platform, path].filter(part => part !== undefined).join(' ')
      return `  suppressed: ${what}, ${isExpired ? `expired on ${until}` : `until ${until}`}  ${from}: ${reason}`
    }),
  ]
    .map(line => `${line}\n`)
    .join('')
}
