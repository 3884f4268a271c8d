import {describe} from '../../binary/index.ts'
import {defined} from '../../lib/defined.ts'
import {type Execution, type Load, type Machine, readContent} from '../execve.ts'
import {mayRead} from '../permission.ts'
import {type Process, resolve} from '../resolved-path.ts'
import type {Obstacle} from '../steps.ts'

/**
 * A loader that is started itself, and given a program: it reads that and maps it. Execute permission is not asked for,
 * nor the loader that the program names; what is not ELF it does not load (glibc's elf/rtld.c rtld_main, musl's
 * ldso/dynlink.c).
 */
export async function mapProgram(
  machine: Machine,
  process: Process,
  path: string,
  loaderPath: string,
): Promise<Execution> {
  const {argv} = process
  const resolved = await resolve(machine.rootfs, process, path)
  const program: Load = {role: 'program', path, resolved, ...(await readContent(machine, resolved.node))}
  const obstacle = resolved.obstacle ?? obstacleOf(program, process)
  if (obstacle) {
    // The kernel's verdict on a file that is not ELF does not matter.
    const {verdict, ...rest} = program
    const kept = program.identity?.kind === 'elf' ? defined({verdict}) : {}
    return {loads: [{...rest, ...kept, obstacle}], argv, outcome: 'crashes'}
  }
  if (program.identity?.kind !== 'elf' || !program.identity.interpreter)
    return {loads: [program], argv, outcome: 'started'}
  const own = await resolve(machine.rootfs, process, loaderPath)
  const loader: Load = {role: 'loader', path: loaderPath, resolved: own, ...(await readContent(machine, own.node))}
  return {loads: [program, loader], argv, outcome: 'started'}
}

function obstacleOf({path, identity, verdict, resolved}: Load, process: Process): Obstacle | undefined {
  const {node} = resolved
  const refused = (what: string): Obstacle => ({
    kind: 'refused-arguments',
    reason: `the loader does not load ${path}: ${what}`,
  })
  if (node?.kind !== 'file') return refused(node?.kind ?? 'it is not there')
  if (!mayRead(node, process.user)) return {kind: 'not-readable', errno: 'EACCES', at: node.path}
  if (identity?.kind !== 'elf') return refused(identity ? describe(identity) : 'it cannot be read')
  if (verdict?.fit !== 'foreign') return undefined
  return {kind: 'refused', errno: 'ELIBBAD', reason: `${verdict.actual}, expected ${verdict.expected}`}
}
