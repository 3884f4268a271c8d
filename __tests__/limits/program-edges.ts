import {dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {identify} from '../../src/binary/index.ts'
import {checkLibraries} from '../../src/exec/index.ts'
import type {LoaderInput} from '../../src/exec/loader/check.ts'
import {readBusybox} from '../../src/exec/wrappers/busybox-file.ts'
import {defined} from '../../src/lib/defined.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {type Edges, FINE} from './edge.ts'
import {exportsOf, GLIBC, lib, linked, loader, native, start, told} from './program-files.ts'

/** What its loader makes of `/app`, in words. */
async function load(files: MemoryTree, bounds: LoaderInput['bounds']): Promise<unknown> {
  const rootfs = memoryRootfs(files)
  const open = async (path: string) => {
    const found = await rootfs.lookup(path)
    const elf = found.outcome === 'found' ? await identify(await rootfs.open(found.node)) : undefined
    if (found.outcome !== 'found' || elf?.kind !== 'elf') throw new Error(`${path} is not a program`)
    return {path, node: found.node, elf}
  }
  const program = await open('/app')
  const loader = await open(program.elf.interpreter?.path ?? '')
  const user = {uid: 0, gid: 0, groups: [], home: undefined}
  const process = {cwd: '/', user, env: new Map<string, string>(), argv: ['/app']}
  const report = await checkLibraries({rootfs, process, program, loader, ...defined({bounds})})
  return report.undetermined ?? report.obstacles[0]?.kind ?? FINE
}

/** Whether a symbol is missed that a program binds at its start, its library having so many with it. */
async function findSymbol(count: number, most: number): Promise<unknown> {
  const MUSL = '/lib/ld-musl-x86_64.so.1'
  const imports = [{name: 'missing'}]
  const files = {
    ...{[MUSL]: lib(), '/lib/liba.so': lib({exports: exportsOf(count - imports.length)})},
    '/app': executable(dynamicElf({interp: MUSL, needed: ['liba.so'], imports})),
  }
  const found = await load(files, {symbols: {name: 'program-symbols', most}})
  return found === 'missing-symbols' ? FINE : found
}

/** A program of so many files: each library needs the next. */
function loadObjects(count: number, most: number): Promise<unknown> {
  const libraries = Array.from({length: count - 1}, (_, at) => {
    return [`/lib/l${at}.so`, lib({needed: at === count - 2 ? [] : [`l${at + 1}.so`]})] as const
  })
  const files = {[GLIBC]: executable(loader()), '/app': linked(['l0.so']), ...Object.fromEntries(libraries)}
  return load(files, {objects: {name: 'loaded-objects', most}})
}

function libraryCache(entries: number): Uint8Array {
  const bytes = new Uint8Array(48 + 24 * entries)
  bytes.set(Buffer.from('glibc-ld.so.cache1.1'))
  new DataView(bytes.buffer).setUint32(20, entries, true)
  return bytes
}

const USER = '\napp:x:1000:1000::/:/bin/sh\n'

async function askApplet(bytes: number): Promise<unknown> {
  const names = ['ash', 'cat', 'cp', 'echo', 'ls', 'mv', 'rm', 'sh', 'true']
  const content = Buffer.alloc(bytes)
  content.write(`\0${names.join('\0')}\0`, 0, 'latin1')
  const view = memoryRootfs({'/bin/busybox': executable(content)})
  const found = await view.lookup('/bin/busybox')
  if (found.outcome !== 'found') throw new Error('there is no busybox')
  const {applets, beyond} = await readBusybox(view, found.node, new Map())
  return beyond ?? (applets?.includes('echo') ? FINE : 'not known')
}

/** A script whose first line, with its end, has so many bytes. */
function shebang(bytes: number): Promise<unknown> {
  const path = `/${'i'.repeat(bytes - '#!/\n'.length)}`
  return start({'/app': executable(`#!${path}\n`), [path]: native})
}

function interpreters(count: number): Promise<unknown> {
  const scripts = Array.from({length: count}, (_, at) => {
    return [at === 0 ? '/app' : `/s${at}`, executable(`#!${at === count - 1 ? '/native' : `/s${at + 1}`}\n`)] as const
  })
  return start({...Object.fromEntries(scripts), '/native': native})
}

/** The limits on what is read of what starts. */
export const PROGRAM_EDGES: Edges = {
  'program-symbols': {most: 50, look: amount => findSymbol(amount, 50), beyond: told('program-symbols')},
  'shebang-bytes': {look: shebang, beyond: 'bad-shebang'},
  'script-interpreters': {look: interpreters, beyond: 'bad-shebang'},
  'loaded-objects': {most: 6, look: amount => loadObjects(amount, 6), beyond: told('loaded-objects')},
  'loader-bytes': {
    look: amount =>
      start({
        [GLIBC]: executable(loader(amount)),
        '/app': linked(['liba.so']),
        '/usr/lib/x86_64-linux-gnu/liba.so': lib(),
      }),
    beyond: told('loader-bytes'),
  },
  'loader-cache-entries': {
    look: amount =>
      start({
        [GLIBC]: executable(loader()),
        '/app': linked(['liba.so']),
        '/lib/liba.so': lib(),
        '/etc/ld.so.cache': libraryCache(amount),
      }),
    beyond: told('loader-cache-entries'),
  },
  'account-file-bytes': {
    step: USER.length,
    look: amount => start({'/app': native, '/etc/passwd': `${'#'.repeat(amount - USER.length)}${USER}`}, 'app'),
    beyond: 'no-such-user',
  },
  'busybox-bytes': {look: askApplet, beyond: told('busybox-bytes')},
}
