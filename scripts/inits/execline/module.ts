import {mkdir} from 'node:fs/promises'
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
import {withFiles} from '../overlay.ts'
import {type InitRoot, makeInitRoot} from '../root.ts'
import {compareSurroundings} from '../surroundings.ts'
import {tellAnswer, traceCases} from '../trace-cases.ts'
import {compareExecline} from './compare.ts'
import {type ExeclineCase, makeExeclineCase} from './generate.ts'

/** execline's own programs, by random scripts: what each starts, with which words, and how it ends. */
export const EXECLINE: InitModule = {
  name: 'execline',
  grounds: [() => openGround('bookworm'), () => openGround('sid')],
}

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''}
const PATH = 'PATH=/usr/lib/execline/bin:/opt/bin:/usr/bin:/bin'
const PROGRAM = '/usr/lib/execline/bin/execlineb'
const CWD = '/srv'
const SECONDS = 3
const SCRIPT = '/srv/script'

const FILES: MemoryTree = {
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\nsvc:x:1000:\n',
  '/etc/words': 'one\ntwo words\nthree',
  '/etc/nsswitch.conf': 'passwd: files\ngroup: files\n',
  '/opt/bin/app': {content: standIn('app'), mode: 0o755},
  '/opt/bin/one': {content: standIn('one'), mode: 0o755},
  '/opt/bin/two': {content: standIn('two'), mode: 0o755},
  '/opt/bin/fails': {content: standIn('fails', {status: 3}), mode: 0o755},
  '/srv/glob/b': '',
  '/srv/glob/a': '',
  '/srv/glob/.h': '',
  '/srv/glob/d/x': '',
  ...oddPrograms('/opt/bin', 'app'),
  '/srv/here': {content: standIn('here'), mode: 0o755},
}

async function openGround(suite: 'bookworm' | 'sid'): Promise<InitGround> {
  const root = await makeInitRoot(suite, ['execline', 's6', 'dash', 'coreutils', 'libc-bin'], FILES)
  return {versions: root.versions, attemptAll: randoms => attemptAll(root, randoms), close: root.remove}
}

function attemptAll(root: InitRoot, randoms: readonly Random[]): Promise<readonly InitAttempt[]> {
  return traceCases(randoms.map(makeExeclineCase), {
    makeJob: (tried, id, folder) => makeJob(root, tried, id, folder),
    describe,
    ask: (tried, model) => ask(root, tried, model),
    compare: (tried, {startup, processes}, trace) => [
      ...compareExecline(startup, trace, tried),
      ...compareSurroundings(processes, trace, root.labels, [PATH, ...tried.env]),
    ],
    tell: (_, answer, trace) => tellAnswer(answer, trace),
    seconds: SECONDS,
  })
}

function describe(tried: ExeclineCase): string {
  return `${JSON.stringify(argvOf(tried))} ${JSON.stringify(fileOf(tried))}`
}

function ask(root: InitRoot, tried: ExeclineCase, model: Model): Promise<Answer> {
  const text = fileOf(tried)
  const files = new Map(text === undefined ? [] : [[SCRIPT, {content: new TextEncoder().encode(text), mode: 0o755}]])
  const config = imageConfig({cmd: argvOf(tried), env: [PATH, ...tried.env], workingDir: CWD})
  return model({config, rootfs: withFiles(diskRootfs(root.base), files), platform: PLATFORM})
}

function argvOf({start, script, args}: ExeclineCase): readonly string[] {
  return start.kind === 'file' ? [SCRIPT, ...args] : [PROGRAM, ...start.options, '-c', script, ...args]
}

function fileOf({start, script}: ExeclineCase): string | undefined {
  return start.kind === 'file' ? `#!${start.shebang}\n${script}` : undefined
}

async function makeJob(root: InitRoot, tried: ExeclineCase, id: string, parent: string): Promise<TraceJob> {
  const folder = join(parent, id)
  const text = fileOf(tried)
  await mkdir(join(folder, 'upper'), {recursive: true})
  if (text !== undefined)
    await writeTree(join(folder, 'upper'), {'/srv': {kind: 'directory'}, [SCRIPT]: {content: text, mode: 0o755}})
  return {
    ...{id, folder, base: root.base, uid: 0, gid: 0, groups: [], cwd: CWD, removed: []},
    env: [PATH, ...tried.env, 'HOME=/root'],
    argv: argvOf(tried),
  }
}
