import {describe, expect, test} from '@jest/globals'
import {namesMachine, namesSystem, parallelName, plainName} from '../../src/scan/spellings.ts'

describe('names of machines', () => {
  test.each([
    [
      'x86-64',
      ['x86_64', 'x86-64', 'amd64', 'linux-x64', 'linuxx64', 'lib_x86_64.so', 'win-x64', 'amd64v3', 'Linux64'],
    ],
    ['aarch64', ['aarch64', 'arm64', 'linux_arm64', 'arm64-v8a', 'armv8', 'aarch_64', 'Darwin-arm64']],
    ['arm', ['arm', 'armv7l', 'armhf', 'arm-linux-gnueabihf', 'armeabi-v7a', 'arm32v7', 'ARMv6', 'armel']],
    ['i386', ['i386', 'i686-linux', 'x86', 'linux-ia32', '386', 'x86_32']],
    ['ppc64le', ['ppc64le', 'ppc64el', 'powerpc64le', 'ppcle_64']],
    ['riscv64', ['riscv64', 'riscv64gc-unknown', 'rv64gc']],
    ['s390x', ['s390x', 's390_64']],
    ['loongarch64', ['loong64', 'loongarch64']],
    ['mips64el', ['mips64el', 'mips64le']],
    ['aarch64 (ILP32)', ['aarch64']],
    ['mips N32', ['mips']],
    ['microblaze', ['microblaze']],
  ])('%s', (machine, texts) => {
    expect(texts.filter(text => !namesMachine(`/opt/${text}/x`, machine))).toEqual([])
  })

  test.each([
    ['x86-64', ['x86', 'boxx64', 'x640', 'amd640', 'xamd64', 'arm64', '64', 'x']],
    ['aarch64', ['arm', 'armor', 'charm64', 'arm640', 'aarch64_be', 'x64', 'armv7']],
    ['arm', ['arm64', 'armor', 'alarm', 'farm', 'charm', 'aarch64', 'armenia']],
    ['i386', ['x86_64', 'x86-64', '3860', 'i38', 'linux']],
    ['ppc64', ['ppc64le', 'powerpc64le']],
    ['ppc64le', ['ppc64']],
    ['sh', ['sh', 'bash']],
    ['machine 0x1234', ['machine', '0x1234']],
    ['AMD GPU', ['amd', 'gpu', 'amd64']],
    ['mips', ['mipsel', 'mips64']],
  ])('%s is not named by', (machine, texts) => {
    expect(texts.filter(text => namesMachine(`/opt/${text}/x`, machine))).toEqual([])
  })

  test('names of systems', () => {
    expect(['win32-x64', 'Windows', 'mingw64', 'msvc'].filter(text => !namesSystem(text, 'pe'))).toEqual([])
    expect(['darwin-arm64', 'macos', 'osx', 'Darwin'].filter(text => !namesSystem(text, 'mach-o'))).toEqual([])
    expect(
      ['window', 'twin', 'machine', 'macro'].filter(text => namesSystem(text, 'pe') || namesSystem(text, 'mach-o')),
    ).toEqual([])
  })
})

describe('parallel names', () => {
  test.each([
    ['/a/prebuilds/linux-x64/b.node', '/a/prebuilds/darwin-arm64/b.node'],
    [
      '/n/@img/sharp-linux-x64/lib/sharp-linux-x64.node',
      '/n/@img/sharp-linuxmusl-arm64/lib/sharp-linuxmusl-arm64.node',
    ],
    ['/j/Linux-x86_64/libz.so', '/j/Mac-aarch64/libz.dylib'],
    ['/p/a.cpython-313-x86_64-linux-gnu.so', '/p/a.cpython-313-aarch64-linux-gnu.so'],
    ['/t/tool.amd64', '/t/tool.arm64'],
  ])('%s and %s', (one, other) => {
    expect(parallelName(one)).toBe(parallelName(other))
  })

  test.each([['/app/v1/x.so'], ['/usr/bin/tool'], ['/opt/charm64/x']])('%s has none', path => {
    expect(parallelName(path)).toBeUndefined()
  })
})

describe('the name without its machine', () => {
  test.each([
    ['/bin/tool-linux-amd64', '/bin/tool'],
    ['/bin/tool_Linux_x86_64', '/bin/tool'],
    ['/opt/amd64/tool.arm64', '/opt/amd64/tool'],
    ['/opt/linux-amd64-tool', '/opt/tool'],
    ['/opt/lib-amd64/tool', undefined],
    ['/opt/amd64', undefined],
    ['/opt/armada', undefined],
  ])('%s', (path, plain) => {
    expect(plainName(path)).toBe(plain)
  })
})
