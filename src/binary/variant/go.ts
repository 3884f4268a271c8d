import {exceedsVariant, findArchitecture, normalisePlatform, type Platform} from '../../platform/index.ts'
import type {GoBuildInfo} from '../go-module-info.ts'
import {excess, type VariantEvidence} from './evidence.ts'

/**
 * What Go recorded. These are the effective settings, and a Go program checks most of them when it starts and exits:
 * authoritative. They say nothing of linked C code.
 */
export function weighGoBuildInfo(go: GoBuildInfo, platform: Platform): VariantEvidence | undefined {
  const {architecture} = normalisePlatform(platform)
  const variants = findArchitecture(architecture)?.variants
  if (variants === undefined || go.settings.get('GOARCH') !== architecture) return undefined
  const {goSetting: key, prefix} = variants
  const value = go.settings.get(key)
  if (!value) return undefined
  const level = parseLevel(key, value)
  const name = prefix === undefined ? level.toUpperCase() : prefix + level
  const evidence = {source: 'go-build-info', says: `${key}=${value}`, strength: 'authoritative'} as const
  return exceedsVariant(platform, level) ? {...evidence, exceeds: excess(platform, name, evidence.strength)} : evidence
}

/** `7,hardfloat` is v7; `v8.0,lse` needs what v8.1 made mandatory. */
function parseLevel(key: string, value: string): string {
  const [level = '', ...options] = value.split(',')
  if (key === 'GOARM') return `v${level}`
  if (key === 'GOARM64' && level === 'v8.0' && options.includes('lse')) return 'v8.1'
  return level
}
