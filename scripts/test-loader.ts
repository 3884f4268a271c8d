import {chmod, copyFile, mkdir, readFile, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {parseArgs} from 'node:util'
import {type MemoryEntry, memoryRootfs} from '../__tests__/support/memory-rootfs.ts'
import {exists} from '../e2e/ground/cache.ts'
import {downloadPackage} from '../e2e/ground/debian.ts'
import {packageTree} from '../e2e/ground/programs.ts'
import {run, runAny} from '../e2e/ground/run.ts'
import {execve} from '../src/exec/execve.ts'
import {checkLibraries} from '../src/exec/loader/check.ts'
import type {LoaderObstacle} from '../src/exec/loader/obstacle.ts'
import {fastDirectory} from './kernel/fast-directory.ts'
import {askKernel} from './kernel/helper.ts'
import {type Libc, type LibraryShape, makeLibraryShape} from './kernel/library-shapes.ts'
import {findHindrance} from './kernel/machine.ts'
import {seededRandom} from './kernel/random.ts'
import {writeTree} from './kernel/tree.ts'
import {testLibcPairs} from './loader/libc-pairs.ts'
import {makeTemporaryFolder, removeTemporaryFolder} from './support/temporary-folder.ts'

/*
 * npm run test:loader [-- --count N --seed S --libc glibc|musl]
 *
 * Makes programs with libraries that are missing, foreign, broken, too old or out of the way, runs each under the real
 * loaders of Debian bookworm (and trixie's musl, which has functions that bookworm's has not) in a chroot, and
 * compares what they say with src/exec/loader. `count` is for each loader. Needs what a bare Debian has (perl-base,
 * apt, dpkg-deb, flock, mount) and root on amd64; libc6, musl and ldconfig are fetched as packages. Exit code 2
 * where it cannot run, 1 on a disagreement.
 */

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '400'},
    seed: {type: 'string', default: '1'},
    libc: {type: 'string'},
  },
})
const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
process.exitCode = await main(Number(values.count), Number(values.seed))

/** A libc, and the files of this machine that stand for those of the chroot. */
interface Ground {
  readonly name: string
  readonly libc: Libc
  readonly files: ReadonlyMap<string, string>
  readonly ldconfig: string
}

async function main(count: number, seed: number): Promise<number> {
  const hindrance = (await findHindrance()) ?? (await findMountHindrance())
  if (hindrance !== undefined) {
    console.error(`test:loader cannot run here: ${hindrance}`)
    return 2
  }
  const grounds = await makeGrounds()
  if (grounds === undefined) return 2
  let failed = 0
  for (const ground of grounds) failed += await testLoader(ground, count, seed)
  let total = grounds.length * count
  if (values.libc !== 'musl') {
    const {tried, disagreements} = await testLibcPairs()
    total += tried
    failed += disagreements
    console.log(`glibc of two releases: ${tried} programs started; ${disagreements} disagreements`)
  }
  console.log(`test:loader: ${total - failed} passed, ${failed} failed`)
  return failed === 0 && total > 0 ? 0 : 1
}

async function makeGrounds(): Promise<readonly Ground[] | undefined> {
  const makers = [
    {kind: 'glibc', make: glibc},
    {kind: 'musl', make: () => musl('bookworm')},
    {kind: 'musl', make: () => musl('trixie')},
  ].filter(({kind}) => values.libc === undefined || kind === values.libc)
  if (makers.length === 0) console.error(`test:loader cannot run: there is no libc ${values.libc}`)
  try {
    return makers.length === 0 ? undefined : await Promise.all(makers.map(({make}) => make()))
  } catch (error) {
    console.error(`test:loader cannot run here: ${error instanceof Error ? error.message : error}`)
    return undefined
  }
}

async function testLoader(ground: Ground, count: number, seed: number): Promise<number> {
  let disagreements = 0
  const tally = new Map<string, number>()
  for (let index = 0; index < count; index++) {
    const shape = makeLibraryShape(seededRandom(seed * 7919 + index), ground.libc)
    const {real, model} = await compare(shape, ground)
    const kind = real.split(' ')[0] ?? ''
    tally.set(kind, (tally.get(kind) ?? 0) + 1)
    if (real === model) continue
    disagreements++
    if (disagreements <= 15) print(index, shape, real, model)
  }
  const kinds = [...tally].map(([kind, number]) => `${kind} ${number}`).join(', ')
  console.log(`${ground.name} (seed ${seed}): ${count} programs, ${kinds}; ${disagreements} disagreements`)
  return disagreements
}

/** The loader and libc of bookworm, where its programs look for them. */
async function glibc(): Promise<Ground> {
  const directory = '/lib/x86_64-linux-gnu'
  const interp = '/lib64/ld-linux-x86-64.so.2'
  const tree = await packageTree('libc6', 'amd64')
  return {
    name: 'glibc of bookworm',
    libc: {
      kind: 'glibc',
      interp,
      library: 'libc.so.6',
      directories: [directory, `/usr${directory}`, '/lib', '/usr/lib'],
    },
    files: new Map([
      [interp, join(tree, directory, 'ld-linux-x86-64.so.2')],
      [`${directory}/libc.so.6`, join(tree, directory, 'libc.so.6')],
    ]),
    ldconfig: join(await packageTree('libc-bin', 'amd64'), 'sbin/ldconfig'),
  }
}

/** The loader of musl 1.2.3 (bookworm) or 1.2.5 (trixie): it is libc as well. */
async function musl(suite: 'bookworm' | 'trixie'): Promise<Ground> {
  const interp = '/lib/ld-musl-x86_64.so.1'
  const tree = await downloadPackage({name: 'musl', suite, arch: 'amd64'})
  const folder = (await exists(join(tree, 'lib/x86_64-linux-musl/libc.so'))) ? 'lib' : 'usr/lib'
  const loader = join(tree, folder, 'x86_64-linux-musl/libc.so')
  return {
    name: `musl of ${suite}`,
    libc: {kind: 'musl', interp, library: 'libc.so', directories: ['/lib', '/usr/local/lib', '/usr/lib']},
    files: new Map([[interp, loader]]),
    // It has no cache.
    ldconfig: '/nowhere',
  }
}

/** `$ORIGIN` of a program is read from /proc/self/exe. */
async function findMountHindrance(): Promise<string | undefined> {
  const point = await makeTemporaryFolder('test-loader', await fastDirectory())
  try {
    await run('mount', ['-t', 'proc', 'proc', point])
    await run('umount', [point])
    return undefined
  } catch (error) {
    return `it mounts /proc in a chroot, and cannot: ${error instanceof Error ? error.message : error}`
  } finally {
    await removeTemporaryFolder(point)
  }
}

async function compare(
  shape: LibraryShape,
  {libc, files, ldconfig}: Ground,
): Promise<{readonly real: string; readonly model: string}> {
  const root = await makeTemporaryFolder('test-loader', await fastDirectory())
  try {
    await chmod(root, 0o755)
    const tree: Record<string, MemoryEntry> = {...shape.tree}
    for (const [at, from] of files) {
      await mkdir(dirname(join(root, at)), {recursive: true})
      await copyFile(from, join(root, at))
      await chmod(join(root, at), 0o755)
      tree[at] = {content: await readFile(from), mode: 0o755}
    }
    await writeTree(root, shape.tree)
    if (shape.cacheDirectories.length > 0) {
      await mkdir(join(root, 'etc'), {recursive: true})
      await writeFile(join(root, 'etc/ld.so.conf'), shape.cacheDirectories.join('\n'))
      // -X: leaves links as they are.
      await runAny(ldconfig, ['-X', '-r', root])
      tree['/etc/ld.so.cache'] = await readFile(join(root, 'etc/ld.so.cache'))
    }
    await mkdir(join(root, 'proc'), {recursive: true})
    await run('mount', ['-t', 'proc', 'proc', join(root, 'proc')])
    const question = {
      id: 'x',
      uid: shape.uid,
      gid: shape.uid,
      groups: [],
      cwd: '/',
      path: shape.path,
      argv: [shape.path],
      env: shape.env,
    }
    const answer = (await askKernel(root, [], [question], true).finally(() => run('umount', [join(root, 'proc')]))).get(
      'x',
    )
    const real = readAnswer(answer?.outcome ?? 'no answer', answer?.output ?? '')
    return {real, model: await ask(shape, memoryRootfs(tree), libc)}
  } finally {
    await removeTemporaryFolder(root)
  }
}

async function ask(shape: LibraryShape, rootfs: ReturnType<typeof memoryRootfs>, libc: Libc): Promise<string> {
  const env = new Map(
    shape.env.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )
  const user = {uid: shape.uid, gid: shape.uid, groups: [], home: undefined}
  const process = {argv: [shape.path], cwd: '/', env, user}
  const {loads, outcome} = await execve({rootfs, platform: PLATFORM}, process, shape.path)
  const [program, loader] = loads
  if (outcome !== 'started' || program?.identity?.kind !== 'elf' || loader?.identity?.kind !== 'elf')
    return `execve ${outcome}`
  if (!program.resolved.node || !loader.resolved.node) return 'no files'
  const report = await checkLibraries({
    rootfs,
    process,
    program: {path: shape.path, node: program.resolved.node, elf: program.identity},
    loader: {path: loader.path, node: loader.resolved.node, elf: loader.identity},
  })
  if (report.undetermined !== undefined) return `undetermined ${report.undetermined}`
  const [first] = report.obstacles
  return first ? describe(first, libc) : 'started'
}

function describe(obstacle: LoaderObstacle, libc: Libc): string {
  if (obstacle.kind === 'missing-library') {
    const at = libc.kind === 'glibc' ? (obstacle.message.split('libraries: ')[1] ?? '') : obstacle.library
    return `missing ${withoutErrno(at)}`
  }
  if (obstacle.kind === 'missing-symbols')
    return `symbol ${/^Error relocating (.*): symbol not found$/.exec(obstacle.message)?.[1]}`
  return obstacle.kind === 'missing-version' ? `version ${obstacle.message}` : obstacle.kind
}

/** What the loader printed, in the same words as the model's. */
function readAnswer(outcome: string, output: string): string {
  if (outcome === 'exit 42') return 'started'
  const glibcMissing = /error while loading shared libraries: (.*)/.exec(output)?.[1]
  if (glibcMissing !== undefined && outcome === 'exit 127') return `missing ${withoutErrno(glibcMissing)}`
  const muslMissing = /Error loading shared library (.*?): .* \(needed by/.exec(output)?.[1]
  if (muslMissing !== undefined && outcome === 'exit 127') return `missing ${muslMissing}`
  const symbol = /^Error relocating (.*: .*): symbol not found$/m.exec(output)?.[1]
  if (symbol !== undefined && outcome === 'exit 127') return `symbol ${symbol}`
  const version = /^(.*: version `.*' not found \(required by .*\))$/m.exec(output)?.[1]
  if (version !== undefined && outcome === 'exit 1') return `version ${version}`
  return `${outcome} ${JSON.stringify(output)}`
}

/** The errno at the end is that of whichever directory came last. */
function withoutErrno(text: string): string {
  return text.replace(/(cannot open shared object file)(: .*)?$/, '$1')
}

function print(index: number, shape: LibraryShape, real: string, model: string): void {
  console.log(`#${index}: loader "${real}"\n     model "${model}"`)
  console.log(`  ${shape.path} uid ${shape.uid} ${shape.env.join(' ')} cache ${shape.cacheDirectories.join(' ')}`)
  for (const [path, entry] of Object.entries(shape.tree)) {
    if (typeof entry === 'string' || entry instanceof Uint8Array) continue
    const text = entry.content === undefined ? '' : Buffer.from(entry.content).toString('latin1')
    console.log(
      `  ${path} ${entry.link ?? entry.kind ?? ''} ${text.length} ${(text.match(/[\x20-\x7e]{2,}/g) ?? []).join(' ')}`,
    )
  }
}
