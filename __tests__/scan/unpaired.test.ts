import {describe, expect, test} from '@jest/globals'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const ARM64 = executable(buildElf({machine: 183, align: 0x10000}))
const AMD64 = executable(buildElf({machine: 62}))
const OBJECT = buildElf({machine: 62, type: 1})
const config = {entrypoint: ['/app']}

/** The warnings of foreign-executable for linux/arm64, by path. */
async function told(amd64: MemoryTree, arm64: MemoryTree, ignore: readonly string[] = []) {
  const {findings} = await checkWholeImage(
    [
      {platform: 'linux/amd64', config, files: {'/app': AMD64, ...amd64}},
      {platform: 'linux/arm64', config, files: {'/app': ARM64, ...arm64}},
    ],
    ignore,
  )
  return findings.flatMap(({rule, level, platform, path}) =>
    rule === 'foreign-executable' ? [`${level} ${platform} ${path}`] : [],
  )
}

const PLUGIN = '/plugins/null/3.2.1/linux_amd64/terraform-provider-null_v3.2.1'
const OWN_PLUGIN = '/plugins/null/3.2.1/linux_arm64/terraform-provider-null_v3.2.1'
const TOOL = '/usr/local/bin/probe-linux-amd64'

describe('a file that its name explains', () => {
  const rows: readonly (readonly [name: string, amd64: MemoryTree, arm64: MemoryTree, told: readonly string[]])[] = [
    ['alone in a directory', {[PLUGIN]: AMD64}, {[PLUGIN]: AMD64}, [`warning linux/arm64 ${PLUGIN}`]],
    ['beside the one for the platform', {[PLUGIN]: AMD64}, {[PLUGIN]: AMD64, [OWN_PLUGIN]: ARM64}, []],
    ['not on the other platform', {}, {[PLUGIN]: AMD64}, []],
    ['in PATH', {[TOOL]: AMD64}, {[TOOL]: AMD64}, [`warning linux/arm64 ${TOOL}`]],
    ['in PATH, beside its own', {[TOOL]: AMD64}, {[TOOL]: AMD64, '/usr/local/bin/probe-linux-arm64': ARM64}, []],
    ['in PATH, beside the plain name', {[TOOL]: AMD64}, {[TOOL]: AMD64, '/usr/local/bin/probe': ARM64}, []],
    [
      'beside a plain name that is foreign too',
      {[TOOL]: AMD64},
      {[TOOL]: AMD64, '/usr/local/bin/probe': AMD64},
      ['error linux/arm64 /usr/local/bin/probe', `warning linux/arm64 ${TOOL}`],
    ],
    [
      'beside one with a further word',
      {'/p/linux-x64/a.so': AMD64},
      {'/p/linux-x64/a.so': AMD64, '/p/linux-arm64/a.armv8.so': ARM64},
      [],
    ],
    ['in a package of npm', {'/n/node_modules/a/x64/a.node': AMD64}, {'/n/node_modules/a/x64/a.node': AMD64}, []],
    [
      'a virtual machine of Java',
      {'/usr/lib/jvm/java-17-openjdk-amd64/bin/java': AMD64},
      {'/usr/lib/jvm/java-17-openjdk-amd64/bin/java': AMD64},
      ['warning linux/arm64 /usr/lib/jvm/java-17-openjdk-amd64/bin/java'],
    ],
    ['an object file', {'/o/amd64/x.o': OBJECT}, {'/o/amd64/x.o': OBJECT}, []],
    ['test data', {'/src/testdata/amd64/x': AMD64}, {'/src/testdata/amd64/x': AMD64}, []],
    ['test data with a name', {'/src/testdata/gcc-amd64-exec': AMD64}, {'/src/testdata/gcc-amd64-exec': AMD64}, []],
    [
      'a library in the directory of its machine',
      {'/usr/lib/x86_64-linux-gnu/libx.so': AMD64},
      {'/usr/lib/x86_64-linux-gnu/libx.so': AMD64, '/lib/ld-linux-aarch64.so.1': ARM64},
      [],
    ],
  ]
  test.each(rows)('%s', async (_, amd64, arm64, expected) => {
    expect(await told(amd64, arm64)).toEqual(expected)
  })

  test('foreign at its path on both platforms', async () => {
    const both = '/data/riscv64/x'
    const riscv = executable(buildElf({machine: 243}))
    expect(await told({[both]: riscv}, {[both]: riscv})).toEqual([])
  })

  test('many are one finding', async () => {
    const tree = Object.fromEntries(['a', 'b', 'c', 'd'].map(name => [`/p/linux_amd64/${name}`, AMD64]))
    expect(await told(tree, tree)).toEqual(['warning linux/arm64 /p/linux_amd64'])
  })

  test('can be ignored', async () => {
    expect(await told({[PLUGIN]: AMD64}, {[PLUGIN]: AMD64}, ['/plugins/**'])).toEqual([])
  })
})
