import {mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {buildZip} from '../../__tests__/support/zip-builder.ts'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {downloadPackage} from '../../e2e/ground/debian.ts'
import {run, runAny} from '../../e2e/ground/run.ts'
import type {UsualArch} from '../systems/architectures.ts'
import {fetchDebs, unpackDebs} from '../systems/debian.ts'
import {JAVA_LIBRARIES, type JavaLibrary} from './java-packages.ts'

const SUITE = 'trixie'
const PACKAGES = JAVA_LIBRARIES.flatMap(({packages}) => packages)

/** A root with Debian's JVM and the libraries, of amd64; nothing of it was configured. */
export async function javaRoot(): Promise<string> {
  const debs = await fetchDebs('amd64', ['openjdk-21-jre-headless', 'ecj', 'dash', 'coreutils', ...PACKAGES], SUITE)
  return cachedFolder(join(cacheFolder(), 'addons', 'java-amd64-1'), async folder => {
    await unpackDebs(debs, 'amd64', folder)
    await mkdir(join(folder, 'app'))
    for (const {name, uses} of JAVA_LIBRARIES) {
      const source = `public class ${className(name)} {\n  public static void main(String[] args) throws Throwable {\n    ${uses}\n  }\n}\n`
      await writeFile(join(folder, 'app', `${className(name)}.java`), source)
    }
    const jars = JAVA_LIBRARIES.flatMap(library => library.jars)
    const sources = JAVA_LIBRARIES.map(({name}) => `/app/${className(name)}.java`)
    const compiler = [...ECJ, '-17', '-nowarn', '-proc:none']
    await run('unshare', inRoot(folder, [JVM, ...compiler, '-cp', jars.join(':'), ...sources]))
  })
}

/** How unshare starts a program in a root: the JVM finds its libraries by /proc/self/exe. */
function inRoot(root: string, command: readonly string[]): readonly string[] {
  const script = 'mkdir -p "$0/proc" "$0/tmp"; mount --bind /proc "$0/proc"; exec /usr/sbin/chroot "$0" "$@"'
  return ['--mount', 'sh', '-ec', script, root, ...command]
}

/** Its class path, which /usr/bin/ecj gives it, and its main class. */
const ECJ = [
  '-cp',
  '/usr/share/java/eclipse-jdt-core.jar:/usr/share/java/eclipse-jdt-core-compiler-batch.jar',
  'org.eclipse.jdt.internal.compiler.batch.Main',
]

const JVM = '/usr/lib/jvm/java-21-openjdk-amd64/bin/java'

function className(name: string): string {
  return `Uses_${name.replace(/\W/g, '_')}`
}

/** How natives come into jars. */
export interface JavaVariant {
  readonly name: string
  /** Under these words in a jar beside the library's own, as they are for these machines. */
  natives(library: JavaLibrary): readonly {readonly word: string; readonly arch: UsualArch}[]
  /** Debian's native stays where Debian puts it, and the JVM looks there. */
  readonly keepsOutside?: true
}

export const JAVA_VARIANTS: readonly JavaVariant[] = [
  {
    name: 'for both machines',
    natives: ({words}) => [
      {word: words.amd64, arch: 'amd64'},
      {word: words.arm64, arch: 'arm64'},
    ],
  },
  {name: 'for the machine', natives: ({words}) => [{word: words.amd64, arch: 'amd64'}]},
  {name: 'for another machine', natives: ({words}) => [{word: words.arm64, arch: 'arm64'}]},
  {
    name: 'for another C library',
    natives: ({words}) => [
      {word: words.musl ?? words.arm64, arch: 'amd64'},
      {word: words.arm64, arch: 'arm64'},
    ],
  },
  {
    name: 'for another machine, and the own beside',
    natives: ({words}) => [{word: words.arm64, arch: 'arm64'}],
    keepsOutside: true,
  },
]

/** Makes a copy of the root, with links to its files, in which the natives are in jars. */
export async function makeJavaRoot(folder: string, variant: JavaVariant): Promise<string> {
  const root = join(folder, 'root')
  await run('cp', ['-al', await javaRoot(), root])
  for (const library of JAVA_LIBRARIES) {
    const files = await Promise.all(
      variant.natives(library).map(async ({word, arch}) => ({
        name: library.entry(word),
        content: await readFile(await nativeOf(library, arch)),
      })),
    )
    await writeFile(join(root, 'app', `${library.name}-natives.jar`), buildZip(files))
    if (variant.keepsOutside === undefined) await rm(join(root, library.native(TRIPLETS.amd64)))
  }
  return root
}

/** Runs what uses a library; what it says of what goes wrong, or undefined where it ends well. */
export async function runJava(
  root: string,
  {name, jars, options}: JavaLibrary,
  {keepsOutside}: JavaVariant,
): Promise<string | undefined> {
  const path = [...jars, `/app/${name}-natives.jar`, '/app'].join(':')
  const wanted = options.filter(option => keepsOutside === undefined || !option.startsWith('-D'))
  const command = [JVM, ...wanted, '-cp', path, className(name)]
  const {code, signal, stderr} = await runAny('unshare', inRoot(root, command), {
    env: {PATH: '/usr/bin', HOME: '/nonexistent'},
    timeoutMs: 60_000,
  })
  return code === 0 ? undefined : `${code ?? signal}: ${stderr.trim().split('\n')[0]?.slice(0, 160) ?? ''}`
}

const TRIPLETS = {amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu'} as const

/** A library's native as Debian has it for a machine. */
async function nativeOf({packages, native}: JavaLibrary, arch: UsualArch): Promise<string> {
  const name = packages.find(one => one.endsWith('-jni')) ?? ''
  return join(await downloadPackage({name, suite: SUITE, arch}), native(TRIPLETS[arch]))
}
