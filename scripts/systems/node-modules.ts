import {mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {run} from '../../e2e/ground/run.ts'
import type {UsualArch} from './architectures.ts'

/** Packages of npm, name -> version, with the platform packages of all platforms, or only of the image's own. */
export interface NpmTree {
  readonly packages: Readonly<Record<string, string>>
  readonly allPlatforms: boolean
}

const CPU: Readonly<Record<UsualArch, string>> = {amd64: 'x64', arm64: 'arm64'}

/** What a tree depends on. */
export function nodeModulesKey(tree: NpmTree, arch: UsualArch): readonly string[] {
  return [JSON.stringify(tree.packages), tree.allPlatforms ? 'all' : arch]
}

/** Fills /app/node_modules as npm installs it on linux with glibc; no script of a package is run. */
export async function fillNodeModules(tree: NpmTree, arch: UsualArch, folder: string): Promise<void> {
  const app = join(folder, 'app')
  await mkdir(app)
  await install(app, tree.packages, arch)
  if (!tree.allPlatforms) return
  // Npm installs what `os` and `cpu` allow; named by hand, with --force, it takes all.
  const wanted = new Map(Object.entries(await platformPackages(join(app, 'node_modules'), tree.packages)))
  for (;;) {
    const missing = await install(app, {...tree.packages, ...Object.fromEntries(wanted)}, arch).then(
      () => undefined,
      missingPackage,
    )
    if (missing === undefined) break
    wanted.delete(missing)
    if (wanted.size < LEAST_PLATFORM_PACKAGES) throw new Error(`the registry lacks ${missing} and too many others`)
  }
}

/** With fewer packages for other platforms a tree is no test. */
const LEAST_PLATFORM_PACKAGES = 50

/** The package that npm did not find: not every registry has those of every platform. Throws what is anything else. */
function missingPackage(error: unknown): string {
  const [, name] =
    /No matching version found for (\S+)@[^@\s]+\.\s|404 Not Found .*\/(@[^/\s]+%2f[^/\s]+|[^/\s]+)/.exec(
      String(error),
    ) ?? []
  if (name === undefined) throw error
  return decodeURIComponent(name)
}

async function install(app: string, packages: Readonly<Record<string, string>>, arch: UsualArch): Promise<void> {
  await writeFile(join(app, 'package.json'), JSON.stringify({name: 'app', private: true, dependencies: packages}))
  await run(
    'npm',
    [
      ...['install', '--ignore-scripts', '--no-audit', '--no-fund', '--force', '--legacy-peer-deps'],
      ...['--os', 'linux', '--cpu', CPU[arch], '--libc', 'glibc', '--loglevel', 'error'],
    ],
    {cwd: app},
  )
  await rm(join(app, 'package-lock.json'), {force: true})
}

/** The optional packages that the packages of a tree name: those of other platforms are not installed. */
async function platformPackages(
  modules: string,
  packages: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {}
  for (const name of Object.keys(packages)) {
    const text = await readFile(join(modules, name, 'package.json'), 'utf8')
    // A package.json is what npm itself wrote to the registry: its optionalDependencies are names and ranges.
    const {optionalDependencies = {}}: {optionalDependencies?: Record<string, string>} = JSON.parse(text)
    Object.assign(found, optionalDependencies)
  }
  if (Object.keys(found).length === 0) throw new Error(`no package of ${await readdir(modules)} has platform packages`)
  return found
}
