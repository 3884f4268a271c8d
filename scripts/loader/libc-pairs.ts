import {chmod, copyFile, mkdir, realpath} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {exists} from '../../e2e/ground/cache.ts'
import {downloadPackage} from '../../e2e/ground/debian.ts'
import {runAny} from '../../e2e/ground/run.ts'
import {execve} from '../../src/exec/execve.ts'
import {checkLibraries} from '../../src/exec/loader/check.ts'
import {diskRootfs} from '../kernel/disk-rootfs.ts'
import {fastDirectory} from '../kernel/fast-directory.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'

/** Releases of glibc, as Debian has them: 2.36, 2.41 and what is newest. */
const SUITES = ['bookworm', 'trixie', 'sid'] as const
/** Debian's loaders and library directories. arm64 runs under QEMU's user mode emulator, in the same chroot. */
const MACHINES = [
  {arch: 'amd64', interp: '/lib64/ld-linux-x86-64.so.2', directory: 'lib/x86_64-linux-gnu', emulator: undefined},
  {arch: 'arm64', interp: '/lib/ld-linux-aarch64.so.1', directory: 'lib/aarch64-linux-gnu', emulator: 'qemu-aarch64'},
] as const
/** What the programs below need of libc6. */
const LIBRARIES = ['libc.so.6', 'libm.so.6', 'libpthread.so.0', 'libdl.so.2', 'librt.so.1']
/** Programs of the oldest release, so that every C library has the versions that they need. */
const PROGRAMS = [
  {package: 'coreutils', path: 'bin/true', args: ['--version']},
  {package: 'mawk', path: 'usr/bin/mawk', args: ['BEGIN{print sin(1)}']},
  {package: 'tini', path: 'usr/bin/tini', args: ['--version']},
  {package: 'libc-bin', path: 'usr/bin/iconv', args: ['--version']},
] as const

type Machine = (typeof MACHINES)[number]

export interface PairCounts {
  readonly tried: number
  readonly disagreements: number
}

/**
 * Puts the loader of one release over the C library of another, for every pair, and starts real programs with them. The
 * model must name the symbol where the loader does, say nothing of a release with itself, where everything starts, and
 * call all other pairs mixed: of those some start and others die without a word.
 */
export async function testLibcPairs(): Promise<PairCounts> {
  let [tried, disagreements] = [0, 0]
  for (const machine of MACHINES) {
    const tally = new Map<string, number>()
    for (const loader of SUITES) {
      for (const libc of SUITES) {
        const answers = await tryPair(machine, loader, libc)
        for (const {program, real, model} of answers) {
          tried++
          const kind = `${model.split(' ')[0]} by the model, ${real.split(' ')[0]} for real`
          tally.set(kind, (tally.get(kind) ?? 0) + 1)
          if (agrees(real, model)) continue
          disagreements++
          console.log(
            `${machine.arch} ${program}, loader of ${loader}, libc of ${libc}: real "${real}", model "${model}"`,
          )
        }
      }
    }
    const kinds = [...tally].map(([kind, count]) => `${count} ${kind}`).join('; ')
    console.log(`glibc of two releases, ${machine.arch}: ${kinds}`)
  }
  return {tried, disagreements}
}

function agrees(real: string, model: string): boolean {
  return model === 'mixed' ? real === 'started' || real.startsWith('died') : real === model
}

interface PairAnswer {
  readonly program: string
  readonly real: string
  readonly model: string
}

async function tryPair(machine: Machine, loaderSuite: string, libcSuite: string): Promise<readonly PairAnswer[]> {
  const {arch, interp, directory, emulator} = machine
  return withTemporaryFolder(
    'libc-pairs',
    async root => {
      await chmod(root, 0o755)
      const loader = await libraryOf(loaderSuite, machine, basename(interp))
      await copyTo(root, interp, loader)
      for (const name of LIBRARIES)
        await copyTo(root, `/${directory}/${name}`, await libraryOf(libcSuite, machine, name))
      if (emulator !== undefined) {
        const tree = await downloadPackage({name: 'qemu-user', suite: 'trixie', arch: 'amd64'})
        await copyTo(root, `/${emulator}`, join(tree, 'usr/bin', emulator))
      }
      const answers: PairAnswer[] = []
      for (const one of PROGRAMS) {
        const tree = await downloadPackage({name: one.package, suite: 'bookworm', arch})
        const path = `/bin/${basename(one.path)}`
        await copyTo(root, path, join(tree, one.path))
        const command = [...(emulator === undefined ? [] : [`/${emulator}`]), path, ...one.args]
        const {code, signal, stderr} = await runAny('chroot', [root, ...command])
        answers.push({
          program: path,
          real: readAnswer(code, signal, stderr),
          model: await askModel(root, arch, [path, ...one.args]),
        })
      }
      return answers
    },
    await fastDirectory(),
  )
}

/** The emulator reports a signal of its program as its own. */
function readAnswer(code: number | null, signal: string | null, stderr: string): string {
  const [, object, symbol] =
    /symbol lookup error: (\S+): undefined symbol: (\w+), version GLIBC_PRIVATE/.exec(stderr) ?? []
  if (code === 127 && object !== undefined) return `symbol ${symbol} of ${object}`
  if (code === 0) return 'started'
  return signal !== null || (code !== null && code > 128) ? `died ${signal ?? code}` : `ended ${code} ${stderr.trim()}`
}

async function askModel(root: string, architecture: string, argv: readonly string[]): Promise<string> {
  const rootfs = diskRootfs(root)
  const user = {uid: 0, gid: 0, groups: [], home: undefined}
  const process = {argv, cwd: '/', env: new Map<string, string>(), user}
  const platform = {os: 'linux', architecture, variant: ''}
  const {loads} = await execve({rootfs, platform}, process, argv[0] ?? '')
  const [program, loader] = loads
  if (program?.identity?.kind !== 'elf' || loader?.identity?.kind !== 'elf') return 'execve fails'
  if (!program.resolved.node || !loader.resolved.node) return 'no files'
  const {obstacles} = await checkLibraries({
    rootfs,
    process,
    program: {path: program.path, node: program.resolved.node, elf: program.identity},
    loader: {path: loader.path, node: loader.resolved.node, elf: loader.identity},
  })
  const [first] = obstacles
  if (!first) return 'started'
  if (first.kind === 'mixed-release') return 'mixed'
  return first.kind === 'missing-symbols' ? `symbol ${first.symbols[0]} of ${first.neededBy}` : first.kind
}

async function libraryOf(suite: string, {arch, directory}: Machine, name: string): Promise<string> {
  const tree = await downloadPackage({name: 'libc6', suite, arch})
  // Later suites have all of it below /usr.
  for (const prefix of ['', 'usr/']) {
    const path = join(tree, prefix, directory, name)
    if (await exists(path)) return realpath(path)
  }
  throw new Error(`libc6 of ${suite} for ${arch} has no ${name}`)
}

async function copyTo(root: string, path: string, from: string): Promise<void> {
  await mkdir(dirname(join(root, path)), {recursive: true})
  await copyFile(from, join(root, path))
  await chmod(join(root, path), 0o755)
}
