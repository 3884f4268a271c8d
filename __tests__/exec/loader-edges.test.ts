import {describe, expect, test} from '@jest/globals'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {readBuiltInDirectories} from '../../src/exec/loader/directories.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryEntry, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const MUSL = '/lib/ld-musl-x86_64.so.1'
const LD_GLIBC = executable(
  Buffer.concat([
    dynamicElf({needed: [], soname: 'ld-linux-x86-64.so.2', defines: ['GLIBC_2.2.5', 'GLIBC_PRIVATE']}),
    Buffer.from('\0/lib/\0/usr/lib/\0'),
  ]),
)

const lib = (shape: Partial<DynamicShape> = {}) => executable(dynamicElf({needed: [], ...shape}))
const app = (shape: Partial<DynamicShape>, more: object = {}): MemoryEntry => ({
  ...{content: dynamicElf({interp: GLIBC, needed: ['liba.so'], ...shape}), mode: 0o755},
  ...more,
})

interface Asked {
  readonly env?: readonly string[]
  readonly user?: string
}

/** What keeps `/app/bin/app` from starting, by what it prints; and what its libraries are. */
async function ask(files: MemoryTree, {env = [], user = ''}: Asked = {}) {
  const {steps, unknowns} = await readStartup({
    config: imageConfig({entrypoint: ['/app/bin/app'], env, user}),
    rootfs: memoryRootfs({'/etc/passwd': '', '/etc/group': '', ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  return {
    says: steps.flatMap(({obstacle}) =>
      obstacle && 'message' in obstacle ? obstacle.message : (obstacle?.kind ?? []),
    ),
    causes: steps.flatMap(({obstacle}) => (obstacle && 'cause' in obstacle ? (obstacle.cause ?? []) : [])),
    rejected: steps.flatMap(({obstacle}) => (obstacle?.kind === 'missing-library' ? obstacle.rejected : [])),
    unknowns: unknowns.map(({reason}) => reason),
  }
}

const FAILED = '/app/bin/app: error while loading shared libraries: '
const NONE = 'cannot open shared object file: No such file or directory'
const GONE = [`${FAILED}liba.so: ${NONE}`]

describe("what glibc's loader makes of a file of the name", () => {
  test.each<[title: string, files: MemoryTree, says: readonly string[], rejected?: string]>([
    [
      'a directory',
      {'/lib/liba.so/x': ''},
      [`${FAILED}/lib/liba.so: cannot read file data: Error 21`],
      'cannot read file data: Error 21',
    ],
    ['a FIFO', {'/lib/liba.so': {kind: 'fifo'}}, GONE, 'it is a fifo'],
    ['a FIFO, and a library behind it', {'/lib/liba.so': {kind: 'fifo'}, '/usr/lib/liba.so': lib()}, []],
    [
      'that the user may not read',
      {'/lib/liba.so': executable(dynamicElf({needed: []}), 0o600)},
      GONE,
      'no read permission',
    ],
    [
      'without a dynamic section',
      {'/lib/liba.so': executable(program({type: 3}))},
      [`${FAILED}/lib/liba.so: object file has no dynamic section`],
      'object file has no dynamic section',
    ],
    [
      'a program at a fixed address',
      {'/lib/liba.so': executable(program({}))},
      [`${FAILED}liba.so: cannot dynamically load executable`],
      'cannot dynamically load executable',
    ],
  ])('%s', async (_, files, says, rejected = '') => {
    const got = await ask({[GLIBC]: LD_GLIBC, '/app/bin/app': app({}), ...files}, {user: '1000:1000'})
    expect([got.says, got.unknowns]).toEqual([says, []])
    expect(got.rejected.map(({reason}) => reason)).toEqual(rejected === '' ? [] : [rejected])
  })

  test.each<[name: string, causes: readonly string[]]>([
    ['libc.musl-x86_64.so.1', ['a musl library in a glibc image']],
    ['ld-musl-x86_64.so.1', ['a musl library in a glibc image']],
    ['xld-musl-x86_64.so.1', []],
    ['libresolv.so.2', []],
  ])('why there is no %s', async (name, causes) => {
    const got = await ask({[GLIBC]: LD_GLIBC, '/app/bin/app': app({needed: [name]})})
    expect([got.says, got.causes]).toEqual([[`${FAILED}${name}: ${NONE}`], causes])
  })
})

describe('a path of ld.so.cache', () => {
  /** One entry: liba.so -> the path. */
  const cacheOf = (path: string): MemoryEntry => {
    const strings = `liba.so\0${path}\0`
    const bytes = Buffer.alloc(72 + strings.length)
    bytes.write('glibc-ld.so.cache1.1')
    bytes.writeUInt32LE(1, 20)
    bytes.writeUInt32LE(72, 52)
    bytes.writeUInt32LE(80, 56)
    bytes.write(strings, 72)
    return {content: bytes}
  }
  test.each<[path: string, noDefaultLibraries: boolean, says: readonly string[]]>([
    ['/opt/liba.so', false, []],
    ['/opt/liba.so', true, []],
    ['/lib/liba.so', true, GONE],
    ['/lib/sub/liba.so', true, []],
    ['/libx/liba.so', true, []],
    ['/gone/liba.so', false, GONE],
  ])('%s, -z nodefaultlib: %p', async (path, noDefaultLibraries, says) => {
    const there = path.startsWith('/gone') ? {} : {[path]: lib()}
    const files = {[GLIBC]: LD_GLIBC, '/etc/ld.so.cache': cacheOf(path), '/app/bin/app': app({noDefaultLibraries})}
    expect((await ask({...files, ...there})).says).toEqual(says)
  })
})

describe('a program that takes on another user or group leaves LD_LIBRARY_PATH aside', () => {
  test.each<[title: string, more: object, says: readonly string[]]>([
    ['neither', {}, []],
    ['set-user-ID of another', {mode: 0o4755, uid: 0}, GONE],
    ['set-user-ID of itself', {mode: 0o4755, uid: 1000}, []],
    ['set-group-ID of another', {mode: 0o2755, gid: 7}, GONE],
    ['set-group-ID of its own', {mode: 0o2755, gid: 1000}, []],
    ['of another, without the bits', {mode: 0o755, uid: 5, gid: 5}, []],
  ])('%s', async (_, more, says) => {
    for (const [loader, interp] of [
      [LD_GLIBC, GLIBC],
      [lib({soname: 'libc.so'}), MUSL],
    ] as const) {
      const files = {[interp]: loader, '/opt/liba.so': lib(), '/app/bin/app': app({interp}, more)}
      const got = await ask(files, {env: ['LD_LIBRARY_PATH=/opt'], user: '1000:1000'})
      expect(got.says.length).toBe(says.length)
      if (interp === GLIBC) expect(got.says).toEqual(says)
    }
  })
})

describe("where musl's loader looks", () => {
  const ld = lib({soname: 'libc.so'})
  const at = (interp: string, shape: Partial<DynamicShape> = {}) => ({
    ...{[interp]: ld, '/app/bin/app': app({interp, ...shape})},
  })
  test.each<[title: string, files: MemoryTree, env?: readonly string[]]>([
    ['/lib', {...at(MUSL), '/lib/liba.so': lib()}],
    ['/usr/lib', {...at(MUSL), '/usr/lib/liba.so': lib()}],
    ['LD_LIBRARY_PATH', {...at(MUSL), '/opt/liba.so': lib()}, ['LD_LIBRARY_PATH=/x:/opt']],
    ['LD_LIBRARY_PATH, by lines', {...at(MUSL), '/opt/liba.so': lib()}, ['LD_LIBRARY_PATH=/x\n/opt']],
    ['RPATH', {...at(MUSL, {rpath: '/opt'}), '/opt/liba.so': lib()}],
    ['RUNPATH, with $ORIGIN', {...at(MUSL, {runpath: '$ORIGIN/../lib'}), '/app/lib/liba.so': lib()}],
    ['a path', {...at(MUSL, {needed: ['/opt/liba.so']}), '/opt/liba.so': lib()}],
    ['a path, with $ORIGIN', {...at(MUSL, {needed: ['$ORIGIN/liba.so']}), '/app/bin/liba.so': lib()}],
    [
      "the list of the loader's own prefix",
      {...at('/opt/musl/lib/ld-musl-x86_64.so.1'), '/opt/musl/etc/ld-musl-x86_64.path': '/x:/y', '/y/liba.so': lib()},
    ],
    ['the list, by colons and lines', {...at(MUSL), '/etc/ld-musl-x86_64.path': '/x:/y\n\n/z', '/z/liba.so': lib()}],
    [
      'what is loaded by that name',
      {
        ...at(MUSL, {needed: ['/opt/liba.so', 'libb.so']}),
        ...{'/opt/liba.so': lib({needed: ['libb.so'], runpath: '/opt'}), '/opt/libb.so': lib({needed: ['libb.so']})},
        '/lib/libb.so': lib(),
      },
    ],
    ['itself', at(MUSL, {needed: ['libpthread.so.0', 'libxnet.so', 'libdl.so.2', 'librt.so.1', 'libutil.so.1']})],
  ])('%s', async (_, files, env = []) => {
    expect(await ask(files, {env})).toEqual({says: [], causes: [], rejected: [], unknowns: []})
  })

  const missing = (name: string, why = 'No such file or directory', by = '/app/bin/app') => [
    `Error loading shared library ${name}: ${why} (needed by ${by})`,
  ]
  test.each<[title: string, files: MemoryTree, says: readonly string[], causes?: readonly string[]]>([
    ['nowhere', at(MUSL), missing('liba.so')],
    [
      'not in its own directories, where it has a list',
      {
        ...at(MUSL),
        ...{'/etc/ld-musl-x86_64.path': '/x', '/lib/liba.so': lib()},
      },
      missing('liba.so'),
    ],
    [
      'nowhere, where its list is empty',
      {...at(MUSL), '/etc/ld-musl-x86_64.path': '', '/lib/liba.so': lib()},
      missing('liba.so'),
    ],
    [
      'the list of another prefix does not count',
      {...at('/opt/musl/lib/ld-musl-x86_64.so.1'), '/etc/ld-musl-x86_64.path': '/y', '/y/liba.so': lib()},
      missing('liba.so'),
    ],
    [
      'by a library',
      {...at(MUSL), '/lib/liba.so': lib({needed: ['libb.so']})},
      missing('libb.so', undefined, '/lib/liba.so'),
    ],
    ['a directory', {...at(MUSL), '/lib/liba.so/x': ''}, missing('liba.so', 'Exec format error')],
    ['text', {...at(MUSL), '/lib/liba.so': executable('x'.repeat(99))}, missing('liba.so', 'Exec format error')],
    ['empty', {...at(MUSL), '/lib/liba.so': executable('')}, missing('liba.so', 'Exec format error')],
    [
      'not linked for it',
      {...at(MUSL), '/lib/liba.so': executable(program({type: 3}))},
      missing('liba.so', 'Exec format error'),
    ],
    [
      'another machine',
      {...at(MUSL), '/lib/liba.so': executable(program({type: 3, machine: 183}))},
      missing('liba.so', 'Exec format error'),
      ['the library is there, but of another architecture'],
    ],
    [
      "glibc's resolver",
      at(MUSL, {needed: ['libresolv.so.2']}),
      missing('libresolv.so.2'),
      ['a glibc library in a musl image'],
    ],
    [
      "glibc's services",
      at(MUSL, {needed: ['libnss_dns.so.2']}),
      missing('libnss_dns.so.2'),
      ['a glibc library in a musl image'],
    ],
    [
      "glibc's loader",
      at(MUSL, {needed: ['ld-linux-x86-64.so.2']}),
      missing('ld-linux-x86-64.so.2'),
      ['a glibc library in a musl image'],
    ],
    ['a name like it', at(MUSL, {needed: ['xlibnss_dns.so.2']}), missing('xlibnss_dns.so.2')],
  ])('not there: %s', async (_, files, says, causes = []) => {
    const got = await ask(files)
    expect([got.says, got.causes, got.unknowns]).toEqual([says, causes, []])
  })
})

describe("what musl's loader makes of a file of the name", () => {
  const ld = lib({soname: 'libc.so'})
  const elf = (options: ElfOptions) => executable(buildElf(options))
  const fixed = {type: 'exec', needed: []} as const
  test.each<[title: string, interp: string, library: MemoryTree[string], rejected: string | undefined]>([
    ['a library', MUSL, elf({type: 'dyn', needed: []}), undefined],
    // A program at a fixed address wants the addresses of the one that starts.
    ['a program at a fixed address', MUSL, elf(fixed), 'Resource busy'],
    ['an object file', MUSL, elf({type: 1, needed: []}), 'Exec format error'],
    ['a core file', MUSL, elf({type: 4, needed: []}), 'Exec format error'],
    ['no dynamic table', MUSL, elf({type: 'dyn'}), 'Exec format error'],
    ['less than a header', MUSL, executable(buildElf({type: 'dyn', needed: []}).subarray(0, 63)), 'Exec format error'],
    ['another machine', MUSL, elf({type: 'dyn', needed: [], machine: 183}), 'it is aarch64, expected x86-64'],
    ['a program that may be anywhere', MUSL, elf({type: 'dyn', needed: [], flags1: 0x08000000}), undefined],
    [
      'for glibc, a program that may be anywhere',
      GLIBC,
      elf({type: 'dyn', needed: [], flags1: 0x08000000}),
      'cannot dynamically load position-independent executable',
    ],
  ])('%s', async (_, interp, library, rejected) => {
    const loader = interp === MUSL ? ld : LD_GLIBC
    const got = await ask({[interp]: loader, '/app/bin/app': app({interp}), '/lib/liba.so': library})
    expect([got.rejected.map(({reason}) => reason), got.unknowns]).toEqual([rejected ? [rejected] : [], []])
    expect(got.says).toHaveLength(rejected ? 1 : 0)
  })

  test('a program that may be anywhere loads one at a fixed address', async () => {
    const files = {[MUSL]: ld, '/lib/liba.so': elf(fixed)}
    const pie = elf({type: 'dyn', interpreter: MUSL, needed: ['liba.so']})
    expect((await ask({...files, '/app/bin/app': pie})).says).toEqual([])
  })

  test('it knows no versions of symbols', async () => {
    const needs = [{file: 'liba.so', versions: [{name: 'V2', weak: false}]}]
    const library = lib({soname: 'liba.so', defines: ['V1']})
    const program = (interp: string) => app({interp, needs})
    expect((await ask({[MUSL]: ld, '/app/bin/app': program(MUSL), '/lib/liba.so': library})).says).toEqual([])
    expect((await ask({[GLIBC]: LD_GLIBC, '/app/bin/app': program(GLIBC), '/lib/liba.so': library})).says).toEqual([
      expect.stringContaining("version `V2' not found"),
    ])
  })
})

describe('what a loader does not say', () => {
  const LARGE = 16 * 2 ** 20
  const large = (content: Uint8Array) => executable(Buffer.concat([content, Buffer.alloc(LARGE)]))

  test('where it looks, of one of more than is read', async () => {
    const content = dynamicElf({needed: [], soname: 'ld-linux-x86-64.so.2', defines: ['GLIBC_2.2.5']})
    const got = await ask({[GLIBC]: large(content), '/app/bin/app': app({}), '/usr/lib/liba.so': lib()})
    expect([got.says, got.unknowns]).toEqual([[], [`${GLIBC} has more than 16 MiB (limit loader-bytes)`]])
  })

  test('where it looks, of a list of more than is read', async () => {
    const list = '/etc/ld-musl-x86_64.path'
    const files = {[MUSL]: lib({soname: 'libc.so'}), [list]: large(Buffer.from('/opt'))}
    const got = await ask({...files, '/app/bin/app': app({interp: MUSL})})
    expect([got.says, got.unknowns]).toEqual([[], [`${list} has more than 16 MiB (limit loader-bytes)`]])
  })

  test('whose it is, of one that defines other versions', async () => {
    const other = lib({soname: 'ld-linux-x86-64.so.2', defines: ['OTHER_1']})
    const got = await ask({[GLIBC]: other, '/app/bin/app': app({})})
    expect([got.says, got.unknowns]).toEqual([[], [`${GLIBC} is neither glibc's loader nor musl's`]])
  })

  test('its directories: those of 64 bits are assumed', async () => {
    const silent = lib({soname: 'ld-linux-x86-64.so.2', defines: ['OTHER_1', 'GLIBC_2.2.5']})
    const files = {[GLIBC]: silent, '/app/bin/app': app({})}
    expect((await ask({...files, '/lib64/liba.so': lib()})).says).toEqual([])
    expect((await ask({...files, '/lib32/liba.so': lib()})).says).toEqual(GONE)
  })
})

describe('a library that is needed several times', () => {
  test('is looked for once, and told of once', async () => {
    const files = {[GLIBC]: LD_GLIBC, '/lib/libb.so': lib({needed: ['liba.so']})}
    expect((await ask({...files, '/app/bin/app': app({needed: ['liba.so', 'libb.so', 'liba.so']})})).says).toEqual(GONE)
  })
})

describe('a library that a device runtime brings', () => {
  const env = ['NVIDIA_VISIBLE_DEVICES=all']
  const needs = [{file: 'liba.so', versions: [{name: 'V2', weak: false}]}]
  const files = {[GLIBC]: LD_GLIBC, '/lib/liba.so': lib({soname: 'liba.so', defines: ['V1']})}
  const VERSION = expect.stringContaining("version `V2' not found")
  const CUDA = expect.stringContaining('libcuda.so.1: ')

  test.each<[title: string, needed: readonly string[], says: readonly unknown[]]>([
    ['and a version that is missing: both', ['libcuda.so.1', 'liba.so'], [CUDA, VERSION]],
    [
      'and one that is nowhere: versions come later',
      ['libcuda.so.1', 'liba.so', 'libb.so'],
      [CUDA, expect.any(String)],
    ],
  ])('%s', async (_, needed, says) => {
    const got = await ask({...files, '/app/bin/app': app({needed, needs})}, {env})
    expect(got.says).toEqual(says)
    expect(got.says.some(text => text.includes('not found') && text.includes('V2'))).toBe(needed.length === 2)
  })
})

describe('directories that stand in a loader', () => {
  test.each<[text: string, directories: readonly string[] | undefined]>([
    ['/lib/\0/usr/lib/\0', ['/lib', '/usr/lib']],
    ['\0/a/lib/\0', ['/a/lib']],
    ['\0/lib/', ['/lib']],
    ['\0/lib\0', undefined],
    ['\0lib/\0', undefined],
    ['\0/lib64\0', undefined],
    ['\0/lib/\0lib64/\0', ['/lib']],
    ['\0/lib/\0//\0', ['/lib']],
    ['\0//\0', undefined],
    ['\0/lib /\0', undefined],
    ['\0/lib\u007f/\0', undefined],
    [`\0/lib${'x'.repeat(4091)}/\0`, [`/lib${'x'.repeat(4091)}`]],
    [`\0/lib${'x'.repeat(4092)}/\0`, undefined],
    ['\0/etc/\0/var/\0', undefined],
    ['\0/etc/\0/var/lib/\0', ['/etc', '/var/lib']],
    ['\0/etc/\0/var/lib/\0x\0/lib/\0', ['/etc', '/var/lib']],
    ['\0/lib/\0x\0/lib32/\0/usr/lib32/\0', ['/lib32', '/usr/lib32']],
    ['\0/lib/\0x\0/lib32/\0', ['/lib']],
  ])('%j', (text, directories) => {
    const assumed = {directories: ['/lib64', '/usr/lib64', '/lib', '/usr/lib'], assumed: true}
    expect(readBuiltInDirectories(Buffer.from(text, 'latin1'), true)).toEqual(
      directories ? {directories, assumed: false} : assumed,
    )
  })

  test('of a loader of 32 bits that says nothing', () => {
    expect(readBuiltInDirectories(Buffer.from('x'), false)).toEqual({directories: ['/lib', '/usr/lib'], assumed: true})
  })
})
