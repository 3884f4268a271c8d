import {createHash} from 'node:crypto'
import {chmod} from 'node:fs/promises'
import {parseArgs} from 'node:util'
import {memoryRootfs} from '../__tests__/support/memory-rootfs.ts'
import {execve} from '../src/exec/execve.ts'
import {fastDirectory} from './kernel/fast-directory.ts'
import {askKernel} from './kernel/helper.ts'
import {findHindrance} from './kernel/machine.ts'
import {seededRandom} from './kernel/random.ts'
import {commonTree, makeShape, type Shape} from './kernel/shapes.ts'
import {writeTree} from './kernel/tree.ts'
import {withTemporaryFolder} from './support/temporary-folder.ts'

/*
 * npm run test:kernel [-- --count N --seed S --verbose]
 *
 * Makes shapes of executables, scripts, permissions and paths, has this machine's kernel execute each in a chroot, and
 * compares what it says with src/exec/execve.ts. Needs root, amd64, perl-base and no binfmt_misc handlers; exit code 2
 * where it cannot run, 1 on a disagreement. A crash after the start counts as started.
 */

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const BATCH = 500
const AGAIN = 3

const {values} = parseArgs({
  options: {
    count: {type: 'string', default: '20000'},
    seed: {type: 'string', default: '1'},
    verbose: {type: 'boolean', default: false},
  },
})
process.exitCode = await main(Number(values.count), Number(values.seed))

async function main(count: number, seed: number): Promise<number> {
  const hindrance = await findHindrance()
  if (hindrance !== undefined) {
    console.error(`test:kernel cannot run here: ${hindrance}`)
    return 2
  }
  const tally = new Map<string, number>()
  const outcomes = new Map<string, number>()
  let disagreements = 0
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start)
    for (const {shape, kernel, model} of await runBatch(start, size, seed)) {
      tally.set(shape.label, (tally.get(shape.label) ?? 0) + 1)
      outcomes.set(kernel, (outcomes.get(kernel) ?? 0) + 1)
      if (kernel === model) continue
      disagreements++
      if (disagreements <= 40 || values.verbose) print(shape, kernel, model)
    }
  }
  const sorted = (map: ReadonlyMap<string, number>) =>
    [...map]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([name, number]) => `${name} ${number}`)
      .join(', ')
  console.log(`shapes: ${sorted(tally)}`)
  console.log(`kernel: ${sorted(outcomes)}`)
  console.log(`seed ${seed}`)
  console.log(`test:kernel: ${count - disagreements} passed, ${disagreements} failed`)
  return disagreements === 0 && count > 0 ? 0 : 1
}

async function runBatch(start: number, size: number, seed: number) {
  return withTemporaryFolder(
    'test-kernel',
    async root => {
      await chmod(root, 0o755)
      const shapes = Array.from({length: size}, (_, index) => {
        const random = seededRandom(seed * 1_000_003 + start + index)
        return makeShape(random, nameOf(start + index))
      })
      const special = [...(await writeTree(root, commonTree()))]
      for (const shape of shapes) special.push(...(await writeTree(root, shape.tree)))
      const questions = shapes.map(({path, cwd, uid, gid, groups}, index) => ({
        id: `${start + index}`,
        uid,
        gid,
        groups,
        cwd,
        path,
        argv: ['program', 'x'],
      }))
      const answers = await askKernel(root, special, questions)
      const results = []
      for (const [index, shape] of shapes.entries()) {
        const model = await ask(shape)
        let kernel = answers.get(`${start + index}`)?.outcome ?? 'no answer'
        // A walk that the kernel has to begin anew, because something else changed a directory meanwhile,
        // goes on counting links (fs/namei.c: total_link_count, ECHILD): many links are too many then, once.
        // What is said every time counts.
        for (let again = 0; again < AGAIN && kernel === 'ELOOP' && model !== kernel; again += 1) {
          const asked = await askKernel(root, [], questions.slice(index, index + 1))
          kernel = asked.get(`${start + index}`)?.outcome ?? 'no answer'
        }
        results.push({shape, kernel, model})
      }
      return results
    },
    await fastDirectory(),
  )
}

/** Directories whose names one changed letter does not turn into another's. */
function nameOf(index: number): string {
  return `/${createHash('sha256').update(String(index)).digest('hex').slice(0, 10)}`
}

/** The model's answer; what dies at once has started, as far as execve is concerned. */
async function ask({tree, path, cwd, uid, gid, groups}: Shape): Promise<string> {
  const user = {uid, gid, groups, home: undefined}
  const machine = {rootfs: memoryRootfs({...commonTree(), ...tree}), platform: PLATFORM}
  const {outcome} = await execve(machine, {argv: ['program', 'x'], cwd, env: new Map(), user}, path)
  return outcome === 'crashes' ? 'started' : outcome
}

function print({label, tree, path, cwd, uid, gid, groups}: Shape, kernel: string, model: string): void {
  console.log(`${label}: kernel ${kernel}, model ${model}`)
  console.log(
    `  path ${JSON.stringify(path.length > 200 ? `${path.slice(0, 100)}… (${path.length})` : path)} cwd ${cwd} uid ${uid} gid ${gid} groups ${groups}`,
  )
  const usual =
    /\/(sub|ok|ok32|noexec|text|empty|foreign|script|dangling|loop|link|private|private\/ok|private\/link|closed|closed\/ok)$/
  for (const [at, entry] of Object.entries(tree)) {
    if (usual.test(at) || /^\/[^/]+$/.test(at) || typeof entry === 'string' || entry instanceof Uint8Array) continue
    const content = entry.content === undefined ? '' : Buffer.from(entry.content).subarray(0, 260).toString('latin1')
    const {content: _, ...rest} = entry
    console.log(`  ${at} ${JSON.stringify(rest)} ${JSON.stringify(content)}`)
  }
}
