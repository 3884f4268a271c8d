/**
 * The extended attribute security.capability (include/uapi/linux/capability.h): little-endian whatever the machine,
 *
 *     u32 magic_etc          the revision in the highest byte, VFS_CAP_FLAGS_EFFECTIVE in the lowest bit
 *     u32 permitted, inheritable       twice: the low halves, then the high ones
 *     u32 rootid             in revision 3: the user id that is root where the capabilities hold
 */
export interface FileCapability {
  readonly revision: 2 | 3
  /** The program gets what is permitted without asking: the kernel then insists on all of it. */
  readonly isEffective: boolean
  /** Bits by the capabilities' numbers. */
  readonly permitted: bigint
  /** 0 in revision 2. */
  readonly rootId: number
}

/** In bytes, by revision: XATTR_CAPS_SZ_2 and _3. cap_convert_nscap lets nobody set another, revision 1 included. */
const SIZES = {2: 20, 3: 24} as const

/** Undefined where the kernel refuses the value, so that no engine can unpack it. `hex`: the attribute's bytes. */
export function parseFileCapability(hex: string): FileCapability | undefined {
  const bytes = Buffer.from(hex, 'hex')
  if (bytes.length < 4) return undefined
  const magic = bytes.readUInt32LE(0)
  const revision = magic >>> 24
  if ((revision !== 2 && revision !== 3) || bytes.length !== SIZES[revision]) return undefined
  const low = BigInt(bytes.readUInt32LE(4))
  const high = BigInt(bytes.readUInt32LE(12))
  return {
    revision,
    isEffective: (magic & 1) !== 0,
    permitted: ((high << 32n) | low) & VALID,
    rootId: revision === 3 ? bytes.readUInt32LE(20) : 0,
  }
}

/** By their numbers. */
const NAMES =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'
    .split(' ')
    .map(name => `CAP_${name}`)

/** CAP_VALID_MASK: the kernel forgets other bits. */
const VALID = (1n << BigInt(NAMES.length)) - 1n

/**
 * What engines leave to a container's bounding set by default: moby daemon/pkg/oci/caps/defaults.go, the
 * same in containerd. Podman grants fewer.
 */
const DEFAULT_CAPABILITIES: ReadonlySet<string> = new Set(
  'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'
    .split(' ')
    .map(name => `CAP_${name}`),
)

/**
 * The capabilities for whose lack execve(2) gives EPERM in a container with an engine's defaults:
 * security/commoncap.c bprm_caps_from_vfs_caps, which runs before the user id is looked at, so that root is
 * refused, too. Empty where the effective bit is not set: the program then starts without. Those of another user
 * namespace's root (revision 3) are none here.
 */
export function findUngranted({isEffective, permitted, rootId}: FileCapability): readonly string[] {
  if (!isEffective || rootId !== 0) return []
  return NAMES.filter((name, bit) => ((permitted >> BigInt(bit)) & 1n) === 1n && !DEFAULT_CAPABILITIES.has(name))
}
