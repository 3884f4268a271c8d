import {program} from '../../../scripts/kernel/elf.ts'
import type {Startup} from '../../../src/exec/index.ts'
import {imageConfig} from '../../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'
import {readStartup} from '../../support/told-startup.ts'

const native = executable(program({}))
const arm64 = executable(program({machine: 183}))

const TOOLS = ['dash', 'bash', 'cp', 'mv', 'rm', 'ln', 'chmod', 'cat', 'env', 'mkdir', 'true', 'curl', 'unknown']
const BASE: MemoryTree = {
  ...Object.fromEntries(TOOLS.map(name => [`/bin/${name}`, native])),
  '/bin/busybox': native,
  '/app': native,
  '/arm': arm64,
  '/first/both': arm64,
  '/second/both': native,
  '/first/gone': executable('#!/nowhere\n'),
  '/second/gone': native,
  '/first/text': arm64,
  '/second/text': executable('exec /arm\n'),
  '/usr/local/bin/own': arm64,
  '/lib.sh': {content: 'if unknown; then cp /app /tmp/x; return; fi\n'},
  '/makes.sh': executable('#!/bin/sh\nif unknown; then cp /app /tmp/x; exit 0; fi\n'),
  '/calls.sh': executable('#!/bin/bash\nboth\n'),
  '/writes.sh': executable('#!/bin/bash\necho exec /app > /writes.sh\nnosuch\n'),
  '/closed': {kind: 'directory', mode: 0o700},
  '/tmp': {kind: 'directory', mode: 0o1777},
}

/**
 * What a script of one of the shells starts of the image's own programs, and what is wrong with it; `?` where it may be
 * gone by. `sh` is bash that is called so. `unknown` is a program of which nothing is known.
 */
export async function follow(script: string, shell = 'dash', user = ''): Promise<readonly string[]> {
  const {steps} = await startupOf(script, shell, user)
  const own = steps.slice(2).filter(({path, role, via}) => {
    const isTool = path.startsWith('/bin/') || (role !== 'program' && via.includes('.sh'))
    return role !== 'argument' && !isTool
  })
  return own.map(({path, certainty, obstacle, maybe}) => {
    const what = [path, ...(obstacle ? [obstacle.kind] : []), ...(maybe === undefined ? [] : ['maybe'])].join(' ')
    return certainty === 'certain' ? what : `? ${what}`
  })
}

/** Why what the same script starts is not known. */
export async function followUnknowns(script: string, shell = 'dash'): Promise<readonly string[]> {
  const {unknowns} = await startupOf(script, shell, '')
  return unknowns.map(({reason}) => reason)
}

/** What the same script calls that is not there, where it is silent of it. */
export async function followPassedOver(script: string, shell = 'dash'): Promise<readonly string[]> {
  const {passedOver = []} = await startupOf(script, shell, '')
  return passedOver.map(({reason}) => reason)
}

function startupOf(script: string, shell: string, user: string): Promise<Startup> {
  const isBusybox = shell === 'busybox'
  const shells: MemoryTree = isBusybox
    ? Object.fromEntries(['sh', 'cp', 'rm'].map(name => [`/bin/${name}`, {link: 'busybox'}]))
    : {'/bin/sh': {link: shell === 'sh' ? 'bash' : shell}}
  const shebang = shell === 'bash' ? '#!/bin/bash' : '#!/bin/sh'
  const rootfs = memoryRootfs({...BASE, ...shells, '/e.sh': executable(`${shebang}\n${script}\n`)})
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  return readStartup({rootfs, platform, config: imageConfig({entrypoint: ['/e.sh'], user})})
}
