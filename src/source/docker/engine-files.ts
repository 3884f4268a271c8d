import type {FileNode} from '../../image/rootfs.ts'

const EMPTY_FILES = ['/.dockerenv', '/dev/console', '/etc/hostname', '/etc/hosts', '/etc/resolv.conf']
const DIRECTORIES = ['/dev/pts', '/dev/shm']

/**
 * Whether a file is what the engine puts into every container that it creates, to mount something upon, and no image
 * needs to have: empty files, where the image has none of that name. `/dev`, `/etc`, `/proc` and `/sys`, which it makes
 * as well, are in nearly every image. https://github.com/moby/moby/blob/master/daemon/initlayer/setup_unix.go
 */
export function isEngineFile({path, kind, size, target}: FileNode): boolean {
  if (kind === 'symlink') return path === '/etc/mtab' && target === '/proc/mounts'
  return kind === 'file' ? size === 0 && EMPTY_FILES.includes(path) : DIRECTORIES.includes(path)
}
