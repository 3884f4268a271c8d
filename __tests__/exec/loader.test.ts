// biome-ignore-all lint/suspicious/noTemplateCurlyInString: dynamic string tokens
import {describe, expect, test} from '@jest/globals'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {parseLibraryCache} from '../../src/exec/loader/cache.ts'
import {expandSearchPath, readBuiltInDirectories} from '../../src/exec/loader/directories.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const MUSL = '/lib/ld-musl-x86_64.so.1'

const lib = (shape: Partial<DynamicShape> = {}) => executable(dynamicElf({needed: [], ...shape}))
const app = (shape: Partial<DynamicShape>) => executable(dynamicElf({interp: GLIBC, needed: [], ...shape}))
/** A loader by what makes it one: glibc's versions, and the directories that stand in the file. */
const ldGlibc = executable(
  Buffer.concat([
    dynamicElf({needed: [], soname: 'ld-linux-x86-64.so.2', defines: ['GLIBC_2.2.5', 'GLIBC_PRIVATE']}),
    Buffer.from('\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0'),
  ]),
)
const LIBC = '/lib/x86_64-linux-gnu/libc.so.6'
const BASE: MemoryTree = {[GLIBC]: ldGlibc, [LIBC]: lib({soname: 'libc.so.6', defines: ['GLIBC_2.2.5', 'GLIBC_2.36']})}

/** What is wrong with `/app/bin/app`. */
async function ask(files: MemoryTree, env: readonly string[] = [], workingDir = '') {
  const rootfs = memoryRootfs({'/etc/group': '', ...files})
  const {steps, unknowns} = await readStartup({
    config: imageConfig({entrypoint: ['/app/bin/app'], env, workingDir}),
    rootfs,
    platform: AMD64,
  })
  return {obstacles: steps.flatMap(({obstacle}) => obstacle ?? []), unknowns: unknowns.map(({reason}) => reason)}
}

describe("glibc's loader finds libraries", () => {
  test.each<[string, Partial<DynamicShape>, MemoryTree, string[]?]>([
    ['in its own directories', {needed: ['liba.so']}, {'/usr/lib/liba.so': lib()}],
    [
      'through links',
      {needed: ['liba.so']},
      {'/usr/lib/liba.so': {link: 'a/liba.so.1'}, '/usr/lib/a/liba.so.1': lib()},
    ],
    ['in RUNPATH', {needed: ['liba.so'], runpath: '/x:/opt/lib'}, {'/opt/lib/liba.so': lib()}],
    ['in RPATH', {needed: ['liba.so'], rpath: '/opt/lib'}, {'/opt/lib/liba.so': lib()}],
    ['beside itself', {needed: ['liba.so'], runpath: '$ORIGIN/../lib'}, {'/app/lib/liba.so': lib()}],
    ['by $LIB', {needed: ['liba.so'], runpath: '/opt/${LIB}'}, {'/opt/lib/x86_64-linux-gnu/liba.so': lib()}],
    ['in LD_LIBRARY_PATH', {needed: ['liba.so']}, {'/opt/liba.so': lib()}, ['LD_LIBRARY_PATH=/x;/opt']],
    ['by a path', {needed: ['/opt/liba.so']}, {'/opt/liba.so': lib()}],
    [
      'by an RPATH that its parent has',
      {needed: ['liba.so'], rpath: '/opt'},
      {'/opt/liba.so': lib({needed: ['libb.so']}), '/opt/libb.so': lib()},
    ],
    ['that are loaded under that SONAME', {needed: ['liba.so', 'libx.so']}, {'/lib/liba.so': lib({soname: 'libx.so'})}],
    [
      'past those of another machine',
      {needed: ['liba.so']},
      {'/lib/liba.so': executable(program({wide: false, type: 3})), '/usr/lib/liba.so': lib()},
    ],
    ['the loader itself', {needed: ['ld-linux-x86-64.so.2']}, {}],
    ['for special processors only', {needed: ['liba.so']}, {'/usr/lib/glibc-hwcaps/x86-64-v3/liba.so': lib()}],
  ])('%s', async (_, shape, files, env = []) => {
    expect(
      await ask(
        {...BASE, '/app/bin/app': app({...shape, needed: [...(shape.needed ?? []), 'libc.so.6']}), ...files},
        env,
      ),
    ).toEqual({obstacles: [], unknowns: []})
  })

  const MISSING = 'cannot open shared object file: No such file or directory'
  test.each<[string, Partial<DynamicShape>, MemoryTree, string]>([
    ['nowhere', {needed: ['liba.so']}, {}, `liba.so: ${MISSING}`],
    [
      'only by a RUNPATH that its parent has',
      {needed: ['liba.so'], runpath: '/opt'},
      {'/opt/liba.so': lib({needed: ['libb.so']}), '/opt/libb.so': lib()},
      `libb.so: ${MISSING}`,
    ],
    [
      'only by an RPATH beside a RUNPATH',
      {needed: ['liba.so'], rpath: '/opt', runpath: '/x'},
      {'/opt/liba.so': lib()},
      `liba.so: ${MISSING}`,
    ],
    [
      'only in default directories that are not wanted',
      {needed: ['liba.so'], noDefaultLibraries: true},
      {'/lib/liba.so': lib()},
      `liba.so: ${MISSING}`,
    ],
    [
      'of the other class',
      {needed: ['liba.so']},
      {'/lib/liba.so': executable(program({wide: false, type: 3}))},
      'liba.so: wrong ELF class: ELFCLASS32',
    ],
    [
      'of another machine',
      {needed: ['liba.so']},
      {'/lib/liba.so': executable(program({machine: 183, type: 3}))},
      `liba.so: ${MISSING}`,
    ],
    [
      'empty',
      {needed: ['liba.so']},
      {'/lib/liba.so': executable(''), '/usr/lib/liba.so': lib()},
      '/lib/liba.so: file too short',
    ],
    ['text', {needed: ['liba.so']}, {'/lib/liba.so': executable('x'.repeat(99))}, '/lib/liba.so: invalid ELF header'],
  ])('%s', async (_, shape, files, message) => {
    const {obstacles} = await ask({...BASE, '/app/bin/app': app(shape), ...files})
    expect(obstacles).toMatchObject([
      {
        kind: 'missing-library',
        exitCode: 127,
        message: `/app/bin/app: error while loading shared libraries: ${message}`,
      },
    ])
  })

  test('tells where it looked, and what it left aside', async () => {
    const foreign = executable(program({machine: 183, type: 3}))
    const {obstacles} = await ask({
      ...BASE,
      '/app/bin/app': app({needed: ['liba.so'], runpath: '/opt'}),
      '/opt/liba.so': foreign,
    })
    expect(obstacles).toMatchObject([
      {
        library: 'liba.so',
        neededBy: '/app/bin/app',
        searched: ['/opt', '/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu', '/lib', '/usr/lib'],
        rejected: [{path: '/opt/liba.so', reason: 'it is aarch64, expected x86-64'}],
        cause: 'the library is there, but of another architecture',
      },
    ])
  })

  test.each<[string, DynamicShape['needs'], readonly string[] | undefined]>([
    ['defined', [{file: 'libc.so.6', versions: [{name: 'GLIBC_2.36', weak: false}]}], undefined],
    [
      'too new',
      [
        {
          file: 'libc.so.6',
          versions: [
            {name: 'GLIBC_2.36', weak: false},
            {name: 'GLIBC_2.38', weak: false},
          ],
        },
      ],
      ['GLIBC_2.38'],
    ],
    ['weak', [{file: 'libc.so.6', versions: [{name: 'GLIBC_2.38', weak: true}]}], undefined],
  ])('a version that is %s', async (_, needs, versions) => {
    const {obstacles} = await ask({...BASE, '/app/bin/app': app({needed: ['libc.so.6'], ...(needs ? {needs} : {})})})
    const message = `/app/bin/app: ${LIBC}: version \`GLIBC_2.38' not found (required by /app/bin/app)`
    expect(obstacles).toMatchObject(
      versions ? [{kind: 'missing-version', versions, provider: LIBC, exitCode: 1, message}] : [],
    )
  })

  test('a library without version definitions has them all', async () => {
    const needs = [{file: 'liba.so', versions: [{name: 'V9', weak: false}]}]
    expect(
      (await ask({...BASE, '/lib/liba.so': lib(), '/app/bin/app': app({needed: ['liba.so'], needs})})).obstacles,
    ).toEqual([])
  })
})

describe("musl's loader", () => {
  const ld = lib({soname: 'libc.so'})
  const musl = (shape: Partial<DynamicShape>) => app({interp: MUSL, ...shape})

  test.each<[string, Partial<DynamicShape>, MemoryTree]>([
    ['its directories', {needed: ['liba.so']}, {'/usr/local/lib/liba.so': lib()}],
    ["the loader's own list", {needed: ['liba.so']}, {'/opt/liba.so': lib(), '/etc/ld-musl-x86_64.path': '/x\n/opt\n'}],
    [
      'a RUNPATH that is inherited',
      {needed: ['liba.so'], runpath: '/opt'},
      {'/opt/liba.so': lib({needed: ['libb.so']}), '/opt/libb.so': lib()},
    ],
    ["glibc's libc is its own", {needed: ['libc.so.6', 'libpthread.so.0', 'libm.so.6']}, {}],
  ])('takes %s', async (_, shape, files) => {
    expect(await ask({[MUSL]: ld, '/app/bin/app': musl(shape), ...files})).toEqual({obstacles: [], unknowns: []})
  })

  test('says who needs what is missing', async () => {
    const {obstacles} = await ask({[MUSL]: ld, '/app/bin/app': musl({needed: ['libgcc_s.so.1']})})
    expect(obstacles).toMatchObject([
      {
        kind: 'missing-library',
        message: 'Error loading shared library libgcc_s.so.1: No such file or directory (needed by /app/bin/app)',
      },
    ])
  })
})

describe('a loader that is not there', () => {
  test.each<[string, string, MemoryTree, string | undefined]>([
    ['glibc in musl', GLIBC, {[MUSL]: lib()}, 'a glibc program in a musl image'],
    ['musl in glibc', MUSL, BASE, 'a musl program in a glibc image'],
    ['nothing', GLIBC, {}, 'a dynamically linked program in an image without a loader'],
    ['of another platform', '/lib/ld-linux-aarch64.so.1', BASE, 'the loader of linux/arm64, not of linux/amd64'],
    ['Android', '/system/bin/linker64', BASE, 'a program for Android'],
    ['Nix', '/nix/store/x-glibc/lib/ld.so', BASE, 'a program from a Nix or Guix store that is not in the image'],
    ['anything', '/opt/ld.so', BASE, undefined],
  ])('%s', async (_, interp, files, cause) => {
    const {obstacles} = await ask({...files, '/app/bin/app': app({interp})})
    expect(obstacles).toMatchObject([{kind: 'missing', errno: 'ENOENT', ...(cause === undefined ? {} : {cause})}])
  })

  test('one of neither libc leaves the libraries open', async () => {
    const {unknowns} = await ask({'/opt/ld.so': lib(), '/app/bin/app': app({interp: '/opt/ld.so'})})
    expect(unknowns).toEqual(["/opt/ld.so is neither glibc's loader nor musl's"])
  })
})

describe('ld.so.cache', () => {
  /** One entry of the new format: liba.so -> /opt/liba.so. */
  function cache(flags: number, count = 1): Uint8Array {
    const strings = Buffer.from('liba.so\0/opt/liba.so\0')
    const bytes = new Uint8Array(48 + 24 + strings.length)
    bytes.set(Buffer.from('glibc-ld.so.cache1.1'))
    const view = new DataView(bytes.buffer)
    view.setUint32(20, count, true)
    view.setUint32(24, strings.length, true)
    view.setUint8(28, flags)
    view.setUint32(48, 0x303, true)
    view.setUint32(52, 72, true)
    view.setUint32(56, 80, true)
    bytes.set(strings, 72)
    return bytes
  }

  test('is read in the new format, and after one of the old', () => {
    const expected = new Map([['liba.so', ['/opt/liba.so']]])
    expect(parseLibraryCache(cache(2), 'little')).toEqual(expected)
    expect(parseLibraryCache(cache(0), 'little')).toEqual(expected)
    const old = new Uint8Array(32)
    old.set(Buffer.from('ld.so-1.7.0'))
    new DataView(old.buffer).setUint32(12, 1, true)
    expect(parseLibraryCache(Buffer.concat([old, cache(2)]), 'little')).toEqual(expected)
  })

  test('of another byte order is left unread', () => {
    expect(parseLibraryCache(cache(3), 'little')).toBeUndefined()
    expect(parseLibraryCache(cache(2), 'big')).toBeUndefined()
  })

  test('that lies about itself is left unread', () => {
    expect(parseLibraryCache(cache(2, 2 ** 31), 'little')).toBeUndefined()
    for (let length = 0; length < 72; length++) {
      expect(parseLibraryCache(cache(2).subarray(0, length), 'little')).toBeUndefined()
    }
  })

  test('whose entries share long strings is read as far as a loader may be large', () => {
    const [count, path] = [6000, `/${'a'.repeat(4000)}\0`]
    const [head, strings] = [Buffer.alloc(48), 48 + 24 * count]
    head.write('glibc-ld.so.cache1.1', 0, 'latin1')
    head.writeUInt32LE(count, 20)
    const entry = Buffer.alloc(24)
    entry.writeUInt32LE(strings, 4)
    entry.writeUInt32LE(strings, 8)
    const told: string[] = []
    const bytes = Buffer.concat([head, ...Array.from({length: count}, () => entry), Buffer.from(path)])
    expect(parseLibraryCache(bytes, 'little', reason => told.push(reason))).toBeUndefined()
    expect(told).toEqual([expect.stringContaining('(limit loader-bytes)')])
  })

  test('is searched', async () => {
    const files = {
      ...BASE,
      '/app/bin/app': app({needed: ['liba.so']}),
      '/opt/liba.so': lib(),
      '/etc/ld.so.cache': {content: cache(2)},
    }
    expect((await ask(files)).obstacles).toEqual([])
  })
})

describe('directories', () => {
  test.each([
    ['\0/lib64/\0/usr/lib64/\0x\0/var/tmp/\0', ['/lib64', '/usr/lib64'], false],
    ['\0/nix/store/abc-glibc-2.40/lib/\0', ['/nix/store/abc-glibc-2.40/lib'], false],
    ['nothing', ['/lib64', '/usr/lib64', '/lib', '/usr/lib'], true],
  ])('in a loader: %p', (text, directories, assumed) => {
    expect(readBuiltInDirectories(Buffer.from(text), true)).toEqual({directories, assumed})
  })

  test('more of them than any loader has are something else', () => {
    const text = (count: number) => Buffer.from(`\0${'/lib/\0'.repeat(count)}`)
    expect(readBuiltInDirectories(text(64), true)).toMatchObject({assumed: false})
    expect(readBuiltInDirectories(text(65), true)).toMatchObject({assumed: true})
  })

  test.each([
    ['/a:/b/', ['/a', '/b']],
    ['', []],
    [':/a', ['.', '/a']],
    ['$ORIGIN:${ORIGIN}/x:$ORIGINAL', ['/o', '/o/x', '$ORIGINAL']],
    ['$LIB/${LIB}:$PLATFORM/x:/a', ['lib64/lib64', '/a']],
  ])('of %p', (text, expected) => {
    expect(expandSearchPath(text, {origin: '/o', lib: 'lib64'})).toEqual(expected)
  })
})
