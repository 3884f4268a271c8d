import {expect, describe as group, test} from '@jest/globals'
import {describeProgram, type GoBuildInfo, identify, readGoBuildInfo} from '../../src/binary/index.ts'
import {hex, patch, strictAccess} from '../support/bytes.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {inlineBuildInfo, moduleInfo, pointedBuildInfo} from '../support/go-build-info.ts'

async function read(content: Uint8Array): Promise<GoBuildInfo | undefined> {
  const file = strictAccess(content, 1024 * 1024)
  const identity = await identify(file)
  if (identity.kind !== 'elf') throw new Error(identity.kind)
  return readGoBuildInfo(identity, file)
}

const SETTINGS = {GOOS: 'linux', GOARCH: 'arm', GOARM: '7', CGO_ENABLED: '0'}
const INFO = inlineBuildInfo('go1.26.1', moduleInfo(SETTINGS))
const EXPECTED = {
  version: 'go1.26.1',
  path: 'example.com/app',
  module: {path: 'example.com/app', version: 'v1.2.3'},
  settings: new Map(Object.entries(SETTINGS)),
}

group('since Go 1.18, inline', () => {
  test('without section headers: in the first segment that is writable and not executable', async () => {
    expect(await read(buildElf({rwData: INFO}))).toEqual(EXPECTED)
  })

  test('by its section', async () => {
    const sections = [{name: '.go.buildinfo', type: 1, content: INFO}]
    // Sections are aligned to 8 here, and the magic is searched at multiples of 16: one of two places fits.
    const found = await Promise.all([0, 8].map(pad => read(buildElf({sections, rwData: new Uint8Array(pad + 1)}))))
    const shifted = buildElf({sections: [{name: '.pad', type: 1, content: new Uint8Array(8)}, ...sections]})
    expect([...found, await read(shifted)]).toContainEqual(EXPECTED)
  })

  test('a section that lies: the segment is searched', async () => {
    const sections = [{name: '.go.buildinfo', type: 1, content: new Uint8Array(64)}]
    expect(await read(buildElf({sections, rwData: INFO}))).toEqual(EXPECTED)
  })

  test('section headers without the section: no Go program', async () => {
    const sections = [{name: '.text', type: 1, content: new Uint8Array(64)}]
    expect(await read(buildElf({sections, rwData: INFO}))).toBeUndefined()
  })

  test('behind data, across the reader’s chunks of 256 KiB', async () => {
    for (const before of [262144 - 512, 262144 - 16, 262144, 600_000]) {
      const rwData = Buffer.concat([new Uint8Array(before), INFO])
      expect(await read(buildElf({rwData}))).toEqual(EXPECTED)
    }
  })

  test('only at a multiple of 16', async () => {
    expect(await read(buildElf({rwData: Buffer.concat([new Uint8Array(8), INFO])}))).toBeUndefined()
    const decoy = Buffer.concat([new Uint8Array(8), INFO.subarray(0, 14), new Uint8Array(10), INFO])
    expect(await read(buildElf({rwData: decoy}))).toEqual(EXPECTED)
  })

  // facts/executables.md §3.2, linux/arm GOARM=5: header, version, then the length of the modules.
  test('the version of a real program, its modules cut off', async () => {
    const rwData = hex(`ff20476f206275696c64696e663a0402 ${'00'.repeat(16)} 09 676f312e32362e3130 ba01 3077af0c`)
    expect(await read(buildElf({class: 32, machine: 40, rwData}))).toEqual({version: 'go1.26.10', settings: new Map()})
  })
})

group('Go 1.13 to 1.17, pointers', () => {
  test.each([
    {size: 8, order: 'little', elf: {machine: 62}},
    {size: 8, order: 'big', elf: {machine: 22, data: 'big'}},
    {size: 4, order: 'little', elf: {machine: 40, class: 32}},
    {size: 4, order: 'big', elf: {machine: 8, class: 32, data: 'big'}},
  ] as const)('%j', async ({size, order, elf}) => {
    const build = (address: number) => {
      const options: ElfOptions = {...elf, rwData: pointedBuildInfo('go1.16.2', moduleInfo({}), {address, size, order})}
      return buildElf(options)
    }
    const identity = await identify(strictAccess(build(0), 4096))
    const address = identity.kind === 'elf' ? identity.segments.filter(({type}) => type === 1)[1]?.vaddr : undefined
    expect(await read(build(Number(address)))).toEqual({
      version: 'go1.16.2',
      path: 'example.com/app',
      module: {path: 'example.com/app', version: 'v1.2.3'},
      settings: new Map(),
    })
    expect(await read(build(0x10))).toBeUndefined()
  })
})

group('what is broken gives nothing, or less', () => {
  const program = buildElf({rwData: INFO})
  const at = Buffer.from(program).indexOf(INFO.subarray(0, 14))

  test.each([
    ['pointer size', patch(program, at + 14, 7, 0)],
    ['version longer than the file', patch(program, at + 32, 0xff, 0x7f)],
    ['length without end', patch(program, at + 32, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)],
    ['no version', patch(program, at + 32, 0)],
    ['cut behind the header', program.subarray(0, at + 30)],
  ])('%s', async (_, broken) => {
    expect(await read(broken)).toBeUndefined()
  })

  test('modules without their marks: the version is still known', async () => {
    const rwData = inlineBuildInfo('go1.26.1', Buffer.alloc(100, 0x20))
    expect(await read(buildElf({rwData}))).toEqual({version: 'go1.26.1', settings: new Map()})
  })

  test('cut at every length, nothing throws', async () => {
    for (let length = at; length < program.length; length++) {
      const info = await read(program.subarray(0, length))
      expect(info === undefined || info.version === 'go1.26.1').toBe(true)
    }
  })
})

test('quoted keys and values', async () => {
  const settings = {'-ldflags': '"-X \'a b\' -s\\t"', '"a=b"': 'c', '`x y`': '`q`', '-tags': 'a,b', broken: '"\\q"'}
  const info = await read(buildElf({rwData: inlineBuildInfo('go1.26.1', moduleInfo(settings))}))
  expect(Object.fromEntries(info?.settings ?? [])).toEqual({
    '-ldflags': "-X 'a b' -s\t",
    'a=b': 'c',
    'x y': 'q',
    '-tags': 'a,b',
    broken: '"\\q"',
  })
})

test.each<[settings: Readonly<Record<string, string>>, version: string, expected: string]>([
  [{GOOS: 'linux', GOARCH: 'amd64'}, 'go1.26.1', 'x86-64 (Go 1.26.1, GOARCH=amd64)'],
  [{GOOS: 'freebsd', GOARCH: 'amd64'}, 'go1.22', 'x86-64 (Go 1.22, GOOS=freebsd, GOARCH=amd64)'],
  [{}, 'go1.16.2', 'x86-64 (Go 1.16.2)'],
  [{}, 'devel go1.27-abc Mon', 'x86-64 (Go devel)'],
])('describeProgram: %j of %s', async (settings, version, expected) => {
  const identity = await identify(strictAccess(buildElf(), 4096))
  if (identity.kind !== 'elf') throw new Error(identity.kind)
  expect(describeProgram(identity, undefined)).toBe('x86-64')
  expect(describeProgram(identity, {version, settings: new Map(Object.entries(settings))})).toBe(expected)
})
