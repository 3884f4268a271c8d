import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {run} from '../../e2e/ground/run.ts'
import type {Startup} from '../../src/exec/index.ts'
import {askModel} from '../inits/model.ts'
import {compareSurroundings} from '../inits/surroundings.ts'
import {diskRootfs} from '../kernel/disk-rootfs.ts'
import {fastDirectory} from '../kernel/fast-directory.ts'
import {type Trace, type TraceJob, traceAll} from '../start-scripts/tracer.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import type {CommandLine} from './command-lines.ts'
import {compare, type Disagreement} from './compare.ts'
import type {WrapperGround} from './ground.ts'

/** One command line, what the model says of it, and what happened. */
export interface Attempt {
  readonly argv: readonly string[]
  readonly startup: Startup
  readonly trace: Trace
  readonly disagreements: readonly Disagreement[]
}

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const ENV = ['PATH=/opt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'A=1']
const CWD = '/srv'
const NOTHING: Startup = {argv: [], steps: [], unknowns: []}

/** How much longer a run may take whose processes still work. */
const LONGER = 30

/** Runs each command line for real as root, for so many seconds at most, or until its processes rest. */
export async function attemptAll(
  ground: WrapperGround,
  commandLines: readonly CommandLine[],
  seconds: number,
): Promise<readonly Attempt[]> {
  const attempt = async (folder: string): Promise<readonly Attempt[]> => {
    await run('chmod', ['755', folder])
    const jobs = await Promise.all(commandLines.map(({argv}, index) => makeJob(ground, argv, String(index), folder)))
    const traces = await traceAll(jobs, seconds, {longest: seconds * LONGER})
    const attempts: Attempt[] = []
    for (const [index, line] of commandLines.entries()) {
      const trace = traces.get(String(index))
      if (!trace) throw new Error(`${line.argv.join(' ')} was not run`)
      attempts.push(await judge(ground, line, trace))
    }
    return attempts
  }
  return withTemporaryFolder('test-wrappers', attempt, await fastDirectory())
}

async function judge(ground: WrapperGround, {argv}: CommandLine, trace: Trace): Promise<Attempt> {
  try {
    const config = imageConfig({cmd: argv, env: ENV, workingDir: CWD})
    const {startup, processes} = await askModel({config, rootfs: diskRootfs(ground.base), platform: PLATFORM})
    const disagreements = [
      ...compare(startup, trace, {
        labelOf: path => ground.labels.get(path),
        isOpen: argv =>
          processes.some(
            ({process: {argv: own, unknownWord}}) => unknownWord !== undefined && isDeepStrictEqual(own, argv),
          ),
      }),
      ...compareSurroundings(processes, trace, ground.labels, ENV),
    ]
    return {argv, startup, trace, disagreements}
  } catch (error) {
    const about = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return {argv, startup: NOTHING, trace, disagreements: [{kind: 'the model threw', about}]}
  }
}

/** As the engine starts it: what is in no directory of PATH is handed to the kernel by its bare name, and fails. */
async function makeJob(ground: WrapperGround, argv: readonly string[], id: string, parent: string): Promise<TraceJob> {
  const folder = join(parent, id)
  await mkdir(join(folder, 'upper'), {recursive: true})
  const [name = '', ...words] = argv
  const path = await ground.pathOf(name)
  return {
    ...{id, folder, base: ground.base, uid: 0, gid: 0, groups: [], cwd: CWD, removed: []},
    env: [...ENV, 'HOME=/root'],
    argv: [path ?? name, ...words],
  }
}
