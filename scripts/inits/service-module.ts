import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {type MemoryTree, memoryRootfs} from '../../__tests__/support/memory-rootfs.ts'
import type {Random} from '../kernel/random.ts'
import {writeTree} from '../kernel/tree.ts'
import {standIn} from '../start-scripts/stand-in.ts'
import type {Trace, TraceJob} from '../start-scripts/tracer.ts'
import {labelsOf} from './labels.ts'
import type {Answer, Model} from './model.ts'
import type {Disagreement, InitAttempt, InitGround, InitModule} from './module.ts'
import {compareOrder} from './order.ts'
import {readTree} from './read-tree.ts'
import {type InitRoot, makeInitRoot, type Suite} from './root.ts'
import {compareSurroundings} from './surroundings.ts'
import {tellAnswer, traceCases} from './trace-cases.ts'

/** A supervisor's command line, and the files that it is for. */
export interface ServiceCase {
  readonly argv: readonly string[]
  readonly files: MemoryTree
  readonly env?: readonly string[]
  /** The container's user: root where it is left out. */
  readonly uid?: number
}

/** How an init or a supervisor is tried over generated files. */
export interface ServiceKind {
  readonly name: string
  readonly suites: readonly Suite[]
  readonly packages: readonly string[]
  /** Beside the packages. */
  readonly files?: MemoryTree
  /** Only in a real run, of which the model sees nothing: what sets the clock. */
  readonly unseen?: MemoryTree
  /** What of the packages would be started, and is not to be: paths without a leading slash. */
  readonly removed?: readonly string[]
  readonly make: (random: Random) => ServiceCase
  readonly cwd: string
  /** When it has started all that it will. */
  readonly seconds?: number
  readonly atOnce?: number
  readonly compare: (answer: Answer, trace: Trace, labels: ReadonlyMap<string, string>) => readonly Disagreement[]
  /** Of which stand-in the end is waited for before the next is started. */
  readonly isWaited?: (label: string) => boolean
}

export const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
export const ENV = ['PATH=/opt/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'A=1']
/** A service that ends is started again a second later. */
const SECONDS = 5
/** Most of the time nothing happens. */
const AT_ONCE = 8

/** What every root has: three users, one of them in another's group, and programs. */
export const FILES: MemoryTree = {
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\nmore:x:1001:1001::/home/more:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsvc:x:1000:more\nmore:x:1001:\nextra:x:2000:svc,more\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
  '/home/svc': {kind: 'directory', uid: 1000, gid: 1000},
  '/home/more': {kind: 'directory', uid: 1001, gid: 1001},
  '/root': {kind: 'directory', mode: 0o700},
  '/opt/bin/app': {content: standIn('app'), mode: 0o755},
  '/opt/bin/tool': {content: standIn('tool'), mode: 0o755},
}

/** The module of a kind: each suite of Debian is a root of its own. */
export function serviceModule(kind: ServiceKind): InitModule {
  return {name: kind.name, slowness: 10, grounds: kind.suites.map(suite => () => openGround(suite, kind))}
}

async function openGround(suite: Suite, kind: ServiceKind): Promise<InitGround> {
  const packages = [...kind.packages, 'dash', 'coreutils', 'libc-bin']
  const root = await makeInitRoot(suite, packages, {...FILES, ...kind.files}, kind.removed)
  const tree = await readTree(root.base)
  return {
    versions: root.versions,
    attemptAll: randoms => attemptAll(root, tree, kind, randoms),
    close: root.remove,
  }
}

function attemptAll(
  root: InitRoot,
  tree: MemoryTree,
  kind: ServiceKind,
  randoms: readonly Random[],
): Promise<readonly InitAttempt[]> {
  const {isWaited} = kind
  return traceCases(randoms.map(kind.make), {
    makeJob: (tried, id, folder) => makeJob(root, kind, tried, id, folder),
    describe: ({env = [], argv, uid = 0}) => `${JSON.stringify([...env, ...argv])} as ${uid}`,
    ask: (tried, model) => ask(tree, kind, tried, model),
    compare: (tried, answer, trace) => {
      const labels = new Map([...root.labels, ...labelsOf(tried.files)])
      return [
        ...kind.compare(answer, trace, labels),
        ...compareSurroundings(answer.processes, trace, labels, envOf(tried), answer.startup.unknowns.length > 0),
        ...(isWaited ? compareOrder(answer.startup.steps, trace, labels, isWaited) : []),
      ]
    },
    tell: ({files}, answer, trace) => [...tellFiles(files), ...tellAnswer(answer, trace)],
    seconds: kind.seconds ?? SECONDS,
    atOnce: kind.atOnce ?? AT_ONCE,
    seesOrder: isWaited !== undefined,
  })
}

function envOf({env = []}: ServiceCase): readonly string[] {
  return [...ENV, ...env]
}

function ask(tree: MemoryTree, {cwd}: ServiceKind, tried: ServiceCase, model: Model): Promise<Answer> {
  const {uid} = tried
  const user = uid === undefined ? {} : {user: String(uid)}
  return model({
    config: imageConfig({entrypoint: tried.argv, env: envOf(tried), workingDir: cwd, ...user}),
    rootfs: memoryRootfs({...tree, ...tried.files}),
    platform: PLATFORM,
  })
}

function tellFiles(files: MemoryTree): readonly string[] {
  return Object.entries(files).map(([path, entry]) => {
    const text = JSON.stringify(entry, (_, value) => (value instanceof Uint8Array ? 'program' : value))
    return `  file ${path} ${text}`
  })
}

async function makeJob(
  root: InitRoot,
  {cwd, unseen = {}}: ServiceKind,
  tried: ServiceCase,
  id: string,
  parent: string,
): Promise<TraceJob> {
  const folder = join(parent, id)
  await mkdir(join(folder, 'upper'), {recursive: true})
  await writeTree(join(folder, 'upper'), {...unseen, ...tried.files})
  const [name = '', ...words] = tried.argv
  const {uid = 0} = tried
  const home = uid === 1000 ? '/home/svc' : '/root'
  return {
    ...{id, folder, base: root.base, uid, gid: uid, groups: uid === 1000 ? [2000] : [], cwd, removed: []},
    env: [...envOf(tried), `HOME=${home}`],
    argv: [name.startsWith('/') ? name : `/usr/bin/${name}`, ...words],
  }
}
