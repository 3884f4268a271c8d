import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../../__tests__/support/image-config.ts'
import {type MemoryTree, memoryRootfs} from '../../../__tests__/support/memory-rootfs.ts'
import {readStartup, type Startup} from '../../../src/exec/index.ts'
import type {Random} from '../../kernel/random.ts'
import {writeTree} from '../../kernel/tree.ts'
import {standIn} from '../../start-scripts/stand-in.ts'
import type {Trace, TraceJob} from '../../start-scripts/tracer.ts'
import type {InitAttempt, InitGround, InitModule} from '../module.ts'
import {type InitRoot, makeInitRoot} from '../root.ts'
import {traceCases} from '../trace-cases.ts'
import {compareSupervision} from './compare.ts'
import {makeOverlayCase, makeSupervisionCase, type SupervisionCase} from './generate.ts'
import {OVERLAY_STAGES} from './overlay-stages.ts'
import {readTree} from './read-tree.ts'

type Suite = 'bookworm' | 'trixie' | 'sid'

/** What is tried in one way. */
interface Kind {
  readonly name: string
  readonly packages: readonly string[]
  readonly files?: MemoryTree
  readonly make: (random: Random) => SupervisionCase
  readonly cwd: string
}

const SUITES: readonly Suite[] = ['bookworm', 'trixie']
const moduleOf = (kind: Kind): InitModule => ({
  name: kind.name,
  slowness: 10,
  grounds: SUITES.map(suite => () => openGround(suite, kind)),
})

/** runsvdir and runsv over random directories of services: which programs they start. */
export const RUNIT = moduleOf({
  name: 'runit',
  packages: ['runit', 'daemontools'],
  make: random => makeSupervisionCase(random, 'runit'),
  cwd: '/srv/service',
})

/** s6-svscan and s6-supervise over the same. */
export const S6 = moduleOf({
  name: 's6',
  packages: ['s6'],
  make: random => makeSupervisionCase(random, 's6'),
  cwd: '/srv/service',
})

/** s6-overlay 2 by stages of our own, which do with Debian's s6 and execline what its own do. */
export const S6_OVERLAY = moduleOf({
  name: 's6-overlay',
  packages: ['s6', 'execline'],
  files: OVERLAY_STAGES,
  make: makeOverlayCase,
  cwd: '/',
})

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const ENV = ['PATH=/opt/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'A=1']
/** A service that ends is started again a second later. */
const SECONDS = 5
/** Most of the time nothing happens. */
const AT_ONCE = 8

const FILES: MemoryTree = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsvc:x:1000:\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
  '/opt/bin/app': {content: standIn('app'), mode: 0o755},
  '/opt/bin/tool': {content: standIn('tool'), mode: 0o755},
}

async function openGround(suite: Suite, kind: Kind): Promise<InitGround> {
  const packages = [...kind.packages, 'dash', 'coreutils', 'libc-bin']
  const root = await makeInitRoot(suite, packages, {...FILES, ...kind.files})
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
  kind: Kind,
  randoms: readonly Random[],
): Promise<readonly InitAttempt[]> {
  return traceCases(randoms.map(kind.make), {
    makeJob: (tried, id, folder) => makeJob(root, kind, tried, id, folder),
    describe,
    judge: (tried, trace) => judge(root, tree, kind, tried, trace),
    seconds: SECONDS,
    atOnce: AT_ONCE,
  })
}

function describe({env, argv}: SupervisionCase): string {
  return JSON.stringify([...(env ?? []), ...argv])
}

async function judge(
  {labels}: InitRoot,
  tree: MemoryTree,
  {cwd}: Kind,
  tried: SupervisionCase,
  trace: Trace,
): Promise<InitAttempt> {
  const what = describe(tried)
  const startup = await readStartup({
    config: imageConfig({entrypoint: tried.argv, env: [...ENV, ...(tried.env ?? [])], workingDir: cwd}),
    rootfs: memoryRootfs({...tree, ...tried.files}),
    platform: PLATFORM,
  })
  const disagreements = compareSupervision(startup, trace, new Map([...labels, ...tried.labels]))
  return {
    what: disagreements.length > 0 ? `${what}\n${tell(tried, startup, trace)}` : what,
    isDetermined: startup.unknowns.length === 0,
    disagreements,
  }
}

function tell({files}: SupervisionCase, {steps, unknowns}: Startup, {executions, output}: Trace): string {
  return [
    ...Object.entries(files).map(([path, entry]) => {
      const isText = typeof entry === 'string' || (typeof entry === 'object' && 'content' in entry)
      const text = isText ? JSON.stringify(entry, (_, value) => (value instanceof Uint8Array ? 'program' : value)) : ''
      return `  file ${path} ${text === '' ? JSON.stringify(entry) : text}`
    }),
    ...steps.map(
      ({certainty, argv, path, service, obstacle}) =>
        `  said ${certainty} ${JSON.stringify(argv ?? path)} of ${service?.name}${obstacle ? ` ${obstacle.kind}` : ''}`,
    ),
    ...unknowns.map(({reason}) => `  said ${reason}`),
    ...executions.map(({argv, path, cwd, errno}) => `  real ${errno} ${cwd} ${path} ${JSON.stringify(argv)}`),
    `  printed ${output.split('\n').slice(0, 5).join(' | ')}`,
  ].join('\n')
}

async function makeJob(
  root: InitRoot,
  {cwd}: Kind,
  tried: SupervisionCase,
  id: string,
  parent: string,
): Promise<TraceJob> {
  const folder = join(parent, id)
  await mkdir(join(folder, 'upper'), {recursive: true})
  await writeTree(join(folder, 'upper'), tried.files)
  const [name = '', ...words] = tried.argv
  return {
    ...{id, folder, base: root.base, uid: 0, gid: 0, groups: [], cwd, removed: []},
    env: [...ENV, ...(tried.env ?? []), 'HOME=/root'],
    argv: [name.startsWith('/') ? name : `/usr/bin/${name}`, ...words],
  }
}
