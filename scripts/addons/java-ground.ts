import {mkdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {buildZip} from '../../__tests__/support/zip-builder.ts'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {downloadPackage} from '../../e2e/ground/debian.ts'
import {run, runAny} from '../../e2e/ground/run.ts'
import type {UsualArch} from '../systems/architectures.ts'
import {fetchDebs, unpackDebs} from '../systems/debian.ts'
import {JAVA_LIBRARIES, type JavaLibrary} from './java-packages.ts'
import {nodeTree} from './node-trees.ts'

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
  natives(library: JavaLibrary): readonly {readonly word: string; readonly arch: UsualArch | 'amd64 with musl'}[]
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
  {name: 'for another machine under the own path', natives: ({words}) => [{word: words.amd64, arch: 'arm64'}]},
  {name: 'for musl under the own path', natives: ({words}) => [{word: words.amd64, arch: 'amd64 with musl'}]},
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

/** How a JVM is given a native agent, and which. */
export interface JavaAgentCase {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly options: readonly string[]
}

const FOREIGN_AGENT = '/app/agent.so'
const OWN_AGENT = '/usr/lib/jvm/java-21-openjdk-amd64/lib/libjdwp.so'

export const JAVA_AGENT_CASES: readonly JavaAgentCase[] = [FOREIGN_AGENT, OWN_AGENT].flatMap(path => {
  const option = `-agentpath:${path}=help`
  return [
    {name: `${path} by JAVA_TOOL_OPTIONS`, env: {JAVA_TOOL_OPTIONS: `-Xmx64m '${option}'`}, options: []},
    {name: `${path} by _JAVA_OPTIONS`, env: {_JAVA_OPTIONS: option}, options: []},
    {name: `${path} by an option`, env: {}, options: ['-Xmx64m', option]},
    {name: `${path} behind the class`, env: {}, options: ['-version', option]},
  ]
})

/** Puts a library of another machine where the agents of the cases are, into a copy of the root. */
export async function makeAgentRoot(folder: string): Promise<string> {
  const root = join(folder, 'root')
  await run('cp', ['-al', await javaRoot(), root])
  const [library] = JAVA_LIBRARIES
  if (library === undefined) throw new Error('there is no library of Java')
  await writeFile(join(root, FOREIGN_AGENT), await readFile(await nativeOf(library, 'arm64')))
  return root
}

/** The command of a case; it ends as soon as the agents are loaded. */
export function agentCommand({options}: JavaAgentCase): readonly string[] {
  return [JVM, ...options, '-version']
}

/** Starts a JVM with an agent; what it says of what goes wrong, or undefined where it ends well. */
export async function runAgent(root: string, one: JavaAgentCase): Promise<string | undefined> {
  const env = {PATH: '/usr/bin', HOME: '/nonexistent', ...one.env}
  const {code, signal, stdout} = await runAny('unshare', inRoot(root, agentCommand(one)), {env, timeoutMs: 60_000})
  return code === 0 ? undefined : `${code ?? signal}: ${stdout.toString().trim().split('\n')[0]?.slice(0, 160) ?? ''}`
}

const MUSL_LIBRARY = 'node_modules/bcrypt/prebuilds/linux-x64/bcrypt.musl.node'
const TRIPLETS = {amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu'} as const

/** A library's native as Debian has it for a machine. */
async function nativeOf({packages, native}: JavaLibrary, arch: UsualArch | 'amd64 with musl'): Promise<string> {
  // Debian has none: a loader of glibc comes no further in any library of musl than to what it needs.
  if (arch === 'amd64 with musl') return join(await nodeTree({cpu: 'x64', libc: 'musl'}), MUSL_LIBRARY)
  const name = packages.find(one => one.endsWith('-jni')) ?? ''
  return join(await downloadPackage({name, suite: SUITE, arch}), native(TRIPLETS[arch]))
}
