import {defined} from '../lib/defined.ts'
import {raisedLimits} from '../lib/limits.ts'
import {formatPlatform, normalisePlatform} from '../platform/index.ts'
import {type ConfiguredSuppression, type ReportConfiguration, withDigest} from '../report/configuration.ts'
import type {Suppression} from '../rules/suppression.ts'
import type {ImageOptions} from './image-options.ts'
import type {Options} from './options.ts'

/**
 * What of the options the verdict depends on. What only says how fast, from where or how long (`cache`, `concurrency`,
 * `timeout`) is not in it, nor are the images themselves.
 */
export function configurationOf(options: Options): ReportConfiguration {
  // On Dockerfiles are those that name no image.
  const suppressions = (options.policy?.file.suppressions ?? []).filter(({image}) => image === undefined)
  return configured(options, suppressions)
}

/** The same of one image, where a policy file may say otherwise than for the run. */
export function imageConfigurationOf(options: Options, own: ImageOptions): ReportConfiguration {
  const {platforms, scope, onUndetermined, rules, ignore, baselineRequired} = own
  const baseline = own.ownBaseline ?? options.baseline
  const joined = {platforms, scope, onUndetermined, rules, ignore, baselineRequired, baseline}
  return configured({...options, ...joined}, own.suppressions)
}

function configured(options: Options, suppressions: readonly Suppression[]): ReportConfiguration {
  const {scope, platforms, ignore, baseline, baselineRequired, failOn, onUndetermined, rules, limits} = options
  return withDigest({
    scope,
    ...(platforms === undefined
      ? {}
      : {platforms: platforms.map(platform => formatPlatform(normalisePlatform(platform)))}),
    ignore: ignore.map(({glob}) => glob),
    ...(baseline === undefined ? {} : {baseline: {reference: baseline.text, required: baselineRequired}}),
    failOn,
    onUndetermined,
    rules: Object.fromEntries(rules),
    limits: Object.fromEntries(
      Object.entries(raisedLimits(limits)).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    dockerfiles: options.dockerfiles,
    suppressions: suppressions.filter(({isExpired}) => !isExpired).map(describedSuppression),
  })
}

/** A suppression as reports have it. */
export function describedSuppression({rule, image, platform, path, reason, until}: Suppression): ConfiguredSuppression {
  const name = platform && formatPlatform(normalisePlatform(platform))
  return {rule, ...defined({image, platform: name, path}), reason, until}
}
