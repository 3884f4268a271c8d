import {UsageError} from '../errors.ts'
import {expectedOneOf} from '../lib/nearest.ts'
import type {Options} from '../pipeline/options.ts'
import {describeImage, type ImagePolicy, renderPolicyJson, renderPolicyText} from '../policy/describe.ts'
import {settingsOf} from '../policy/effective.ts'
import {parseCommand} from './arguments.ts'
import type {ListRegistry, ReadFile} from './image-lists.ts'

export const POLICY = 'policy'

const POLICY_FORMATS = ['text', 'json'] as const

/** What `verify-image-arch policy IMAGE …` prints, and where; `-` is standard output. */
export interface PolicyText {
  readonly text: string
  readonly file: string
}

/**
 * Reads the arguments behind `policy`: those of a check. Throws a UsageError where there is no image or no policy file,
 * where that file is wrong, or a report is requested.
 */
export async function parsePolicyCommand(
  argv: readonly string[],
  readFile: ReadFile,
  today?: () => string,
  listRegistry?: ListRegistry,
): Promise<PolicyText | 'help'> {
  const command = await parseCommand(argv, readFile, today, listRegistry)
  if (command === 'help' || command === 'version') return 'help'
  const {options, targets} = command
  if (options.images.length === 0) throw new UsageError('policy: no image is given')
  if (options.policy === undefined) throw new UsageError('policy: no --policy FILE is given')
  const [target, ...more] = targets
  if (target === undefined || more.length > 0) throw new UsageError('policy: it writes one text, and no --report')
  const format = POLICY_FORMATS.find(one => one === target.format)
  if (format === undefined) throw new UsageError(`policy: --format: ${expectedOneOf(POLICY_FORMATS, target.format)}`)
  const images = imagesOf(options, options.policy)
  return {text: format === 'json' ? renderPolicyJson(images) : renderPolicyText(images), file: target.file}
}

function imagesOf(
  {images, baseline}: Options,
  {file, written}: NonNullable<Options['policy']>,
): readonly ImagePolicy[] {
  const settingsFor = settingsOf(file, written)
  return images.map(({text}) => {
    const settings = settingsFor(text)
    const own = baseline === undefined ? settings : {...settings, baseline: {value: baseline.text, from: '--baseline'}}
    return describeImage(file, text, own)
  })
}
