import {mkdir, readdir, rm, symlink} from 'node:fs/promises'
import {join} from 'node:path'
import {runApt, updateLists} from './apt.ts'
import {cachedFolder, cacheFolder, exists} from './cache.ts'
import {type RunOptions, run, runAny} from './run.ts'
import {machineArch} from './tools.ts'

/** A small Debian beside this one, for programs that do not run on the C library of this machine. */
export interface System {
  readonly suite: string
  /**
   * Runs a program of it that must succeed, and gives what it prints; it sees the ground's
   * folder where that is, and the network.
   */
  run(command: readonly string[], options?: RunOptions): Promise<string>
}

// Mounts of the command's own, which end with it. The root is put together on a tmpfs, so that nothing is
// written to the cache, which other runs share: what is in the tree, the kernel's own file systems, and
// the ground's folder under its own name.
const ENTER = `
set -e
tree=$1 shared=$2 root=$1/mnt
shift 2
mount -t tmpfs -o mode=755 tmpfs "$root"
for path in "$tree"/*; do
  name=\${path##*/}
  if [ -L "$path" ]; then cp -P "$path" "$root/$name"
  elif [ "$name" != mnt ]; then mkdir -p "$root/$name"; mount --rbind "$path" "$root/$name"; fi
done
mkdir -p "$root/dev" "$root/proc" "$root/sys" "$root/run" "$root/tmp" "$root/root"
mount --rbind /dev "$root/dev"
mount --rbind /proc "$root/proc"
mount --rbind /sys "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs -o mode=1777 tmpfs "$root/var/tmp"
mkdir -p "$root$shared"
mount --rbind "$shared" "$root$shared"
exec chroot "$root" "$@"
`

/**
 * Gives a system of a suite with these packages and all that they depend on, unpacked into
 * the cache; nothing of it is configured.
 */
export async function findSystem(suite: string, packages: readonly string[], shared: string): Promise<System> {
  const arch = machineArch()
  const name = `${suite}-${arch}-${packages.join('-')}`
  const tree = await cachedFolder(join(cacheFolder(), 'roots', name), folder => unpack(suite, arch, packages, folder))
  const enter = ['--mount', '--propagation', 'private', 'sh', '-c', ENTER, 'sh', tree, shared]
  return {
    suite,
    run: async (command, {env = {}, ...options} = {}) => {
      const own = {PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', TMPDIR: '/var/tmp', LANG: 'C.UTF-8'}
      const {code, stdout, stderr} = await runAny('unshare', [...enter, ...command], {
        ...options,
        env: {...own, ...env},
      })
      if (code !== 0) throw new Error(`${command.join(' ')} (${suite}) ended with ${code}: ${stderr.trim()}`)
      return stdout.toString()
    },
  }
}

async function unpack(suite: string, arch: string, packages: readonly string[], folder: string): Promise<void> {
  const wanted = {suite, arch}
  const downloads = join(folder, '.download')
  await mkdir(join(downloads, 'partial'), {recursive: true})
  const install = ['-y', '--no-install-recommends', '--download-only', '-o', `Dir::Cache::archives=${downloads}`]
  const download = () => runApt(wanted, [...install, 'install', ...packages])
  await updateLists(wanted)
  await download().catch(async () => {
    // As for a single package: the lists may name what has left the mirror meanwhile.
    await updateLists(wanted, true)
    await download()
  })
  const files = (await readdir(downloads)).filter(name => name.endsWith('.deb'))
  if (files.length === 0) throw new Error(`apt-get install of ${packages.join(' ')} (${suite}, ${arch}) left no files`)
  for (const name of files) await run('dpkg-deb', ['--extract', join(downloads, name), folder])
  await rm(downloads, {recursive: true})
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    if (!(await exists(join(folder, name)))) await symlink(join('usr', name), join(folder, name))
  }
  await Promise.all(['mnt', 'var/tmp', 'var/lib'].map(name => mkdir(join(folder, name), {recursive: true})))
}
