import {UsageError} from '../errors.ts'
import {type Location, parseLocation} from '../image/location.ts'
import {settingsOf} from '../policy/effective.ts'
import type {Settings} from '../policy/policy.ts'
import {imagesOf, type Suppression} from '../rules/suppression.ts'
import {DEFAULTS, type ImageReader, type Options, readBy} from './options.ts'

/** How one image is checked: as the run, where no policy file says otherwise. */
export interface ImageOptions
  extends Pick<
    Options,
    'platforms' | 'scope' | 'rules' | 'ignore' | 'onUndetermined' | 'baselineRequired' | 'failOn' | 'limits'
  > {
  /** That of the policy file; undefined where it has none, or the user named one for the whole run. */
  readonly ownBaseline: Location | undefined
  /** Those of the policy file that may be about this image, expired ones among them. */
  readonly suppressions: readonly Suppression[]
}

/**
 * Says how an image is checked. What it gives throws a UsageError where the policy file asks for what the image cannot
 * have.
 */
export function imageOptions(options: Options): (image: Location) => ImageOptions {
  const {policy} = options
  if (policy === undefined) return () => ({...options, ownBaseline: undefined, suppressions: []})
  const settingsFor = settingsOf(policy.file, policy.written)
  const suppressions = policy.file.suppressions.map(suppression => ({suppression, concerns: imagesOf(suppression)}))
  return image => {
    const settings = settingsFor(image.text)
    const ownBaseline = options.baseline === undefined ? baselineOf(settings, image, policy.source) : undefined
    const isRequired = settings.baselineRequired?.value ?? false
    if (isRequired && options.baseline === undefined && ownBaseline === undefined) {
      throw new UsageError(
        `baseline-required (${settings.baselineRequired?.from}): no baseline is given for ${image.text}`,
      )
    }
    return {
      ...options,
      platforms: settings.platforms?.value,
      scope: settings.scope?.value ?? DEFAULTS.scope,
      rules: new Map(settings.rules.map(({value}) => value)),
      ignore: settings.ignore.map(({value}) => value),
      onUndetermined: settings.onUndetermined?.value ?? DEFAULTS.onUndetermined,
      baselineRequired: isRequired,
      ownBaseline,
      suppressions: suppressions.filter(({concerns}) => concerns(image.text)).map(({suppression}) => suppression),
    }
  }
}

function baselineOf({baseline}: Settings, image: Location, source: ImageReader): Location | undefined {
  if (baseline === undefined) return undefined
  const {value, from} = baseline
  const text = value.startsWith(':') ? withTag(image, value.slice(1)) : value
  const parsed = text === undefined ? undefined : parseLocation(text)
  if (parsed?.ok) {
    // What a tag is put behind is read as the image itself is.
    return readBy(parsed.value, value.startsWith(':') && image.transport === 'registry' ? 'registry' : source)
  }
  const why = parsed === undefined ? 'only a reference and a layout have a tag' : parsed.problem
  throw new UsageError(`baseline (${from}): ${JSON.stringify(value)} names no image for ${image.text}: ${why}`)
}

/** The same image with another tag, and without its digest; undefined where it has none. */
function withTag(image: Location, tag: string): string | undefined {
  if ('reference' in image) {
    const [prefix = ''] = /^(?:docker:\/\/|docker-daemon:)/.exec(image.text) ?? []
    return `${prefix}${image.reference.name}:${tag}`
  }
  return image.transport === 'docker-archive' ? undefined : `${image.transport}:${image.path}:${tag}`
}
