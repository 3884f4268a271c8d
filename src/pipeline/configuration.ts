import {raisedLimits} from '../lib/limits.ts'
import {formatPlatform, normalisePlatform} from '../platform/index.ts'
import {type ReportConfiguration, withDigest} from '../report/configuration.ts'
import type {Options} from './options.ts'

/**
 * What of the options the verdict depends on. What only says how fast, from where or how long (`cache`, `concurrency`,
 * `timeout`) is not in it, nor are the images themselves.
 */
export function configurationOf(options: Options): ReportConfiguration {
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
  })
}
