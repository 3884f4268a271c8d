import type {RootFs} from '../../image/rootfs.ts'
import {resolveUser} from '../credentials.ts'
import {baseName, type Process} from '../resolved-path.ts'
import {env} from './env.ts'
import {type Caller, type Handover, passOn} from './handover.ts'
import {interpret} from './interpreters.ts'
import {suexec} from './s6.ts'
import {followShell, isShell, readShellJob, readText, scriptCandidates} from './shells.ts'
import {wrap} from './wrap.ts'
import {findWrapper} from './wrappers.ts'

/** Names of a loader, which starts the program that its arguments name. */
const LOADER = /^(ld-linux.*\.so\.\d+|ld64\.so\.\d+|ld\.so\.\d+|ld-\d.*\.so|ld-musl-.*\.so\.1)$/

/**
 * What a program that has been started hands over to, by its own rules; nothing for a program that is the end of the
 * chain. `paths`: the names by which it may be known, as it was called first, then what the path led to.
 */
export async function handOver(
  rootfs: RootFs,
  process: Process,
  paths: readonly string[],
): Promise<readonly Handover[]> {
  for (const path of paths) {
    const found = await handOverAs(rootfs, process, baseName(path))
    if (found) return found
  }
  return []
}

/**
 * Programs that may read variables (HOME is from /etc/passwd), or change the user and leave the variables as they are.
 */
export function asksForUser(paths: readonly string[]): boolean {
  return paths.map(baseName).some(name => {
    if (isShell(name) || isMultiCall(name) || name === 'env' || name === 's6-overlay-suexec') return true
    const wrapper = findWrapper(name)
    return wrapper?.user !== undefined || wrapper?.userOptions !== undefined
  })
}

function isMultiCall(name: string): boolean {
  return name === 'busybox' || name === 'toybox' || name === 'busybox.static'
}

/** Undefined where nothing is known of a program of this name. */
async function handOverAs(rootfs: RootFs, process: Process, name: string): Promise<readonly Handover[] | undefined> {
  const caller: Caller = {
    name,
    process,
    resolveUser: async spec => {
      const user = await resolveUser(rootfs, spec)
      return user.ok ? user.value : undefined
    },
  }
  if (isMultiCall(name)) {
    const argv = process.argv.slice(1)
    const [applet] = argv
    return applet === undefined ? [] : ((await handOverAs(rootfs, {...process, argv}, baseName(applet))) ?? [])
  }
  if (isShell(name)) return shell(rootfs, process)
  if (name === 'env') return env(caller)
  if (name === 's6-overlay-suexec') return suexec(caller)
  if (LOADER.test(name)) return loader(caller)
  const wrapper = findWrapper(name)
  return wrapper ? wrap(wrapper, caller) : interpret(caller)
}

async function shell(rootfs: RootFs, process: Process): Promise<readonly Handover[]> {
  const job = readShellJob(process.argv)
  const name = baseName(process.argv[0] ?? 'sh')
  switch (job.kind) {
    case 'input':
      return []
    case 'refused':
      return [{kind: 'unknown', reason: `the option ${JSON.stringify(job.option)} of ${name} is not understood`}]
    case 'text':
      return followShell(rootfs, process, job, `${name} -c`)
    case 'file': {
      const candidates = scriptCandidates(job.path, process)
      const file: Handover = {kind: 'file', candidates, via: `argument of ${name}`, cwd: process.cwd}
      for (const path of candidates) {
        const text = await readText(rootfs, process, path)
        if (text !== undefined) return [file, ...(await followShell(rootfs, process, {...job, text, name: path}, path))]
      }
      return [file]
    }
  }
}

/** `ld.so [options] program`: glibc's elf/rtld.c, musl's ldso/dynlink.c. */
function loader(caller: Caller): readonly Handover[] {
  const {argv} = caller.process
  let at = 1
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('--')) break
    if (word === '--') {
      at++
      break
    }
    if (['--list', '--verify', '--version', '--help'].includes(word)) return []
    if (
      [
        '--library-path',
        '--preload',
        '--argv0',
        '--audit',
        '--inhibit-rpath',
        '--glibc-hwcaps-prepend',
        '--glibc-hwcaps-mask',
      ].includes(word)
    )
      at++
  }
  return passOn(caller, argv.slice(at), {search: 'path', runsText: false})
}
