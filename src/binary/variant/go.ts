import {exceedsVariant, normalisePlatform, type Platform} from '../../platform/index.ts'
import type {GoBuildInfo} from '../go-module-info.ts'
import {excess, type VariantEvidence} from './evidence.ts'

/**
 * The setting that names the processor level, by GOARCH; and what the level is called
 * elsewhere. Go src/internal/buildcfg/cfg.go
 */
const LEVEL_SETTINGS: Readonly<Record<string, readonly [key: string, name: (level: string) => string]>> = {
  amd64: ['GOAMD64', level => `x86-64-${level}`],
  arm: ['GOARM', level => `ARM${level}`],
  arm64: ['GOARM64', level => `ARM${level}`],
  ppc64: ['GOPPC64', level => level.toUpperCase()],
  ppc64le: ['GOPPC64', level => level.toUpperCase()],
  riscv64: ['GORISCV64', level => level.toUpperCase()],
}

/**
 * What Go recorded. These are the effective settings, and a Go program checks most of them when it starts and exits:
 * authoritative. They say nothing of linked C code.
 */
export function weighGoBuildInfo(go: GoBuildInfo, platform: Platform): VariantEvidence | undefined {
  const {architecture} = normalisePlatform(platform)
  if (!Object.hasOwn(LEVEL_SETTINGS, architecture) || go.settings.get('GOARCH') !== architecture) return undefined
  const [key, nameOf] = LEVEL_SETTINGS[architecture] ?? []
  const value = key && go.settings.get(key)
  if (!key || !value || !nameOf) return undefined
  const level = parseLevel(key, value)
  const evidence = {source: 'go-build-info', says: `${key}=${value}`, strength: 'authoritative'} as const
  return exceedsVariant(platform, level)
    ? {...evidence, exceeds: excess(platform, nameOf(level), evidence.strength)}
    : evidence
}

/** `7,hardfloat` is v7; `v8.0,lse` needs what v8.1 made mandatory. */
function parseLevel(key: string, value: string): string {
  const [level = '', ...options] = value.split(',')
  if (key === 'GOARM') return `v${level}`
  if (key === 'GOARM64' && level === 'v8.0' && options.includes('lse')) return 'v8.1'
  return level
}
