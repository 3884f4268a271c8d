import type {Platform} from './platform.ts'

/**
 * A platform as a user would request it: `linux/arm/v7`. `unknown` where there is no os. containerd/platforms `Format`.
 */
export function formatPlatform(platform: Platform): string {
  return join(platform.os, platform)
}

/** The same with the OS version: `windows(10.0.20348.2700)/amd64`. containerd/platforms `FormatAll`. */
export function formatPlatformFully(platform: Platform): string {
  return join(platform.osVersion ? `${platform.os}(${encode(platform.osVersion)})` : platform.os, platform)
}

function join(os: string, platform: Platform): string {
  if (platform.os === '') return 'unknown'
  return [os, platform.architecture, platform.variant].filter(part => part !== '').join('/')
}

/** What would end the version, or the parenthesis, early. */
function encode(version: string): string {
  return version.replace(/[%+()/]/g, character => encodeURIComponent(character).replace('(', '%28').replace(')', '%29'))
}
