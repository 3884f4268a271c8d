import {describe, expect, test} from '@jest/globals'
import {renderJson, renderMarkdown, renderText} from '../../src/report/index.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const ARM64 = executable(buildElf({machine: 183, align: 0x10000}))
const AMD64 = executable(buildElf({machine: 62}))
const AMD64_LIBRARY = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'libx.so'})
const config = {entrypoint: ['/app']}

async function scan(files: MemoryTree, more: {readonly ignore?: readonly string[]; readonly platform?: string} = {}) {
  const report = await checkWholeImage(
    [{platform: more.platform ?? 'linux/arm64', config, files: {'/app': ARM64, ...files}}],
    more.ignore,
  )
  return {report, told: report.findings.map(({rule, level, path, message}) => [level, rule, path, message])}
}

describe('a scan of the whole image', () => {
  test('says nothing of a right one', async () => {
    const {report, told} = await scan({'/usr/bin/tool': ARM64, '/etc/motd': 'hello', '/usr/bin/run': '#!/bin/sh\n'})
    expect(told).toEqual([])
    expect(report.verdict).toBe('pass')
  })

  test('finds a foreign tool in PATH under a right entrypoint', async () => {
    const {report, told} = await scan({'/usr/local/bin/kubectl': AMD64})
    expect(told).toEqual([
      [
        'error',
        'foreign-executable',
        '/usr/local/bin/kubectl',
        '/usr/local/bin/kubectl is x86-64, expected aarch64 (linux/arm64)',
      ],
    ])
    expect(report.verdict).toBe('fail')
  })

  test('and one that PATH has by a link alone', async () => {
    const {told} = await scan({'/opt/k-x64/k': AMD64, '/usr/bin/k': {link: '/opt/k-x64/k'}})
    expect(told.map(([level, , path]) => [level, path])).toEqual([['error', '/usr/bin/k']])
  })

  // No shell starts a library: what a linker made has its execute bits all the same.
  test.each<[path: string, files: MemoryTree, expected: readonly unknown[]]>([
    ['/app/libnative.so', {}, [['warning', '/app/libnative.so']]],
    ['/app/libnative.so.1.2', {}, [['warning', '/app/libnative.so.1.2']]],
    ['/app/runtimes/linux-x64/native/x.so', {}, []],
    ['/opt/x.so', {'/app/x': {link: '/opt/x.so'}}, [['error', '/app/x']]],
    ['/app/x.sock', {}, [['error', '/app/x.sock']]],
    ['/usr/lib/libnative.so', {}, [['error', '/usr/lib/libnative.so']]],
  ])('a library in PATH is not a program of it: %s', async (path, files, expected) => {
    const report = await checkWholeImage([
      {
        platform: 'linux/arm64',
        config: {entrypoint: ['/app/app'], env: ['PATH=/app:/usr/lib']},
        files: {'/app/app': ARM64, [path]: executable(AMD64_LIBRARY), ...files},
      },
    ])
    expect(report.findings.map(({level, path: at}) => [level, at])).toEqual(expected)
  })

  test('tells a whole foreign userland once', async () => {
    const names = Array.from({length: 40}, (_, index) => `/usr/bin/tool${index}`)
    const libraries = Array.from({length: 40}, (_, index) => `/usr/lib/x86_64-linux-gnu/lib${index}.so`)
    const {told} = await scan({
      ...Object.fromEntries(names.map(name => [name, AMD64])),
      ...Object.fromEntries(libraries.map(name => [name, AMD64_LIBRARY])),
      '/bin/sh': AMD64,
    })
    expect(told).toEqual([
      [
        'error',
        'foreign-executable',
        '/',
        'the whole userland is x86-64 (81 files), expected aarch64 (linux/arm64), among them /bin/sh (the shell)',
      ],
    ])
  })

  test('leaves aside what names its machine, and says so', async () => {
    const {report, told} = await scan({
      '/srv/node_modules/x/prebuilds/linux-x64/x.node': AMD64_LIBRARY,
      '/lib/firmware/a.elf': AMD64,
    })
    expect(told).toEqual([])
    expect(renderText(report)).toContain('scanned 3 files')
    expect(renderMarkdown(report)).toContain('canned 3 files')
    expect(JSON.parse(renderJson(report)).images[0].platforms[0].scan.suppressed).toEqual([
      {reason: 'firmware', count: 1, files: ['/lib/firmware/a.elf']},
      {reason: 'named-directory', count: 1, files: ['/srv/node_modules/x/prebuilds/linux-x64/x.node']},
    ])
  })

  test('leaves out what the user ignores, but nothing that starts', async () => {
    const files = {'/opt/sdk/bin/x': AMD64, '/usr/bin/y': AMD64}
    const {report, told} = await scan(files, {ignore: ['/opt/sdk # for builds', '/nowhere/**']})
    expect(told.map(([, , path]) => path)).toEqual(['/usr/bin/y'])
    expect(report.images[0]?.platforms[0]?.scan?.ignored).toEqual([
      {glob: '/opt/sdk', reason: 'for builds', count: 1, files: ['/opt/sdk/bin/x']},
      {glob: '/nowhere/**', count: 0, files: []},
    ])
    expect(report.unusedIgnores).toEqual(['/nowhere/**'])
    const chain = await scan({}, {ignore: ['/**'], platform: 'linux/amd64'})
    expect(chain.told.map(([, rule]) => rule)).toEqual(['wrong-machine'])
  })
})
