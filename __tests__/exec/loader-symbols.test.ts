import {describe, expect, test} from '@jest/globals'
import {type DynamicShape, dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const MUSL = '/lib/ld-musl-x86_64.so.1'
const LIBC = '/lib/x86_64-linux-gnu/libc.so.6'
const PRIVATE = 'GLIBC_PRIVATE'

const lib = (shape: Partial<DynamicShape> = {}) => executable(dynamicElf({needed: [], ...shape}))

/** What is wrong with /app. */
async function ask(files: MemoryTree, env: readonly string[] = []) {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({entrypoint: ['/app'], env}),
    rootfs: memoryRootfs(files),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const found = steps.flatMap(({obstacle}) => {
    if (obstacle === undefined) return []
    if (obstacle.kind === 'missing-symbols') return [obstacle.message]
    return obstacle.kind === 'mixed-release' ? [`mixed ${Object.values(obstacle.releases).join(' ')}`] : [obstacle.kind]
  })
  return undetermined === undefined ? found : [...found, undetermined]
}

/** More than there may be of a file. */
const MANY = Array.from({length: 200_000}, (_, at) => ({name: `f${at}`}))
const BEYOND = expect.stringContaining('(limit elf-symbols)')

describe('musl binds all symbols at the start', () => {
  const app = (shape: Partial<DynamicShape>) => executable(dynamicElf({interp: MUSL, needed: ['libx.so'], ...shape}))
  const libc = lib({exports: [{name: 'puts'}]})
  const say = (program: Partial<DynamicShape>, library: Partial<DynamicShape> = {}, env: readonly string[] = []) =>
    ask({[MUSL]: libc, '/app': app(program), '/lib/libx.so': lib(library)}, env)
  const lost = (object: string, name: string) => [`Error relocating ${object}: ${name}: symbol not found`]

  test.each<[string, Partial<DynamicShape>, Partial<DynamicShape>, (readonly string[])?]>([
    ['none', {}, {}],
    ['of libc', {imports: [{name: 'puts', call: true}]}, {}],
    ['of a library', {imports: [{name: 'f'}]}, {exports: [{name: 'f'}]}],
    ['of the program', {exports: [{name: 'f'}]}, {imports: [{name: 'f', call: true}]}],
    ['a weak one', {imports: [{name: 'f', weak: true}]}, {}],
    ['of another version', {imports: [{name: 'f'}]}, {defines: ['V1'], exports: [{name: 'f', version: 'V1'}]}],
    ['with LD_PRELOAD', {imports: [{name: 'f'}]}, {}, ['LD_PRELOAD=/lib/liby.so']],
  ])('%s: starts', async (_, program, library, env = []) => {
    expect(await say(program, library, env)).toEqual([])
  })

  test.each<[string, Partial<DynamicShape>, Partial<DynamicShape>, readonly string[]]>([
    ['a datum', {imports: [{name: 'f'}]}, {}, lost('/app', 'f')],
    ['a function', {imports: [{name: 'f', call: true}]}, {}, lost('/app', 'f')],
    ['of a library', {}, {imports: [{name: 'f'}]}, lost('/lib/libx.so', 'f')],
    [
      'of a library and of the program',
      {imports: [{name: 'g'}]},
      {imports: [{name: 'f'}]},
      [...lost('/lib/libx.so', 'f'), ...lost('/app', 'g')],
    ],
    [
      'a hidden version',
      {imports: [{name: 'f'}]},
      {defines: ['V1'], exports: [{name: 'f', version: 'V1', hidden: true}]},
      lost('/app', 'f'),
    ],
    ['a function before a datum', {imports: [{name: 'f'}, {name: 'g', call: true}]}, {}, lost('/app', 'g')],
    ['one of several', {imports: [{name: 'puts'}, {name: 'g'}]}, {}, lost('/app', 'g')],
  ])('%s: does not start', async (_, program, library, expected) => {
    expect(await say(program, library)).toEqual(expected)
  })
})

describe('symbols beyond a limit', () => {
  const app = (interp: string, shape: Partial<DynamicShape> = {}) =>
    executable(dynamicElf({interp, needed: ['libx.so'], ...shape}))

  test.each<[string, Partial<DynamicShape>, Partial<DynamicShape>]>([
    ['of a program', {exports: MANY}, {}],
    ['of a library', {}, {exports: MANY}],
  ])('%s: what musl binds is not known', async (_, program, library) => {
    const files = {[MUSL]: lib(), '/app': app(MUSL, program), '/lib/libx.so': lib(library)}
    expect(await ask(files)).toEqual([BEYOND])
  })
})

describe('symbols that tell of glibc', () => {
  test.each([
    ['__printf_chk', true],
    ['fopen64', true],
    ['__isoc23_strtol', true],
    ['gnu_get_libc_version', true],
    ['f', false],
    ['decode_base64', false],
    ['pthread_setname_np', false],
  ])('%s', async (name, tells) => {
    const {steps} = await readStartup({
      config: imageConfig({entrypoint: ['/app'], env: []}),
      rootfs: memoryRootfs({
        [MUSL]: lib(),
        '/app': executable(dynamicElf({interp: MUSL, needed: [], imports: [{name}]})),
      }),
      platform: {os: 'linux', architecture: 'amd64', variant: ''},
    })
    const [obstacle] = steps.flatMap(step => step.obstacle ?? [])
    expect(obstacle).toMatchObject({kind: 'missing-symbols', symbols: [name]})
    expect(obstacle && 'cause' in obstacle).toBe(tells)
  })
})

describe('the parts of glibc', () => {
  const release = (version: string) => Buffer.from(`\0GNU C Library (x) stable release version ${version}.\0`)
  const loader = (names: readonly string[], version = '2.36') =>
    executable(
      Buffer.concat([
        dynamicElf({
          needed: [],
          soname: 'ld-linux-x86-64.so.2',
          defines: ['GLIBC_2.2.5', PRIVATE],
          exports: names.map(name => ({name, version: PRIVATE})),
        }),
        Buffer.from('\0/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0'),
        release(version),
      ]),
    )
  const libc = (shape: Partial<DynamicShape>, version = '2.36') =>
    executable(
      Buffer.concat([
        dynamicElf({
          needed: ['ld-linux-x86-64.so.2'],
          soname: 'libc.so.6',
          defines: ['GLIBC_2.2.5', PRIVATE],
          needs: [{file: 'ld-linux-x86-64.so.2', versions: [{name: PRIVATE, weak: false}]}],
          ...shape,
        }),
        release(version),
      ]),
    )
  const app = executable(dynamicElf({interp: GLIBC, needed: ['libc.so.6']}))
  const say = (offered: readonly string[], shape: Partial<DynamicShape>, env: readonly string[] = []) =>
    ask({[GLIBC]: loader(offered), [LIBC]: libc(shape), '/app': app}, env)
  const LOST = [`/app: symbol lookup error: ${LIBC}: undefined symbol: _dl_new, version ${PRIVATE}`]
  const asked = (more: Partial<NonNullable<DynamicShape['imports']>[number]> = {}) => ({
    imports: [{name: '_dl_new', version: PRIVATE, ...more}],
  })

  test.each<[string, readonly string[], Partial<DynamicShape>, (readonly string[])?]>([
    ['of one release', ['_dl_new'], asked()],
    ['a weak symbol', [], asked({weak: true})],
    ['a function that may wait', [], asked({call: true})],
    ['a symbol of libc itself', [], {...asked(), exports: [{name: '_dl_new', version: PRIVATE}]}],
    ['with LD_PRELOAD', [], asked(), ['LD_PRELOAD=/x.so']],
  ])('%s: starts', async (_, offered, shape, env = []) => {
    expect(await say(offered, shape, env)).toEqual([])
  })

  test.each<[string, Partial<DynamicShape>, (readonly string[])?]>([
    ['a datum', asked()],
    ['a function of what binds at once', {...asked({call: true}), bindsNow: true}],
    ['a function with LD_BIND_NOW', asked({call: true}), ['LD_BIND_NOW=1']],
  ])('%s that the loader lacks: does not start', async (_, shape, env = []) => {
    expect(await say(['_dl_old'], shape, env)).toEqual(LOST)
  })

  test.each<[string, readonly string[], readonly unknown[]]>([
    ['where the loader has it', ['_dl_new'], []],
    ['where it may be there', [], [BEYOND]],
  ])('a library with symbols beyond a limit: %s', async (_, offered, expected) => {
    const program = executable(dynamicElf({interp: GLIBC, needed: ['libc.so.6', 'libx.so']}))
    const files = {[GLIBC]: loader(offered), [LIBC]: libc(asked()), '/app': program}
    expect(await ask({...files, '/usr/lib/x86_64-linux-gnu/libx.so': lib({exports: MANY})})).toEqual(expected)
  })

  test('two releases whose symbols fit are mixed', async () => {
    const files = {[GLIBC]: loader([], '2.41'), [LIBC]: libc({}, '2.36'), '/app': app}
    expect(await ask(files)).toEqual(['mixed 2.41 2.36'])
  })

  test('nothing is said of a loader that does not say its release', async () => {
    const silent = executable(
      Buffer.concat([
        dynamicElf({needed: [], soname: 'ld-linux-x86-64.so.2', defines: ['GLIBC_2.2.5']}),
        Buffer.from('\0/lib/x86_64-linux-gnu/\0/usr/lib/\0'),
      ]),
    )
    expect(await ask({[GLIBC]: silent, [LIBC]: libc({needs: []}), '/app': app})).toEqual([])
  })

  test('a program that asks for a private symbol of another library', async () => {
    const needs = [{file: 'libc.so.6', versions: [{name: PRIVATE, weak: false}]}]
    const program = executable(dynamicElf({interp: GLIBC, needed: ['libc.so.6'], needs, ...asked()}))
    expect(await ask({[GLIBC]: loader([]), [LIBC]: libc({needs: []}), '/app': program})).toEqual([
      `/app: symbol lookup error: /app: undefined symbol: _dl_new, version ${PRIVATE}`,
    ])
  })
})

describe('what is told of missing symbols', () => {
  const whole = async (files: MemoryTree) => {
    const {steps} = await readStartup({
      config: imageConfig({entrypoint: ['/app']}),
      rootfs: memoryRootfs(files),
      platform: {os: 'linux', architecture: 'amd64', variant: ''},
    })
    return steps.flatMap(({obstacle}) => obstacle ?? [])
  }
  const musl = (names: readonly string[]) => {
    const imports = names.flatMap(name => [{name}, {name, call: true}])
    return whole({
      [MUSL]: lib({exports: [{name: 'puts'}]}),
      '/app': executable(dynamicElf({interp: MUSL, needed: [], imports})),
    })
  }
  const told = {kind: 'missing-symbols', neededBy: '/app', exitCode: 127}

  test.each<[names: readonly string[], more: object]>([
    [['f', 'g'], {}],
    [['f', '__printf_chk'], {cause: 'it was built for glibc, and musl lacks these'}],
    [['fopen64', 'g'], {cause: 'it was built for glibc, and musl lacks these'}],
    [['xfopen64'], {}],
    [['fopen640'], {}],
  ])('by musl: %j', async (names, more) => {
    const message = `Error relocating /app: ${names[0]}: symbol not found`
    expect(await musl(names)).toEqual([{...told, symbols: names, message, ...more}])
  })

  const glibc = (more: MemoryTree, name: string) => {
    const needs = [{file: 'libc.so.6', versions: [{name: PRIVATE, weak: false}]}]
    const private_ = {needed: [], defines: ['GLIBC_2.2.5', PRIVATE]}
    const imports = [{name, version: PRIVATE}, {name, version: PRIVATE}, {name: 'other'}]
    return whole({
      [GLIBC]: lib({...private_, soname: 'ld-linux-x86-64.so.2', exports: [{name: 'here', version: PRIVATE}]}),
      [LIBC]: lib({...private_, soname: 'libc.so.6'}),
      '/lib/libc.so.6': {link: LIBC},
      '/app': executable(dynamicElf({interp: GLIBC, needed: ['libc.so.6'], needs, imports})),
      ...more,
    })
  }

  test('by glibc: private ones alone, once each', async () => {
    expect(await glibc({}, 'here')).toEqual([])
    expect(await glibc({}, 'gone')).toEqual([
      {
        ...{...told, symbols: ['gone'], version: PRIVATE, provider: GLIBC},
        message: `/app: symbol lookup error: /app: undefined symbol: gone, version ${PRIVATE}`,
        cause: 'the loader and the C library are of two releases of glibc',
      },
    ])
  })

  test('by glibc: nothing where a file may bring more', async () => {
    expect(await glibc({'/etc/ld.so.preload': ''}, 'gone')).toEqual([])
  })
})
