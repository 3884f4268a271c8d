import type {FileNode} from '../image/rootfs.ts'
import type {Credentials} from './credentials.ts'

const READ = 0o4
const WRITE = 0o2
const EXECUTE = 0o1

/**
 * Whether execve(2) has execute permission for a file: inode_permission(MAY_EXEC) of fs/namei.c.
 * Root has CAP_DAC_OVERRIDE, also under the engines' default capabilities, and still needs one x
 * bit somewhere. No access control lists.
 */
export function mayExecute(node: FileNode, who: Credentials): boolean {
  return who.uid === 0 ? (node.mode & 0o111) !== 0 : allows(node, who, EXECUTE)
}

/** Whether a file can be opened for reading. */
export function mayRead(node: FileNode, who: Credentials): boolean {
  return who.uid === 0 || allows(node, who, READ)
}

/** Whether a file can be opened for writing, or names can be made and removed in a directory. */
export function mayWrite(node: FileNode, who: Credentials): boolean {
  return who.uid === 0 || allows(node, who, WRITE)
}

/** Whether names can be looked up in a directory. */
export function maySearch(directory: FileNode, who: Credentials): boolean {
  return who.uid === 0 || allows(directory, who, EXECUTE)
}

/** acl_permission_check(): the owner's bits, else the group's, else the others'; the first class that fits decides. */
function allows(node: FileNode, who: Credentials, bit: number): boolean {
  if (node.uid === who.uid) return ((node.mode >> 6) & bit) !== 0
  if (node.gid === who.gid || who.groups.includes(node.gid)) return ((node.mode >> 3) & bit) !== 0
  return (node.mode & bit) !== 0
}
