interface WindowsVersion {
  readonly major: number
  readonly minor: number
  readonly build: number
}

/** Windows Server 2022 and 2025, the releases whose containers later hosts still run; ascending. */
const LTSC_BUILDS: readonly number[] = [20348, 26100]

/**
 * Whether a Windows host of one `os.version` runs a container of another; yes where either is unknown.
 * containerd/platforms platform_windows_compat.go, `checkWindowsHostAndContainerCompat`.
 */
export function windowsVersionRuns(hostVersion: string, imageVersion: string): boolean {
  const host = parseWindowsVersion(hostVersion)
  if (!host || imageVersion === '') return true
  const image = parseWindowsVersion(imageVersion) ?? {major: 0, minor: 0, build: 0}
  if (host.major !== image.major || host.minor !== image.minor) return false
  const [oldest = 0] = LTSC_BUILDS
  if (host.build < oldest) return host.build === image.build
  const lowest = LTSC_BUILDS.findLast(build => build < host.build) ?? oldest
  return lowest <= image.build && image.build <= host.build
}

/** `10.0.17763.1039`; undefined for other versions. */
function parseWindowsVersion(text: string): WindowsVersion | undefined {
  const [major, minor, build] = text.split('.', 3).map(part => (/^\d+$/.test(part) ? Number(part) : undefined))
  if (major === undefined || minor === undefined || build === undefined) return undefined
  if (major > 0xff || minor > 0xff || build > 0xffff || major + minor + build === 0) return undefined
  return {major, minor, build}
}
