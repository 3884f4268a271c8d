import {fail, ok, type Result} from '../lib/result.ts'
import {findArchitecture} from './architectures/index.ts'
import {normaliseArchitecture, normaliseOs} from './normalise.ts'
import type {Platform} from './platform.ts'

const EXPECTED = 'expected os/architecture or os/architecture/variant, such as linux/amd64 or linux/arm/v7'

// containerd/platforms platforms.go: specifierRe and osRe (os, version, features).
const COMPONENT = /^[A-Za-z0-9_.-]+$/
const OS_COMPONENT = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/

/**
 * Reads what a user writes for a platform, as containerd/platforms `Parse` does, but for one thing: os and
 * architecture must both be there, because there is no host here to take the missing half from.
 * `windows(10.0.20348)/amd64` gives the osVersion. The architecture is normalised; `linux/arm` keeps its empty variant
 * and `linux/arm64/v8` its v8, so compare by platformsEqual.
 */
export function parsePlatform(text: string): Result<Platform> {
  const quoted = JSON.stringify(text)
  const [first = '', second, third, ...rest] = text.split('/', 5)
  if (rest.length > 0) return fail(`${quoted} is not a platform: ${EXPECTED}`)
  const os = OS_COMPONENT.exec(first)
  if (!os?.[1]) return fail(`${quoted} is not a platform: ${EXPECTED}`)
  for (const part of [second, third]) {
    if (part !== undefined && !COMPONENT.test(part)) return fail(`${quoted} is not a platform: ${EXPECTED}`)
  }
  if (second === undefined) return fail(`${quoted} is not a platform: ${EXPECTED}${suggestion(first)}`)
  if (os[3]) return fail(`${quoted} names OS features, which cannot be asked for here: ${EXPECTED}`)
  const osVersion = decode(os[2] ?? '')
  if (osVersion === undefined) return fail(`${quoted} is not a platform: its OS version is not percent-encoded text`)
  return ok({
    os: normaliseOs(os[1]),
    ...parseArchitecture(second, third),
    ...(osVersion === '' ? {} : {osVersion}),
  })
}

function parseArchitecture(architecture: string, variant: string | undefined) {
  const normal = normaliseArchitecture(architecture, variant ?? '')
  if (variant === undefined) {
    // The default is left out, as in most images: linux/arm, linux/armhf.
    return normal.architecture === 'arm' && normal.variant === 'v7' ? {...normal, variant: ''} : normal
  }
  return normal.architecture === 'arm64' && normal.variant === '' ? {...normal, variant: 'v8'} : normal
}

function suggestion(component: string): string {
  const {architecture, variant} = normaliseArchitecture(component, '')
  if (findArchitecture(architecture) === undefined) return ''
  const wanted = architecture === 'arm' ? `arm/${variant}` : architecture
  return `; did you mean linux/${wanted}?`
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
