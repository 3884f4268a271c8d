import {SourceError} from '../errors.ts'
import type {DockerfileText} from '../facts/gather.ts'
import type {Location} from '../image/location.ts'
import type {ImageSource} from '../image/source.ts'
import {check as checkAll} from '../pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../pipeline/options.ts'
import type {Report} from '../report/report.ts'

/** How images are checked, in the words of the command's flags and with their defaults. */
export interface CheckOptions {
  /** `linux/amd64`, `linux/arm64`: those that must exist and match. Left out: every platform of the index. */
  readonly platforms?: readonly string[]
  /** `entrypoint`, `essential` or `image` (docs/scan.md). */
  readonly scope?: string
  /** `error`, `warning` or `never`. */
  readonly failOn?: string
  /** `pass` or `fail`. */
  readonly onUndetermined?: string
  /** `RULE=error`, `RULE=warning`, `RULE=note` or `RULE=off`. */
  readonly rules?: readonly string[]
  /** Absolute globs of files that the scan of the whole image leaves out. */
  readonly ignore?: readonly string[]
  /** An image whose platforms the others must still have. */
  readonly baseline?: ImageSource
  /** Dockerfiles to check; their base images are not looked up. */
  readonly dockerfiles?: readonly DockerfileText[]
  /** Images and platforms that are read at once, from 1 to 64. */
  readonly concurrency?: number
  /** `NAME=VALUE` (docs/threat-model.md). */
  readonly limits?: readonly string[]
}

/** Put in by the build. */
declare const VERIFY_IMAGE_ARCH_VERSION: string | undefined
const version = typeof VERIFY_IMAGE_ARCH_VERSION === 'string' ? VERIFY_IMAGE_ARCH_VERSION : '0.0.0-source'

/**
 * Checks images as the command does, and gives its report: `report.verdict` is `pass` or `fail`. Each source is closed
 * when it has been read. Throws a UsageError for invalid options, and for a single image the SourceError that says
 * why it could not be read; for several images the report contains it.
 */
export async function check(images: readonly ImageSource[], options: CheckOptions = {}): Promise<Report> {
  const {baseline, dockerfiles = [], concurrency} = options
  const named = new Map<Location, ImageSource>()
  const locate = (source: ImageSource): Location => {
    // A report names an image by its text; a path is never sent to a registry.
    const location: Location = {transport: 'oci', text: source.reference, path: source.reference, tag: undefined}
    named.set(location, source)
    return location
  }
  const parsed = parseOptions({
    ...DEFAULTS,
    image: images.map((_, at) => `oci:${at}`),
    metadata: '',
    platforms: options.platforms ?? [],
    dockerfile: dockerfiles.map(({file}) => file),
    scope: options.scope ?? DEFAULTS.scope,
    failOn: options.failOn ?? DEFAULTS.failOn,
    onUndetermined: options.onUndetermined ?? DEFAULTS.onUndetermined,
    rules: options.rules ?? [],
    ignore: options.ignore ?? [],
    baseline: baseline === undefined ? '' : 'oci:baseline',
    concurrency: String(concurrency ?? DEFAULTS.concurrency),
    limits: options.limits ?? [],
    timeout: '0',
  })
  const open = async (location: Location): Promise<ImageSource> => {
    const source = named.get(location)
    if (source === undefined) throw new SourceError('unavailable', `${location.text} is not one of the given images`)
    return source
  }
  return checkAll(
    {...parsed, images: images.map(locate), baseline: baseline && locate(baseline)},
    open,
    {version},
    async () => dockerfiles,
  )
}
