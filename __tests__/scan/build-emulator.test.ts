import {describe, expect, test} from '@jest/globals'
import {foreignExecutable} from '../../src/rules/foreign-executable.ts'
import {identicalPlatforms} from '../../src/rules/identical-platforms.ts'
import {runRules} from '../../src/rules/run.ts'
import {scanImage} from '../../src/scan/index.ts'
import {buildElf} from '../support/elf-builder.ts'
import {testFacts} from '../support/facts.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {testPlatform} from '../support/memory-source.ts'
import {foreignFile, scannedPlatform} from '../support/scan-facts.ts'

const X86_64 = executable(buildElf({machine: 62}))

async function foreignIn(files: MemoryTree, platform: string) {
  const input = {config: imageConfig({env: ['PATH=/usr/bin']}), rootfs: memoryRootfs(files), ignore: []}
  const {foreign} = await scanImage({...input, platform: testPlatform(platform)})
  return foreign.map(({path, isEmulator}) => [path, isEmulator ?? false])
}

describe('the emulator of the build machine', () => {
  test.each([
    ['linux/arm/v7', '/usr/bin/qemu-arm-static', true],
    ['linux/arm/v7', '/usr/bin/qemu-arm', true],
    ['linux/arm/v7', '/usr/bin/qemu-arm-binfmt-P', true],
    ['linux/arm/v7', '/usr/bin/arm-binfmt-P', true],
    ['linux/arm/v7', '/usr/bin/buildkit-qemu-arm', true],
    ['linux/arm/v7', '/usr/bin/resin-xbuild', true],
    ['linux/arm64', '/usr/bin/qemu-aarch64-static', true],
    ['linux/s390x', '/usr/bin/qemu-s390x-static', true],
    ['linux/riscv64', '/usr/bin/qemu-riscv64-static', true],
    ['linux/ppc64le', '/usr/bin/qemu-ppc64le-static', true],
    // What the image is for: emulators of other machines, other programs of QEMU, and anything else.
    ['linux/arm64', '/usr/bin/qemu-arm-static', false],
    ['linux/arm/v7', '/usr/bin/qemu-aarch64-static', false],
    ['linux/arm64', '/usr/bin/qemu-system-aarch64', false],
    ['linux/arm64', '/usr/bin/qemu-img', false],
    ['linux/arm64', '/usr/bin/kubectl', false],
    ['linux/arm64', '/usr/bin/my-qemu-aarch64-static', false],
  ])('on %s, %s: %s', async (platform, path, expected) => {
    expect(await foreignIn({[path]: X86_64}, platform)).toEqual([[path, expected]])
  })

  test('under the name of a link that is no emulator, it is a program', async () => {
    const files = {'/opt/qemu-arm-static': X86_64, '/usr/bin/kubectl': {link: '/opt/qemu-arm-static'}}
    expect(await foreignIn(files, 'linux/arm/v7')).toEqual([['/opt/qemu-arm-static', false]])
  })

  test('is a note, and no sign of a copied platform', () => {
    const emulator = foreignFile('/usr/bin/qemu-aarch64-static', {place: 'path', isEmulator: true})
    const scan = {foreign: [emulator], content: {count: 1, digest: 'x'}}
    const arm64 = scannedPlatform(scan)
    expect(runRules([foreignExecutable], testFacts([arm64]), new Map())).toMatchObject([
      {level: 'note', message: expect.stringContaining('the emulator of the build machine')},
    ])
    expect(runRules([identicalPlatforms], testFacts([arm64, scannedPlatform(scan, 'linux/amd64')]), new Map())).toEqual(
      [],
    )
  })
})
