import {baseName} from '../../lib/paths.ts'
import type {Process} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import type {Runner} from '../wrappers/handover.ts'
import {ChainProblem, tellProblem} from './chain.ts'
import {findExeclineProgram} from './programs.ts'

/** Since 2.9.2 all of them may be one program, which is called by their names, or given one. */
const MULTI_CALL = 'execline'

/** Whether execline has a program of this name. */
export function isExecline(name: string): boolean {
  return name === MULTI_CALL || findExeclineProgram(name) !== undefined
}

/** What a program of execline does and becomes; undefined where there is none of this name. */
export async function runExecline(runner: Runner, process: Process, name: string): Promise<Outcome | undefined> {
  const words = (runner.words ?? process.argv).slice(1)
  if (name === MULTI_CALL) {
    const [own] = words
    const isOwn = typeof own === 'string' && findExeclineProgram(baseName(own)) !== undefined
    if (!isOwn) return undefined
    const argv = process.argv.slice(1)
    return runExecline({...runner, words}, {...process, argv}, baseName(own))
  }
  const program = findExeclineProgram(name)
  if (!program) return undefined
  const chain = {name, runner, process, words}
  try {
    return await program.run(chain)
  } catch (thrown) {
    if (thrown instanceof ChainProblem) return tellProblem(chain, thrown)
    throw thrown
  }
}
