import {readdir, readFile} from 'node:fs/promises'
import {join, relative} from 'node:path'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {downloadPackage} from '../../e2e/ground/debian.ts'
import {run} from '../../e2e/ground/run.ts'

/** A file to look at, with what its package's name promises of it. */
export interface CorpusFile {
  /** Unique, for messages: `debian/arm64/libc6/usr/lib/…`. */
  readonly label: string
  readonly path: string
  /** What must be read of its Go build info: before Go 1.18 there is only a version. */
  readonly go?: {readonly goos: string; readonly goarch: string; readonly settings: boolean}
}

const BOOKWORM = ['amd64', 'arm64', 'armel', 'armhf', 'i386', 'mips64el', 'mipsel', 'ppc64el', 's390x']
const SID = ['riscv64', 'loong64']
const PACKAGES = ['busybox-static', 'tini', 'libc6', 'libgcc-s1', 'libstdc++6', 'musl', 'dash', 'zlib1g', 'fzf']

interface NpmPackages {
  /** What stands before the platform in the packages' names. */
  readonly prefix: string
  readonly version: string
  readonly platforms: string
  /** Whether its ELF programs hold Go build info: all of it, or the version that Go before 1.18 wrote. */
  readonly go?: 'settings' | 'version'
}

/** Platform packages of npm, pinned: Go programs, Rust and C++ ones (.node libraries are ELF, Mach-O or PE). */
const NPM: readonly NpmPackages[] = [
  {
    // Built without build info.
    prefix: '@esbuild/',
    version: '0.28.2',
    platforms:
      'aix-ppc64 android-arm64 darwin-arm64 darwin-x64 freebsd-arm64 freebsd-x64 linux-arm linux-arm64 linux-ia32 linux-loong64 ' +
      'linux-mips64el linux-ppc64 linux-riscv64 linux-s390x linux-x64 netbsd-arm64 netbsd-x64 openbsd-arm64 openbsd-x64 ' +
      'openharmony-arm64 sunos-x64 win32-arm64 win32-ia32 win32-x64',
  },
  {
    // Go 1.20.
    prefix: '@esbuild/',
    version: '0.17.19',
    platforms:
      'android-arm64 freebsd-arm64 freebsd-x64 linux-arm linux-arm64 linux-ia32 linux-loong64 linux-mips64el linux-ppc64 ' +
      'linux-riscv64 linux-s390x linux-x64 netbsd-x64 openbsd-x64 sunos-x64',
    go: 'settings',
  },
  // Go 1.17 and 1.16: pointers, of 8 bytes big-endian, of 8 and of 4 little-endian.
  {prefix: 'esbuild-', version: '0.14.10', platforms: 'linux-s390x linux-mips64le', go: 'version'},
  {prefix: 'esbuild-', version: '0.9.7', platforms: 'linux-64 freebsd-64', go: 'version'},
  {prefix: 'esbuild-', version: '0.11.12', platforms: 'linux-32', go: 'version'},
  {prefix: 'esbuild-', version: '0.11.20', platforms: 'linux-arm', go: 'version'},
  {
    prefix: 'lefthook-',
    version: '1.11.0',
    platforms: 'freebsd-arm64 freebsd-x64 linux-arm64 linux-x64 openbsd-x64 darwin-arm64 windows-x64',
    go: 'settings',
  },
  {
    prefix: '@rollup/rollup-',
    version: '4.67.4',
    platforms:
      'android-arm-eabi android-arm64 darwin-arm64 darwin-x64 freebsd-arm64 freebsd-x64 linux-arm-gnueabihf linux-arm-musleabihf ' +
      'linux-arm64-gnu linux-arm64-musl linux-loong64-gnu linux-ppc64-gnu linux-riscv64-gnu linux-riscv64-musl linux-s390x-gnu ' +
      'linux-x64-gnu linux-x64-musl openbsd-x64 win32-arm64-msvc win32-ia32-msvc win32-x64-gnu win32-x64-msvc',
  },
  {
    prefix: '@node-rs/argon2-',
    version: '2.2.1',
    platforms:
      'android-arm64 darwin-arm64 freebsd-x64 linux-arm-gnueabihf linux-arm64-musl linux-x64-gnu win32-ia32-msvc win32-x64-msvc',
  },
  {prefix: 'lightningcss-', version: '1.33.0', platforms: 'darwin-x64 linux-arm64-gnu linux-x64-musl win32-arm64-msvc'},
]

/** Whether a package is taken, of a corpus of which only a part is. */
export type TakesPackage = () => boolean

/** Fetches the corpus into the cache, where it is not there yet, and lists its files. */
export async function readCorpus(log: (text: string) => void, takes: TakesPackage): Promise<readonly CorpusFile[]> {
  return [...(await readDebian(log, takes)), ...(await readNpm(log, takes))]
}

async function readDebian(log: (text: string) => void, takes: TakesPackage): Promise<readonly CorpusFile[]> {
  const suites = [...BOOKWORM.map(arch => ({arch, suite: 'bookworm'})), ...SID.map(arch => ({arch, suite: 'sid'}))]
  const files: CorpusFile[] = []
  for (const {arch, suite} of suites) {
    for (const name of PACKAGES) {
      if (!takes()) continue
      const folder = await downloadPackage({name, suite, arch}).catch(skip(log, `${name} of ${suite}/${arch}`))
      if (folder === undefined) continue
      for (const path of await listFiles(folder)) {
        const label = `debian/${arch}/${name}/${relative(folder, path)}`
        const isGo = path.endsWith('/bin/fzf')
        files.push(
          isGo ? {label, path, go: {goos: 'linux', goarch: GOARCH[arch] ?? arch, settings: true}} : {label, path},
        )
      }
    }
  }
  return files
}

async function readNpm(log: (text: string) => void, takes: TakesPackage): Promise<readonly CorpusFile[]> {
  const files: CorpusFile[] = []
  for (const {prefix, version, platforms, go} of NPM) {
    for (const platform of platforms.split(' ')) {
      if (!takes()) continue
      const folder = await fetchNpm(`${prefix}${platform}`, version).catch(skip(log, `${prefix}${platform}@${version}`))
      if (folder === undefined) continue
      for (const path of await listFiles(folder)) {
        const label = `npm/${prefix}${platform}@${version}/${relative(folder, path)}`
        files.push(go ? {label, path, go: {...goPlatform(platform), settings: go === 'settings'}} : {label, path})
      }
    }
  }
  return files
}

function skip(log: (text: string) => void, what: string) {
  return (error: unknown): undefined => {
    log(`skipped: ${what}: ${String(error instanceof Error ? error.message : error).slice(0, 160)}`)
  }
}

/** Packs and unpacks one package, through npm itself; nothing of it is run. */
export async function fetchNpm(name: string, version: string): Promise<string> {
  const target = join(cacheFolder(), 'npm', `${name.replace('/', '+')}-${version}`)
  return cachedFolder(target, async folder => {
    await run('npm', ['pack', `${name}@${version}`, '--silent', '--ignore-scripts', '--pack-destination', folder], {
      cwd: folder,
    })
    const [archive] = (await readdir(folder)).filter(file => file.endsWith('.tgz'))
    if (archive === undefined) throw new Error(`npm pack ${name}@${version} left no file`)
    await run('tar', ['-xzf', archive], {cwd: folder})
    await run('rm', [archive], {cwd: folder})
  })
}

/** What Debian, Node and their packages call architectures and systems, as Go does. */
const GOARCH: Readonly<Record<string, string>> = {
  '32': '386',
  '64': 'amd64',
  armel: 'arm',
  armhf: 'arm',
  i386: '386',
  ia32: '386',
  mips64el: 'mips64le',
  mipsel: 'mipsle',
  ppc64el: 'ppc64le',
  x64: 'amd64',
}
const GOOS: Readonly<Record<string, string>> = {win32: 'windows', sunos: 'illumos', openharmony: 'linux'}

function goPlatform(platform: string): {readonly goos: string; readonly goarch: string} {
  const [os = '', arch = ''] = platform.split('-')
  // Node's ppc64 is little-endian on linux and big-endian on AIX.
  const goarch = arch === 'ppc64' && os === 'linux' ? 'ppc64le' : (GOARCH[arch] ?? arch)
  return {goos: GOOS[os] ?? os, goarch}
}

/** Every regular file below a folder, in a fixed order; links are left out, for their targets are there. */
async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

/** The bytes of a corpus file. */
export async function readCorpusFile({path}: CorpusFile): Promise<Uint8Array> {
  return readFile(path)
}
