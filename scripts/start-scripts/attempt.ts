import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {type MemoryTree, memoryRootfs} from '../../__tests__/support/memory-rootfs.ts'
import {run} from '../../e2e/ground/run.ts'
import {readCommand} from '../../src/exec/command.ts'
import {resolveUser} from '../../src/exec/credentials.ts'
import {readStartup, type Startup} from '../../src/exec/index.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import {fastDirectory} from '../kernel/fast-directory.ts'
import {writeTree} from '../kernel/tree.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {compare, type Disagreement, type ImageFacts} from './compare.ts'
import type {Ground} from './ground.ts'
import {readLabel} from './stand-in.ts'
import {asksForCommand, hasUnset, isConditional, readsPattern, type StartScript, treeOf} from './start-script.ts'
import {type Trace, type TraceJob, traceAll} from './tracer.ts'

/** A start script, what the model says of it, what happened, and how these contradict each other. */
export interface Attempt {
  readonly script: StartScript
  readonly startup: Startup
  readonly trace: Trace
  readonly disagreements: readonly Disagreement[]
}

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const NOTHING: Startup = {argv: [], steps: [], unknowns: []}

/** Runs each script for real, for so many seconds at most, and asks the model of each. */
export async function attemptAll(
  ground: Ground,
  scripts: readonly StartScript[],
  seconds = 5,
): Promise<readonly Attempt[]> {
  return withTemporaryFolder(
    'test-scripts',
    async folder => {
      // A user of the root must be able to reach it.
      await run('chmod', ['755', folder])
      const jobs = await Promise.all(scripts.map((script, index) => makeJob(ground, script, String(index), folder)))
      // Both are waited for, whatever fails: the folder is not taken from under a run.
      const [asked, traced] = await Promise.allSettled([askAll(ground, scripts), traceAll(jobs, seconds)])
      const [startups, traces] = [unwrap(asked), unwrap(traced)]
      return scripts.map((script, index) => {
        const trace = traces.get(String(index))
        const startup = startups[index]
        if (!trace || !startup) throw new Error(`script ${index} was not run`)
        if (startup instanceof Error) return {script, startup: NOTHING, trace, disagreements: [threw(startup)]}
        return {script, startup, trace, disagreements: compare(startup, trace, factsOf(ground, script))}
      })
    },
    await fastDirectory(),
  )
}

function unwrap<T>(settled: PromiseSettledResult<T>): T {
  if (settled.status === 'rejected') throw settled.reason
  return settled.value
}

async function askAll(ground: Ground, scripts: readonly StartScript[]): Promise<readonly (Startup | Error)[]> {
  const startups: (Startup | Error)[] = []
  for (const script of scripts) {
    startups.push(await ask(ground, script).catch((error: unknown) => asError(error)))
  }
  return startups
}

function threw({stack = ''}: Error): Disagreement {
  return {kind: 'the model threw', about: stack}
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** An upper directory hides the attributes of the one below: it has to have the same. */
function withParents(base: MemoryTree, tree: MemoryTree): MemoryTree {
  const parents = Object.keys(base).filter(path => Object.keys(tree).some(other => other.startsWith(`${path}/`)))
  return {...Object.fromEntries(parents.map(path => [path, base[path] ?? ''])), ...tree}
}

/** The start as the engine makes it: command, directory, variables and user of the image's config. */
async function makeJob(ground: Ground, script: StartScript, id: string, parent: string): Promise<TraceJob> {
  const folder = join(parent, id)
  await writeTree(join(folder, 'upper'), withParents(ground.tree, treeOf(script)))
  const {argv, cwd, env: variables, user: spec} = readCommand(configOf(script))
  const user = await resolveUser(memoryRootfs(ground.tree), spec)
  if (!user.ok) throw new Error(user.problem)
  const {uid, gid, groups, home} = user.value
  const env = [...variables, ['HOME', home ?? '/']].map(([name, value]) => `${name}=${value}`)
  return {id, folder, base: ground.base, uid, gid, groups, cwd, removed: script.removed, env, argv}
}

function ask(ground: Ground, script: StartScript): Promise<Startup> {
  return readStartup({
    config: configOf(script),
    rootfs: memoryRootfs(wholeTree(ground, script)),
    platform: PLATFORM,
  })
}

function wholeTree(ground: Ground, script: StartScript): MemoryTree {
  const files = Object.entries({...ground.tree, ...treeOf(script)})
  return Object.fromEntries(files.filter(([path]) => !script.removed.includes(path)))
}

function configOf({entrypoint, cmd, env, user, cwd}: StartScript): ImageConfig {
  return imageConfig({entrypoint, cmd, env, user, workingDir: cwd})
}

/** What the comparison asks of the image. */
export function factsOf(ground: Ground, script: StartScript): ImageFacts {
  const tree = wholeTree(ground, script)
  const labelOf = (path: string) => {
    const entry = tree[path]
    const content = typeof entry === 'object' && !(entry instanceof Uint8Array) ? entry.content : entry
    return content instanceof Uint8Array ? readLabel(content.subarray(-64)) : undefined
  }
  const texts = Object.values(treeOf(script)).flatMap(entry =>
    typeof entry === 'object' && 'content' in entry && typeof entry.content === 'string' ? [entry.content] : [],
  )
  return {
    labelOf,
    mayEndSilently: texts.some(text => /\bexit [1-9]|set -\w*e|errexit|^#!.* -e/.test(text)),
    endsInTrap: texts.some(text => /\btrap .*\bexit\b.* EXIT\b/.test(text)),
    hasUnset: hasUnset(script),
    isConditional: (name, line) => isConditional(script, name, line),
    asksForCommand: asksForCommand(script),
    readsPattern: readsPattern(script),
  }
}
