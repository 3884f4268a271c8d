import {formatPlatform, normalisePlatform, type Platform} from '../platform/index.ts'
import type {Rule} from './rule.ts'
import {onlyArchitecture} from './support/only-machine.ts'

/**
 * The config's os, architecture or variant is not the index entry's: engines and
 * schedulers that read the config go wrong.
 */
export const configPlatformMismatch: Rule = {
  id: 'config-platform-mismatch',
  level: 'error',
  summary: 'The config’s os, architecture or variant is not the index entry’s.',
  *checkPlatform({platform, name}) {
    const {entry, config} = platform
    if (config === undefined || entry.claimedBy !== 'index') return
    const difference = differenceOf(normalisePlatform(entry.platform), config.platform)
    if (difference === undefined) return
    const says = formatPlatform(config.platform)
    yield {
      // No client chooses by the config's variant; by its architecture some do.
      ...(difference === 'variant' ? {level: 'warning' as const} : {}),
      message: `the index says ${name}, the image's own config says ${says}`,
      evidence: {index: name, config: says, differs: difference, digest: entry.descriptor.digest},
      fix: fixOf(name, says, config.platform.architecture, onlyArchitecture(platform)),
    }
  },
}

/** What the programs are for says which of the two is wrong. */
function fixOf(name: string, says: string, configured: string, only: string | undefined): string {
  if (only !== undefined && name.split('/')[1] !== only && configured === only) {
    return `Every program of the image is for linux/${only}, as its config says: name ${says} in the index, or build ${name} by itself.`
  }
  const wrong =
    only !== undefined && name.split('/')[1] === only ? `The programs are for ${name}, so the config is wrong. ` : ''
  return `${wrong}Build the image with --platform ${name}; do not copy a config from another platform, nor annotate the index by hand.`
}

/** What a config does not say is not a contradiction: many leave the variant out. */
function differenceOf(index: Platform, written: Platform): 'os' | 'architecture' | 'variant' | undefined {
  const config = normalisePlatform(written)
  if (written.os !== '' && config.os !== index.os) return 'os'
  if (written.architecture !== '' && config.architecture !== index.architecture) return 'architecture'
  return written.variant !== '' && config.variant !== index.variant ? 'variant' : undefined
}
