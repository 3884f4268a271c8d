import {describe, expect, test} from '@jest/globals'
import type {PlatformFacts} from '../../src/facts/facts.ts'
import {foreignExecutable} from '../../src/rules/foreign-executable.ts'
import {identicalPlatforms} from '../../src/rules/identical-platforms.ts'
import {libcTooOld} from '../../src/rules/libc-too-old.ts'
import {missingInterpreter} from '../../src/rules/missing-interpreter.ts'
import {missingLibrary} from '../../src/rules/missing-library.ts'
import {notAProgram} from '../../src/rules/not-a-program.ts'
import {programParity} from '../../src/rules/program-parity.ts'
import type {Rule} from '../../src/rules/rule.ts'
import {undetermined} from '../../src/rules/undetermined.ts'
import type {LibraryProblem, NotProgram, ScanFacts} from '../../src/scan/index.ts'
import {findingsOf, testFacts} from '../support/facts.ts'
import {testEntry} from '../support/memory-source.ts'
import {foreignFile, scannedPlatform} from '../support/scan-facts.ts'

const violations = (rule: Rule, ...platforms: readonly PlatformFacts[]) => findingsOf(rule, testFacts(platforms))
const told = (rule: Rule, scan: Partial<ScanFacts>, platform?: string) =>
  violations(rule, scannedPlatform(scan, platform)).map(({level, path, message}) => [level, path, message])

const many = (count: number, place: 'path' | 'loader' | 'elsewhere' = 'path', directory = '/usr/bin') =>
  Array.from({length: count}, (_, index) => foreignFile(`${directory}/x${index}`, {place}))

describe('foreign-executable', () => {
  test('says nothing of a scan without foreign files', () => {
    expect(told(foreignExecutable, {suppressed: [{reason: 'firmware', count: 3, files: []}]})).toEqual([])
  })

  test.each([
    [foreignFile('/usr/bin/k', {place: 'path'}), 'error', '/usr/bin/k is x86-64, expected aarch64 (linux/arm64)'],
    [
      foreignFile('/opt/k', {place: 'path', link: '/usr/bin/k'}),
      'error',
      '/usr/bin/k -> /opt/k is x86-64, expected aarch64 (linux/arm64)',
    ],
    [foreignFile('/lib/libx.so', {place: 'loader'}), 'error', '/lib/libx.so is x86-64, expected aarch64 (linux/arm64)'],
    [foreignFile('/app/x.node'), 'warning', '/app/x.node is x86-64, expected aarch64 (linux/arm64)'],
    [
      foreignFile('/app/x.node', {machine: 'Mach-O', what: 'Mach-O bundle for arm64'}),
      'warning',
      '/app/x.node is a Mach-O bundle for arm64, expected aarch64 (linux/arm64)',
    ],
    [
      foreignFile('/usr/bin/k', {place: 'path', machine: 'arm', fit: 'compat', reason: 'needs AArch32'}),
      'warning',
      '/usr/bin/k is arm, expected aarch64 (linux/arm64): it needs AArch32',
    ],
    [
      foreignFile('/app/k', {machine: 'arm', fit: 'compat', reason: 'needs AArch32'}),
      'note',
      '/app/k is arm, expected aarch64 (linux/arm64): it needs AArch32',
    ],
  ])('%#', (file, level, message) => {
    expect(told(foreignExecutable, {foreign: [file]})).toEqual([[level, file.link ?? file.path, message]])
  })

  test('three are told one by one, four as one', () => {
    expect(told(foreignExecutable, {foreign: many(3)})).toHaveLength(3)
    expect(told(foreignExecutable, {foreign: many(4)})).toEqual([
      [
        'error',
        '/usr/bin',
        '4 files (in /usr/bin) are x86-64, expected aarch64 (linux/arm64), from layer 1, COPY layer1 /',
      ],
    ])
  })

  test('a whole userland is called one', () => {
    const foreign = [...many(400), ...many(12, 'loader', '/usr/lib')]
    expect(told(foreignExecutable, {foreign, pathPrograms: {native: 1, all: 401}})).toEqual([
      [
        'error',
        '/usr',
        'the whole userland is x86-64 (412 files), expected aarch64 (linux/arm64), from layer 1, COPY layer1 /',
      ],
    ])
  })

  test('with a wrong userland, all that came with it is told at once', () => {
    const foreign = [...many(40), ...many(9, 'elsewhere', '/usr/lib/apt/methods'), foreignFile('/app/x', {layer: 2})]
    const got = told(foreignExecutable, {foreign, pathPrograms: {native: 0, all: 40}})
    expect(got.map(([level, path, message]) => [level, path, String(message).slice(0, 41)])).toEqual([
      ['error', '/usr', 'the whole userland is x86-64 (49 files), '],
      ['warning', '/app/x', '/app/x is x86-64, expected aarch64 (linux'],
    ])
  })

  test('machines, levels and layers are told apart', () => {
    const foreign = [
      ...many(4),
      ...many(4, 'elsewhere', '/app/node_modules/a/build'),
      ...many(4, 'path', '/usr/local/bin').map(file => ({...file, layer: 2})),
      ...many(4, 'path', '/sbin').map(file => ({...file, machine: 'i386'})),
    ]
    const got = told(foreignExecutable, {foreign})
    expect(got.map(([level, path]) => [level, path])).toEqual([
      ['error', '/usr/bin'],
      ['warning', '/app/node_modules/a/build'],
      ['error', '/usr/local/bin'],
      ['error', '/sbin'],
    ])
    expect(got[1]?.[2]).toContain('(in /app/node_modules/a)')
  })

  test('lists a thousand paths of a group, and says how many more there are', () => {
    const [violation] = violations(foreignExecutable, scannedPlatform({foreign: many(1500)}))
    expect(violation?.evidence).toMatchObject({count: 1500, filesLeftOut: 500, actual: 'x86-64', layer: 1})
    expect(violation?.evidence.files).toHaveLength(1000)
    expect(violation?.layer).toBe(1)
  })

  test('what stands in the chain is told there', () => {
    expect(told(foreignExecutable, {foreign: [foreignFile('/app', {place: 'path'})]})).toEqual([])
  })

  test('files beyond what can be remembered are no silence', () => {
    expect(told(foreignExecutable, {beyond: 7}).map(([level]) => level)).toEqual(['warning'])
  })
})

describe('not-a-program in PATH', () => {
  const other = (path: string, identity: Extract<NotProgram['seen'], {kind: 'other'}>['identity']): NotProgram => ({
    path,
    seen: {kind: 'other', identity},
  })
  test.each<[string, NotProgram, string]>([
    [
      'error',
      other('/usr/bin/k', {kind: 'mach-o', cpus: ['arm64'], fat: false, fileType: 'program'}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: Mach-O program for arm64 (it was built on a Mac for that Mac)',
    ],
    [
      'error',
      other('/usr/bin/k', {kind: 'pe', machine: 0x8664, architecture: 'amd64', dll: false}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: Windows program for amd64 (it was built for Windows)',
    ],
    [
      'warning',
      other('/usr/bin/k', {kind: 'empty'}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: empty file (a build or download that failed left an empty file)',
    ],
    [
      'warning',
      {
        path: '/usr/bin/k',
        link: '/bin/k',
        seen: {
          kind: 'elf',
          what: 'aarch64 ELF shared library',
          refusal: {reason: 'it is a shared library', signal: 'SIGSEGV'},
        },
      },
      '/bin/k -> /usr/bin/k is in PATH and is not a program for linux/arm64: aarch64 ELF shared library that dies with SIGSEGV: it is a shared library',
    ],
    [
      'note',
      other('/usr/bin/k', {kind: 'text', encoding: 'ascii', bom: false, hiddenShebang: false, firstLine: 'echo'}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: text without #! (a script without a first line)',
    ],
    [
      'error',
      other('/usr/bin/k', {
        ...{kind: 'text', encoding: 'ascii', bom: false, hiddenShebang: false, firstLine: '404: Not Found'},
        isError: true,
      }),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: saved answer of a server ("404: Not Found") (the download URL answered 404: Not Found)',
    ],
    [
      'error',
      other('/usr/bin/k', {kind: 'markup', language: 'xml', code: 'NoSuchKey'}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: XML error page (NoSuchKey) (the download URL answered NoSuchKey)',
    ],
    [
      'error',
      other('/usr/bin/k', {kind: 'markup', language: 'html', title: 'Sign in'}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: HTML page ("Sign in") (the download URL answered Sign in)',
    ],
    [
      'error',
      other('/usr/bin/k', {kind: 'json', message: 'Not Found', isError: true}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: JSON document ("Not Found") (the download URL answered Not Found)',
    ],
    [
      'error',
      other('/usr/bin/k', {kind: 'git-lfs-pointer', oid: undefined, size: 1}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: Git LFS pointer (git lfs pull was not run) (the checkout has Git LFS pointers only)',
    ],
    [
      'warning',
      other('/usr/bin/k', {kind: 'markup', language: 'xml', title: 'chart'}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: XML document ("chart") (the download URL answered with a document)',
    ],
    [
      'note',
      other('/usr/bin/k', {kind: 'json', message: 'Not Found'}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: JSON document ("Not Found") (the download URL answered with a document)',
    ],
    [
      'note',
      other('/usr/bin/k', {kind: 'ape'}),
      '/usr/bin/k is in PATH and is not a program for linux/arm64: Actually Portable Executable (the kernel refuses it, only a shell starts it)',
    ],
  ])('%s: %j', (level, file, message) => {
    expect(told(notAProgram, {notPrograms: [file]})).toEqual([[level, file.link ?? file.path, message]])
  })

  test.each([
    ['NoSuchKey', 'The file is a saved 404 page: check the URL for this platform, and download with curl --fail.'],
    ['Teapot', 'The file is a saved error page: check the URL for this platform, and download with curl --fail.'],
  ])('the fix says what a page is: %s', (code, fix) => {
    const page = other('/usr/bin/k', {kind: 'markup', language: 'xml', code})
    expect(violations(notAProgram, scannedPlatform({notPrograms: [page]}))[0]?.fix).toBe(fix)
  })

  test('many of a kind are one finding', () => {
    const notPrograms = Array.from({length: 5}, (_, index) => other(`/usr/bin/x${index}`, {kind: 'empty'}))
    expect(told(notAProgram, {notPrograms}).map(([level, path]) => [level, path])).toEqual([['warning', '/usr/bin']])
  })
})

describe('programs in PATH that would not be linked', () => {
  const lacks = (path: string, library: string, place: LibraryProblem['place'] = 'path'): LibraryProblem => ({
    path,
    place,
    obstacle: {
      kind: 'missing-library',
      library,
      neededBy: path,
      searched: ['/lib'],
      rejected: [],
      exitCode: 127,
      message: '',
    },
    more: 0,
  })
  const problems = (...list: readonly LibraryProblem[]): Partial<ScanFacts> => ({
    libraries: {programs: 10, problems: list},
  })

  test('libraries that could not all be followed, by their reason', () => {
    const of = (path: string, reason: string): LibraryProblem => ({
      ...{path, place: 'path', more: 0},
      obstacle: {kind: 'undetermined', reason},
    })
    const list = [...Array.from({length: 12}, (_, at) => of(`/usr/bin/x${at}`, 'why')), of('/usr/bin/y', 'other')]
    expect(told(undetermined, problems(...list)).map(([level, , message]) => [level, message])).toEqual([
      [
        'warning',
        expect.stringMatching(/^12 programs in PATH \(.*\) need libraries that could not all be followed: why$/),
      ],
      ['warning', '/usr/bin/y needs libraries that could not all be followed: other'],
    ])
    expect(told(missingLibrary, problems(...list))).toEqual([])
  })

  test('one library', () => {
    expect(told(missingLibrary, problems(lacks('/usr/bin/a', 'libx.so')))).toEqual([
      ['warning', '/usr/bin/a', '/usr/bin/a needs libx.so, which is not found where the loader looks'],
    ])
  })

  test('one library that many lack is one finding', () => {
    const list = Array.from({length: 12}, (_, index) => lacks(`/usr/bin/x${index}`, 'libx.so'))
    expect(told(missingLibrary, problems(...list, lacks('/usr/bin/y', 'liby.so')))).toEqual([
      [
        'warning',
        '/usr/bin',
        '12 programs in PATH (/usr/bin/x0, /usr/bin/x1, /usr/bin/x2, …) need libx.so, which is not found where the loader looks',
      ],
      ['warning', '/usr/bin/y', '/usr/bin/y needs liby.so, which is not found where the loader looks'],
    ])
  })

  test('files outside PATH are told apart', () => {
    const list = Array.from({length: 4}, (_, index) => lacks(`/app/x${index}`, 'libx.so', 'elsewhere'))
    expect(told(missingLibrary, problems(...list, lacks('/usr/bin/y', 'libx.so')))).toEqual([
      [
        'warning',
        '/app',
        '4 files outside PATH (/app/x0, /app/x1, /app/x2, …) need libx.so, which is not found where the loader looks',
      ],
      ['warning', '/usr/bin/y', '/usr/bin/y needs libx.so, which is not found where the loader looks'],
    ])
  })

  test('a loader', () => {
    const obstacle = {kind: 'missing-loader', loader: '/lib64/ld.so', cause: 'a glibc program in a musl image'} as const
    expect(told(missingInterpreter, problems({path: '/usr/bin/a', place: 'path', obstacle, more: 0}))).toEqual([
      [
        'warning',
        '/usr/bin/a',
        '/usr/bin/a needs /lib64/ld.so to start, which is not in the image: a glibc program in a musl image',
      ],
    ])
  })

  test('a version', () => {
    const obstacle = {
      kind: 'missing-version',
      library: 'libc.so.6',
      neededBy: '/usr/bin/a',
      versions: ['GLIBC_2.38'],
      provider: '/lib/libc.so.6',
      exitCode: 1,
      message: '',
    } as const
    expect(told(libcTooOld, problems({path: '/usr/bin/a', place: 'path', obstacle, more: 0}))).toEqual([
      ['warning', '/usr/bin/a', '/usr/bin/a needs GLIBC_2.38 of libc.so.6, which /lib/libc.so.6 does not define'],
    ])
  })

  test('what stands in the chain is told there', () => {
    expect(told(missingLibrary, problems(lacks('/app', 'libx.so')))).toEqual([])
  })
})

describe('identical-platforms, by what the files are', () => {
  const pair = (scan: Partial<ScanFacts>, other: Partial<ScanFacts> = scan) => [
    {...scannedPlatform({...other, foreign: []}, 'linux/amd64'), entry: testEntry('linux/amd64', 1)},
    {...scannedPlatform(scan, 'linux/arm64'), entry: testEntry('linux/arm64', 2)},
  ]
  const content = {count: 42, digest: 'abc'}

  test.each([
    ['different content', pair({content, foreign: many(1)}, {content: {count: 42, digest: 'def'}})],
    ['nothing foreign', pair({content})],
    ['no program at all', pair({foreign: many(1)})],
    ['only what both run', pair({content, foreign: [foreignFile('/x', {fit: 'compat'})]})],
  ])('clean: %s', (_, platforms) => {
    expect(violations(identicalPlatforms, ...platforms)).toEqual([])
  })

  test.each([
    ['error', many(1)],
    ['warning', many(1, 'elsewhere')],
  ] as const)('finds: %s', (level, foreign) => {
    const found = violations(identicalPlatforms, ...pair({content, foreign}))
    expect(found.map(one => [one.level, one.platform, one.message])).toEqual([
      [
        level,
        'linux/arm64',
        'linux/arm64 holds the same programs and libraries as linux/amd64, 42 in all, though the layers differ',
      ],
    ])
  })
})

describe('program-parity', () => {
  const platforms = (...commands: readonly (readonly string[])[]) =>
    commands.map((names, index) =>
      scannedPlatform({commands: names}, ['linux/amd64', 'linux/arm64', 'linux/s390x'][index]),
    )

  test('clean', () => {
    expect(violations(programParity, ...platforms(['/bin/a'], ['/bin/a'], ['/bin/a']))).toEqual([])
    expect(violations(programParity, ...platforms(['/bin/a']))).toEqual([])
  })

  test('finds', () => {
    const lots = Array.from({length: 7}, (_, index) => `/bin/x${index}`)
    const found = violations(
      programParity,
      ...platforms(['/bin/a', '/bin/b'], ['/bin/a', '/bin/c'], ['/bin/a', '/bin/b', ...lots]),
    )
    expect(found.map(({level, platform, message}) => [level, platform, message])).toEqual([
      [
        'note',
        'linux/arm64',
        'in PATH, linux/arm64 lacks /bin/b that linux/amd64 has, and has /bin/c that linux/amd64 lacks',
      ],
      [
        'note',
        'linux/s390x',
        'in PATH, linux/s390x has /bin/x0, /bin/x1, /bin/x2, /bin/x3, /bin/x4, … (7 in all) that linux/amd64 lacks',
      ],
    ])
  })
})
