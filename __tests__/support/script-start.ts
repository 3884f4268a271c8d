import {program} from '../../scripts/kernel/elf.ts'
import {readStartup, type Startup} from '../../src/exec/index.ts'
import type {StartupInput} from '../../src/exec/startup.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import {defined} from '../../src/lib/defined.ts'
import {type Platform, programTarget} from '../../src/platform/index.ts'
import {imageConfig} from './image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from './memory-rootfs.ts'

const AMD64: Platform = {os: 'linux', architecture: 'amd64', variant: ''}

const COMMANDS =
  'sh bash cp mv ln rm rmdir mkdir chmod chown install cat tee sed tar getconf grep readlink realpath which useradd ' +
  'adduser env touch uname id whoami mktemp basename dirname curl wget unzip apk apt-get dpkg pip npm gosu su-exec sleep ' +
  'true false date hostname tr cut head rev awk find xargs arch nproc git printf echo ls dd gunzip busybox python3 node'

/** Native programs `/app/server`, `/app/lib/tool` and the usual commands; `/app/arm` is of another machine. */
export function scriptTree(platform: Platform = AMD64): MemoryTree {
  const native = nativeProgram(platform)
  return {
    ...Object.fromEntries(COMMANDS.split(' ').map(name => [`/bin/${name}`, executable(native)])),
    '/app/server': executable(native),
    '/app/lib/tool': executable(native),
    '/app/arm': executable(program({machine: platform.architecture === 'arm64' ? 62 : 183})),
    '/app/plain': {content: native, mode: 0o644},
    '/app/private': {content: native, mode: 0o700},
    '/app/link': {link: 'server'},
    '/app/script': executable('#!/bin/sh\nexec /app/arm\n'),
    '/etc/app.conf': '/app/server\n',
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
    '/etc/group': 'root:x:0:\napp:x:1000:\n',
    '/tmp': {kind: 'directory', mode: 0o1777},
    '/data': {kind: 'directory'},
  }
}

/** A program that a platform's kernel starts. */
export function nativeProgram(platform: Platform = AMD64): Uint8Array {
  const target = programTarget(platform)
  return program({wide: target?.class === 64, ...defined({machine: target?.machine})})
}

export interface ScriptStart {
  readonly config?: Partial<ImageConfig>
  readonly files?: MemoryTree
  readonly platform?: Platform
}

/** What a container starts whose entrypoint is this script. */
export function startScript(text: string, options: ScriptStart = {}): Promise<Startup> {
  return readStartup(scriptInput(text, options))
}

/** A container whose entrypoint is this script. */
export function scriptInput(text: string, {config, files, platform = AMD64}: ScriptStart = {}): StartupInput {
  return {
    config: imageConfig({env: ['PATH=/bin:/usr/local/bin'], entrypoint: ['/e.sh'], ...config}),
    rootfs: memoryRootfs({...scriptTree(platform), '/e.sh': executable(`#!/bin/sh\n${text}\n`), ...files}),
    platform,
  }
}

/**
 * One line per step that is certain, and per step that something is wrong with: `PATH: what is wrong (who may change
 * it)`. A step that is only likely has a question mark. Commands of `/bin` without a fault are left out.
 */
export function sayStart({steps, unknowns}: Startup): string[] {
  const lines = steps.slice(2).flatMap(({path, certainty, obstacle, verdict, maybe, node}) => {
    const wrong = obstacle ? obstacle.kind : verdict?.fit === 'foreign' ? 'foreign' : undefined
    if (wrong === undefined && (certainty === 'likely' || node?.path.startsWith('/bin/'))) return []
    const where = node === undefined || node.path === path ? path : `${path} -> ${node.path}`
    const doubt = maybe === undefined ? '' : ` (${maybe.by.name})`
    return [`${certainty === 'likely' ? '? ' : ''}${where}${wrong === undefined ? '' : `: ${wrong}`}${doubt}`]
  })
  return [...lines, ...unknowns.map(({reason}) => `unknown: ${reason}`)]
}
