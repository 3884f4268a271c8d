import {type ElfIdentity, findPageSizeProblem, isWhole, readMachineEvidence} from '../../binary/index.ts'
import type {FileNode} from '../../image/rootfs.ts'
import {createLimiter} from '../../lib/concurrency.ts'
import {defined} from '../../lib/defined.ts'
import {EM} from '../../platform/index.ts'
import type {LoaderReport} from '../loader/check.ts'
import type {WorldView} from '../world/view.ts'
import {type Start, stepOf} from './start.ts'
import {add, type Walk} from './walk.ts'

/** How many are looked at together: what is asked for at once is read in one pass over a layer. */
const AT_ONCE = 8

/**
 * Adds the libraries that are found and ask more of the kernel or the processor than the platform promises: segments
 * that large pages cannot map, an x86 level that glibc's loader checks of each library. Of others nothing is said.
 */
export async function addDemanding(
  walk: Walk,
  start: Start,
  view: WorldView,
  {libraries}: LoaderReport,
  from: number,
): Promise<void> {
  const program = walk.steps[from]
  const limiter = createLimiter(AT_ONCE)
  const whole = libraries.flatMap(({path, node, elf}) => (isWhole(elf) ? [{path, node, elf}] : []))
  const asked = await Promise.all(whole.map(({node, elf}) => limiter(() => asksMore(walk, view, node, elf))))
  for (const {path, node, elf} of whole.filter((_, at) => asked[at])) {
    add(walk, {
      ...stepOf(start),
      from,
      path,
      via: `library of ${program?.path}`,
      role: 'library',
      hops: [],
      node,
      identity: elf,
      verdict: {fit: 'native'},
      ...defined({maybe: start.maybe}),
    })
  }
}

async function asksMore({machine}: Walk, view: WorldView, node: FileNode, elf: ElfIdentity): Promise<boolean> {
  if (findPageSizeProblem(elf, machine.platform) !== undefined) return true
  const known: readonly number[] = [EM.EM_386, EM.EM_X86_64]
  if (!known.includes(elf.header.machine)) return false
  const evidence = await readMachineEvidence({elf, file: await view.open(node)}, machine.platform)
  return evidence.some(({exceeds}) => exceeds !== undefined)
}
