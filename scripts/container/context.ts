import {chmod, copyFile, cp, mkdir, readdir, readlink, realpath, writeFile} from 'node:fs/promises'
import {basename, dirname, join, resolve} from 'node:path'
import {packageTree} from '../../e2e/ground/programs.ts'
import {nodePackage} from '../package/nodes.ts'

const ROOT = resolve(import.meta.dirname, '../..')

/** The newest of the line that the action runs on, of which npm has a package for each of the platforms. */
const NODE = '24.21.0'

/** For what the image is, and the name that npm gives to node's machine. */
const ARCHITECTURES = {amd64: 'x64', arm64: 'arm64'} as const
type Arch = keyof typeof ARCHITECTURES

export const CONTAINER_PLATFORMS: readonly string[] = Object.keys(ARCHITECTURES).map(arch => `linux/${arch}`)

/**
 * What node loads, by the package of Debian that has it. glibc has its own resolver since 2.34: no module is loaded.
 */
const LIBRARIES = {
  libc6: ['libc.so.6', 'libdl.so.2', 'libm.so.6', 'libpthread.so.0'],
  'libgcc-s1': ['libgcc_s.so.1'],
  'libstdc++6': ['libstdc++.so.6'],
} as const

const LOADERS: Readonly<Record<Arch, string>> = {
  amd64: '/lib64/ld-linux-x86-64.so.2',
  arm64: '/lib/ld-linux-aarch64.so.1',
}

const PASSWD = 'root:x:0:0:root:/:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/work:/sbin/nologin\n'

/**
 * Writes the build context of container/Dockerfile into an empty folder: for each platform node, as npm has it, and the
 * libraries that it loads, as Debian has them; and dist/ as it stands here.
 */
export async function writeContainerContext(folder: string): Promise<void> {
  await mkdir(join(folder, 'app'), {recursive: true})
  await cp(join(ROOT, 'dist'), join(folder, 'app/dist'), {recursive: true})
  await copyFile(join(ROOT, 'LICENSE'), join(folder, 'app/LICENSE'))
  await copyFile(join(ROOT, 'container/Dockerfile'), join(folder, 'Dockerfile'))
  // Object.keys forgets what the keys are.
  for (const arch of Object.keys(ARCHITECTURES) as readonly Arch[]) {
    await writeRoot(join(folder, 'root', arch), arch)
  }
}

async function writeRoot(root: string, arch: Arch): Promise<void> {
  const put = async (from: string, path: string, mode = 0o644): Promise<void> => {
    const to = join(root, path)
    await mkdir(dirname(to), {recursive: true})
    // A link of the package is the file that it leads to: the image has one of each.
    await copyFile(await realpath(from), to)
    await chmod(to, mode)
  }
  const node = await nodePackage(NODE, ARCHITECTURES[arch])
  await put(join(node, 'bin/node'), '/usr/bin/node', 0o755)
  await put(join(node, 'LICENSE'), '/usr/share/doc/node/LICENSE')
  for (const [name, libraries] of Object.entries(LIBRARIES)) {
    const tree = await packageTree(name, arch)
    for (const library of libraries) await put(await findFile(tree, library), `/usr/lib/${library}`)
    await put(await copyrightOf(tree, name, arch), `/usr/share/doc/${name}/copyright`)
    if (name === 'libc6') await put(await findFile(tree, basename(LOADERS[arch])), LOADERS[arch], 0o755)
  }
  await mkdir(join(root, 'etc'))
  await writeFile(join(root, 'etc/passwd'), PASSWD)
  await mkdir(join(root, 'tmp'))
  await chmod(join(root, 'tmp'), 0o1777)
}

/** A package's own, or that of the one that its folder is a link to: the compiler's, for its libraries. */
async function copyrightOf(tree: string, name: string, arch: Arch): Promise<string> {
  const folder = join(tree, 'usr/share/doc', name)
  const target = await readlink(folder).catch(() => undefined)
  if (target === undefined) return join(folder, 'copyright')
  return join(await packageTree(target, arch), 'usr/share/doc', target, 'copyright')
}

async function findFile(tree: string, name: string): Promise<string> {
  const found = (await readdir(tree, {recursive: true})).find(
    path => basename(path) === name && !path.includes('gconv'),
  )
  if (found === undefined) throw new Error(`${tree} has no ${name}`)
  return join(tree, found)
}
