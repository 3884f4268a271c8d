import {mkdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../../__tests__/support/image-config.ts'
import type {MemoryTree} from '../../../__tests__/support/memory-rootfs.ts'
import {diskRootfs} from '../../kernel/disk-rootfs.ts'
import type {Random} from '../../kernel/random.ts'
import {writeTree} from '../../kernel/tree.ts'
import {standIn} from '../../start-scripts/stand-in.ts'
import type {TraceJob} from '../../start-scripts/tracer.ts'
import type {Answer, Model} from '../model.ts'
import type {InitAttempt, InitGround, InitModule} from '../module.ts'
import {oddPrograms} from '../odd-programs.ts'
import {type InitRoot, makeInitRoot} from '../root.ts'
import {compareSurroundings} from '../surroundings.ts'
import {tellAnswer, traceCases} from '../trace-cases.ts'
import {compareServices} from './compare.ts'
import {makeSupervisordCase, type SupervisordCase} from './generate.ts'

/**
 * The supervisor of Debian, by random configurations: what each starts, with which words, as
 * whom, where and with which variables.
 */
export const SUPERVISORD: InitModule = {name: 'supervisord', grounds: [openGround], slowness: 10}

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const ENV = ['PATH=/opt/bin:/usr/bin:/bin', 'A=first', 'OPT=/opt/bin']
const CWD = '/srv'
const SECONDS = 25
/** Most of the time nothing happens. */
const AT_ONCE = 8

const program = (label: string, more: object = {}) => ({content: standIn(label), mode: 0o755, ...more})

const FILES: MemoryTree = {
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsvc:x:1000:\n',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
  '/opt/bin/app': program('app'),
  '/opt/bin/one': program('one'),
  '/opt/bin/two': program('two'),
  '/opt/bin/fails': {content: standIn('fails', {status: 3}), mode: 0o755},
  ...oddPrograms('/opt/bin', 'app'),
  '/opt/bin/shebang': {content: '#!/bin/sh\nexec app from script\n', mode: 0o755},
  '/opt/bin/dir/x': '',
  '/opt/bin/svc-only': program('svc-only', {mode: 0o700, uid: 1000, gid: 1000}),
  '/opt/bin/root-only': program('root-only', {mode: 0o700}),
  '/srv/here': program('here'),
  '/srv/sub/here': program('here'),
  '/srv/sub/sub/here': program('here'),
}

async function openGround(): Promise<InitGround> {
  const root = await makeInitRoot('bookworm', ['supervisor', 'dash', 'coreutils', 'libc-bin'], FILES)
  return {versions: root.versions, attemptAll: randoms => attemptAll(root, randoms), close: root.remove}
}

function attemptAll(root: InitRoot, randoms: readonly Random[]): Promise<readonly InitAttempt[]> {
  return traceCases(randoms.map(makeSupervisordCase), {
    makeJob: (tried, id, folder) => makeJob(root, tried, id, folder),
    describe,
    ask: (tried, model) => ask(root, tried, model),
    compare: (_, {startup, processes}, trace) => [
      ...compareServices(startup, trace, root.labels),
      ...compareSurroundings(processes, trace, root.labels, ENV),
    ],
    tell: (_, answer, trace) => tellAnswer(answer, trace),
    seconds: SECONDS,
    atOnce: AT_ONCE,
  })
}

function describe({argv, uid, files}: SupervisordCase): string {
  const texts = Object.entries(files).map(([path, text]) => `--- ${path}\n${text}`)
  return `${argv.join(' ')} as ${uid}\n${texts.join('\n')}`
}

async function ask(root: InitRoot, tried: SupervisordCase, model: Model): Promise<Answer> {
  try {
    const config = imageConfig({entrypoint: tried.argv, env: ENV, workingDir: CWD, user: String(tried.uid)})
    // All runs are over, and no root is laid on this one any more.
    await writeTree(root.base, tried.files)
    return await model({config, rootfs: diskRootfs(root.base), platform: PLATFORM})
  } finally {
    for (const path of Object.keys(tried.files)) await rm(join(root.base, path))
  }
}

async function makeJob(root: InitRoot, tried: SupervisordCase, id: string, parent: string): Promise<TraceJob> {
  const folder = join(parent, id)
  await mkdir(join(folder, 'upper'), {recursive: true})
  await writeTree(join(folder, 'upper'), tried.files)
  return {
    ...{id, folder, base: root.base, uid: tried.uid, gid: tried.uid, groups: [], cwd: CWD, removed: []},
    env: [...ENV, `HOME=${tried.uid === 0 ? '/root' : '/home/svc'}`, 'PYTHONDONTWRITEBYTECODE=1'],
    argv: tried.argv,
  }
}
